"""Features of Inception: from a file of the right form with random weights, without a network."""

import hashlib
import sys
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.builtin.evaluators.inception import as_rgb_bytes, inception_features
from ganx.errors import DataError

CPU = torch.device("cpu")

pytest.importorskip("torch_fidelity")

from torch_fidelity.feature_extractor_inceptionv3 import (  # noqa: E402 -- may be missing
    URL_INCEPTION_V3,
    FeatureExtractorInceptionV3,
)

KEPT = "hub/checkpoints/weights-inception-2015-12-05-6726825d.pth"


class Untrained(FeatureExtractorInceptionV3):
    """The network with the weights that it is made with."""

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Keep them."""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    torch.save({}, folder / "empty.pth")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = Untrained("inception", ["2048"], str(folder / "empty.pth"))
    # Random weights as they come make features vanish.
    state = {
        name: value * 3 if name.endswith("conv.weight") else value
        for name, value in network.state_dict().items()
    }
    torch.save(state, folder / "inception.pth")
    return folder / "inception.pth"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put aside what torch-fidelity may keep on this machine, and the network."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def unreachable(*_: object) -> None:
        raise URLError("no route to host")

    monkeypatch.setattr(torch.hub, "download_url_to_file", unreachable)
    return tmp_path


def test_features_are_those_of_torch_fidelity_on_rounded_images(weights: Path) -> None:
    digest, extract = inception_features(weights, CPU)
    assert digest == hashlib.sha256(weights.read_bytes()).hexdigest()[:8]
    pixels = torch.randint(0, 256, (1, 3, 16, 16), dtype=torch.uint8)
    found = extract(pixels.float() / 127.5 - 1)
    (expected,) = FeatureExtractorInceptionV3("inception", ["2048"], str(weights))(pixels)
    assert found.shape == (1, 2048)
    assert found.std() > 1e-3
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-4, atol=1e-6)
    other_range = extract((pixels.float() / 127.5 - 1 + 1) / 2)
    assert np.abs(other_range - found).max() > 0.01 * found.std()


def test_pixels_are_rounded_to_bytes_and_gray_is_repeated() -> None:
    gray = torch.tensor([-1.5, -1.0, 0.0, 0.999, 1.0, 3.0]).reshape(1, 1, 2, 3)
    found = as_rgb_bytes(gray)
    assert found.dtype == torch.uint8
    assert found.shape == (1, 3, 2, 3)
    for channel in found[0]:
        assert channel.flatten().tolist() == [0, 0, 128, 255, 255, 255]


def test_images_of_other_channels_are_refused() -> None:
    with pytest.raises(DataError, match="1 or 3 channels, not with 4"):
        as_rgb_bytes(torch.zeros(1, 4, 8, 8))


def test_without_torch_fidelity_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch_fidelity.feature_extractor_inceptionv3", None)
    with pytest.raises(DataError, match=r'pip install "ganx\[fid\]".*features = "judge"'):
        inception_features(None, CPU)


def test_weights_that_cannot_be_fetched_are_told_where_to_put(home: Path) -> None:
    with pytest.raises(DataError, match="no route to host") as caught:
        inception_features(None, CPU)
    for said in (URL_INCEPTION_V3, str(home / KEPT), "inception_weights", 'features = "judge"'):
        assert said in str(caught.value)


def test_weights_are_taken_from_where_torch_fidelity_keeps_them(home: Path) -> None:
    kept = home / KEPT
    kept.parent.mkdir(parents=True)
    torch.save({"fc.bias": torch.zeros(1008)}, kept)
    with pytest.raises(DataError, match="that torch-fidelity keeps does not hold the weights"):
        inception_features(None, CPU)


def test_fetched_weights_are_held_to_their_checksum(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fetch(*arguments: object) -> None:
        asked.append(arguments)
        raise RuntimeError("invalid hash value")

    monkeypatch.setattr(torch.hub, "download_url_to_file", fetch)
    with pytest.raises(DataError, match="invalid hash value"):
        inception_features(None, CPU)
    assert asked == [(URL_INCEPTION_V3, str(home / KEPT), "6726825d")]


def test_a_file_that_is_not_there_is_named(home: Path) -> None:
    with pytest.raises(DataError, match=r"no file .*mine\.pth"):
        inception_features(home / "mine.pth", CPU)


class Bomb:
    """A pickle of this runs code where it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("exploded"),)


@pytest.mark.parametrize("content", ["text", "bomb", "nothing"])
def test_a_file_of_something_else_is_refused_and_runs_nothing(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "weights.pth"
    if content == "bomb":
        torch.save(Bomb(), path)
    else:
        path.write_text("weights" if content == "text" else "")
    with pytest.raises(DataError, match=r"weights\.pth does not hold the weights"):
        inception_features(path, CPU)
    assert not Path("exploded").exists()
