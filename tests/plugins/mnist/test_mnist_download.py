from collections.abc import Callable
from http.client import IncompleteRead
from pathlib import Path
from urllib.error import URLError

import pytest

from ganx.contracts.dataset import Dataset
from ganx.data.cache import cache_root
from ganx.errors import DataError
from ganx_mnist.config import MnistConfig
from ganx_mnist.dataset import open_dataset

torchvision = pytest.importorskip("torchvision.datasets")


class FakeNetwork:
    """In the place of torchvision's MNIST: writes small files, or fails."""

    def __init__(self, fill: Callable[..., Path]) -> None:
        self.fill = fill
        self.calls = 0
        self.failure: BaseException | None = None

    def __call__(self, root: str, *, download: bool) -> None:
        assert download
        self.calls += 1
        self.fill(Path(root) / "MNIST" / "raw", train=6, test=4)
        if self.failure:
            (Path(root) / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").unlink()
            raise self.failure


@pytest.fixture
def network(
    fill: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> FakeNetwork:
    fake = FakeNetwork(fill)
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(torchvision, "MNIST", fake)
    return fake


def opened() -> Dataset:
    return open_dataset(MnistConfig(source="download", resolution=28))


def test_a_download_is_opened_like_a_folder(network: FakeNetwork) -> None:
    dataset = opened()
    assert dataset.splits == {"train": slice(0, 6), "test": slice(6, 10)}
    assert dataset.provenance["source"] == "download"
    assert network.calls == 1


def test_what_was_downloaded_is_not_downloaded_again(network: FakeNetwork) -> None:
    opened()
    network.failure = URLError("no network")
    assert len(opened().images) == 10
    assert network.calls == 1


def test_files_that_were_lost_are_downloaded_again(network: FakeNetwork) -> None:
    opened()
    (cache_root() / "mnist" / "MNIST" / "raw" / "train-images-idx3-ubyte").unlink()
    assert len(opened().images) == 10
    assert network.calls == 2


def test_nothing_is_downloaded_unless_it_is_asked_for(network: FakeNetwork) -> None:
    dataset = open_dataset(MnistConfig(size=10, resolution=8))
    assert dataset.provenance["source"] == "rendered"
    assert network.calls == 0


@pytest.mark.parametrize(
    "failure",
    [
        URLError("Name or service not known"),
        RuntimeError("Error downloading train-images:\nTried a mirror"),
        IncompleteRead(b""),
        ImportError("operator torchvision::nms does not exist"),
    ],
)
def test_a_download_that_fails_is_told_and_leaves_nothing(
    failure: Exception, network: FakeNetwork
) -> None:
    network.failure = failure
    with pytest.raises(DataError, match=r"could not be downloaded: .*--data DIR.*'rendered'"):
        opened()
    assert [path.name for path in cache_root().iterdir()] in ([], ["mnist.lock"])
    network.failure = None
    assert len(opened().images) == 10


def test_a_cache_that_cannot_be_made_is_told(network: FakeNetwork) -> None:
    cache_root().touch()
    with pytest.raises(DataError, match=r"Cannot write .*GANX_CACHE"):
        opened()
    assert network.calls == 0
