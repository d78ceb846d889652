import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganx.config import validated
from ganx.errors import ConfigError
from ganx_mnist.config import MnistConfig
from ganx_mnist.dataset import open_dataset
from ganx_mnist.plugin import ganx_datasets


def test_the_plugin_provides_one_data_set() -> None:
    assert [spec.name for spec in ganx_datasets()] == ["mnist"]


def test_the_spec_opens_what_the_settings_say() -> None:
    (spec,) = ganx_datasets()
    dataset = spec.open(validated(spec.config, {"resolution": 32, "size": 6}, "dataset"))
    assert (dataset.interface.resolution, dataset.interface.channels) == (32, 1)
    assert len(dataset.images) == 6
    assert dataset.augmentation == "none"


def test_listing_the_plugin_loads_neither_torch_nor_numpy_nor_pillow() -> None:
    code = (
        "import sys; sys.path[:] = sys.argv[1:]; import ganx_mnist.plugin as plugin; "
        "list(plugin.ganx_datasets()); print({'torch', 'numpy', 'PIL'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, *sys.path]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "set()\n"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 0}, "'dataset.size'"),
        ({"resolution": 4}, "'dataset.resolution'"),
        ({"seed": -1}, "'dataset.seed'"),
        ({"source": "web"}, r"'dataset.source'.*choose from auto, folder, download, rendered"),
        ({"split": "valid"}, r"'dataset.split'.*choose from auto, train, test, all"),
        ({"foldr": "x"}, "Did you mean 'folder'"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        validated(MnistConfig, settings, "dataset")


@pytest.mark.parametrize("source", ["rendered", "download"])
def test_a_folder_and_another_source_contradict_each_other(source: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"'{source}', but a folder is given too"):
        open_dataset(validated(MnistConfig, {"source": source, "folder": tmp_path}, "dataset"))


def test_source_folder_wants_a_folder() -> None:
    with pytest.raises(ConfigError, match=r"'folder', but no folder is given.*dataset\.folder"):
        open_dataset(MnistConfig(source="folder"))


@pytest.mark.parametrize("split", ["train", "test"])
def test_rendered_digits_have_no_split_to_choose(split: Any) -> None:
    with pytest.raises(ConfigError, match=f"dataset.split is '{split}', but digits are rendered"):
        open_dataset(MnistConfig(split=split))


def test_digits_are_classes_and_can_be_asked_for() -> None:
    dataset = open_dataset(MnistConfig(size=12, resolution=8))
    condition = dataset.interface.condition
    assert condition.kind == "classes"
    assert [group.name for group in condition.groups] == ["digit"]
    assert dataset.prompts == {"digits": tuple("0123456789")}
    shown = [condition.decode(row) for row in dataset.conditions]
    assert shown == [*"0123456789", "0", "1"]


@pytest.mark.parametrize("real", [False, True])
def test_labels_can_be_left_out(real: bool, tmp_path: Path, fill: Callable[..., Path]) -> None:
    folder = fill(tmp_path, train=12, test=3) if real else None
    settings = {"folder": folder, "size": 15, "resolution": 8}
    with_labels, without = (
        open_dataset(MnistConfig(**settings, labels=labels)) for labels in (True, False)
    )
    assert without.interface.condition.kind == "none"
    assert without.conditions.shape == (15, 0)
    assert without.prompts == {}
    assert without.splits == with_labels.splits
    assert without.images.fingerprint() == with_labels.images.fingerprint()
