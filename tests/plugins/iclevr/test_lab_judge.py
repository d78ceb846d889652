"""The lab's own judge, from files of its form that these tests make; none of them is the real one.

Shapes: images [B, 3, 64, 64].
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models import resnet18

from ganx.contracts.judge import Judge, resized
from ganx.contracts.specs import DatasetSpec
from ganx.errors import RunError
from ganx.judging.saved import read_judge
from ganx_iclevr.lab_judge import load_lab_judge
from ganx_iclevr.plugin import ganx_datasets
from ganx_iclevr.vocabulary import OBJECTS


def lab_network(outputs: int = 24) -> nn.Module:
    """The network as the lab builds it, with weights and statistics of chance."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = resnet18(weights=None)
        network.fc = nn.Sequential(nn.Linear(512, outputs), nn.Sigmoid())
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 2)
    return network.eval()


NETWORK = lab_network()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lab") / "checkpoint.pth"
    torch.save({"model": NETWORK.state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def judge(file: Path) -> Judge:
    return load_lab_judge(file)


def spec() -> DatasetSpec:
    (found,) = ganx_datasets()
    return found


def images(side: int = 64) -> torch.Tensor:
    return torch.rand(4, 3, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1


@torch.inference_mode()
def test_it_answers_as_the_network_does(judge: Judge) -> None:
    expected = NETWORK(images()).numpy()
    np.testing.assert_allclose(judge.probabilities(images()), expected, atol=1e-6)
    assert expected.std() > 0.01  # so that the order of the outputs matters


@torch.inference_mode()
def test_its_features_are_the_512_averages(judge: Judge) -> None:
    features = torch.from_numpy(judge.features(images()))
    assert features.shape == (4, 512)
    torch.testing.assert_close(NETWORK.get_submodule("fc")(features), NETWORK(images()))


def test_other_resolutions_are_brought_to_64_pixels(judge: Judge) -> None:
    np.testing.assert_array_equal(
        judge.probabilities(images(32)), judge.probabilities(resized(images(32), 64))
    )


def test_it_knows_the_objects_in_the_order_of_the_protocol(judge: Judge) -> None:
    (group,) = judge.interface.condition.groups
    assert (group.name, group.values) == ("object", OBJECTS)
    assert (judge.interface.resolution, judge.interface.channels) == (64, 3)
    assert judge.name == "iclevr lab 64px"


def test_nothing_is_claimed_about_it(judge: Judge) -> None:
    assert judge.held_out == {}
    assert judge.threshold == 0.5


def test_the_data_set_reads_it_by_its_suffix(file: Path, judge: Judge) -> None:
    assert read_judge(file, spec()).digest == judge.digest
    with pytest.raises(RunError, match=r"must end in .safetensors"):
        read_judge(file)


class Stranger:
    """Anything that is no tensor."""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"net": NETWORK.state_dict()}, "no table of weights under the key 'model'"),
        ([1, 2], "no table of weights under the key 'model'"),
        ({"model": [1]}, "no table of weights under the key 'model'"),
        ({"model": lab_network(10).state_dict()}, "not those of that network"),
        ({"model": {}}, r"not those of that network \(.*Missing key"),
        ({"model": NETWORK.state_dict(), "more": Stranger()}, "holds other things than weights"),
    ],
)
def test_files_of_another_form_are_refused(
    tmp_path: Path, content: Mapping[str, Any], message: str
) -> None:
    path = tmp_path / "checkpoint.pth"
    torch.save(content, path)
    with pytest.raises(RunError, match=message) as caught:
        load_lab_judge(path)
    assert "ResNet-18" in str(caught.value)


def test_damaged_and_missing_files_are_refused(tmp_path: Path, file: Path) -> None:
    content = file.read_bytes()
    path = tmp_path / "checkpoint.pth"
    for damaged in (b"", b"nonsense", content[: len(content) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(RunError, match="damaged"):
            load_lab_judge(path)
    with pytest.raises(RunError, match="No such file"):
        load_lab_judge(tmp_path / "none.pth")
