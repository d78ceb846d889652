import errno
import json
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import pytest
import torch

from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data.store import prepare
from ganx.errors import DataError

COUNT, SIDE = 12, 8
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - shutil's own is private


class Source:
    action = "draw"
    block = 2
    parallel = True

    def __init__(self) -> None:
        self.reads = 0
        self.fails_at = COUNT
        self.prints = ["a" * 64]

    def __len__(self) -> int:
        return COUNT

    def fingerprint(self) -> str:
        return self.prints.pop() if len(self.prints) > 1 else self.prints[0]

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        del device
        self.reads += 1
        if stop > self.fails_at:
            raise DataError(f"image {self.fails_at} is broken")
        numbers = torch.arange(start, stop, dtype=torch.uint8)
        return numbers[:, None, None, None].expand(-1, SIDE, SIDE, 3)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def dataset(source: Source) -> Dataset:
    condition = Condition("labels", (Group("object", ("a",)),))
    conditions = np.ones((COUNT, 1), dtype=np.uint8)
    return Dataset(Interface(SIDE, 3, condition), source, conditions)


def stores(cache: Path) -> list[str]:
    """Name everything but locks that lies in the cache."""
    folder = cache / "images"
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_a_source_that_fails_leaves_nothing_behind(
    dataset: Dataset, source: Source, tmp_path: Path
) -> None:
    source.fails_at = 7
    with pytest.raises(DataError, match="image 7 is broken"):
        prepare(dataset, "drawn", tmp_path)
    assert stores(tmp_path) == []


def test_after_a_failure_the_next_try_succeeds(
    dataset: Dataset, source: Source, tmp_path: Path
) -> None:
    source.fails_at = 7
    with pytest.raises(DataError):
        prepare(dataset, "drawn", tmp_path)
    source.fails_at = COUNT
    store = prepare(dataset, "drawn", tmp_path)
    assert store.images[:, 0, 0, 0].tolist() == list(range(COUNT))


def test_an_interruption_stops_reading_and_leaves_nothing_behind(
    dataset: Dataset, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganx.data.build._cores", lambda: 1)

    def interrupt(action: str, done: int, total: int) -> None:
        del action, total
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(dataset, "drawn", tmp_path, progress=interrupt)
    assert stores(tmp_path) == []
    assert source.reads < COUNT // source.block


def test_a_source_that_changes_under_the_build_is_refused(
    dataset: Dataset, source: Source, tmp_path: Path
) -> None:
    source.prints = ["b" * 64, "a" * 64]
    with pytest.raises(DataError, match="changed while they were being read"):
        prepare(dataset, "drawn", tmp_path)
    assert stores(tmp_path) == []


@pytest.mark.parametrize(
    "block", [torch.zeros(2, SIDE, SIDE, 3), torch.zeros(2, 3, SIDE, SIDE, dtype=torch.uint8)]
)
def test_a_source_that_gives_another_form_is_named_a_defect(
    block: torch.Tensor,
    dataset: Dataset,
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(source, "read", lambda *_: block)
    with pytest.raises(DataError, match=r"instead of uint8 \[2, 8, 8, 3\].*defect"):
        prepare(dataset, "drawn", tmp_path)


def _shorten(store: Path) -> None:
    data = (store / "images.npy").read_bytes()
    (store / "images.npy").write_bytes(data[:-1])


def _lengthen(store: Path) -> None:
    with (store / "images.npy").open("ab") as file:
        file.write(b"\0")


def _empty_the_images(store: Path) -> None:
    (store / "images.npy").write_bytes(b"")


def _take_the_images(store: Path) -> None:
    (store / "images.npy").unlink()


def _take_the_manifest(store: Path) -> None:
    (store / "manifest.json").unlink()


def _scribble(store: Path) -> None:
    (store / "manifest.json").write_bytes(b"\xff{")


def _make_a_list(store: Path) -> None:
    (store / "manifest.json").write_text("[]")


def _change_the_fingerprint(store: Path) -> None:
    manifest = json.loads((store / "manifest.json").read_text())
    manifest["fingerprint"] = "b" * 64
    (store / "manifest.json").write_text(json.dumps(manifest))


def _change_the_format(store: Path) -> None:
    manifest = json.loads((store / "manifest.json").read_text())
    manifest["format"] += 1
    (store / "manifest.json").write_text(json.dumps(manifest))


def _change_the_type(store: Path) -> None:
    np.save(store / "images.npy", np.zeros((COUNT, SIDE, SIDE, 3), dtype=np.int8))


def _change_the_shape(store: Path) -> None:
    np.save(store / "images.npy", np.zeros((SIDE, SIDE, 3, COUNT), dtype=np.uint8))


def _pickle(store: Path) -> None:
    np.save(store / "images.npy", np.array([{}]), allow_pickle=True)


def _replace_by_a_file(store: Path) -> None:
    shutil.rmtree(store)
    store.write_text("not a folder")


@pytest.mark.parametrize(
    "damage",
    [
        _shorten,
        _lengthen,
        _empty_the_images,
        _take_the_images,
        _take_the_manifest,
        _scribble,
        _make_a_list,
        _change_the_fingerprint,
        _change_the_format,
        _change_the_type,
        _change_the_shape,
        _pickle,
        _replace_by_a_file,
    ],
)
def test_a_damaged_store_is_rebuilt(
    damage: Any, dataset: Dataset, source: Source, tmp_path: Path
) -> None:
    damage(prepare(dataset, "drawn", tmp_path).path)
    source.reads = 0
    store = prepare(dataset, "drawn", tmp_path)
    assert source.reads == COUNT // source.block
    assert store.images[:, 0, 0, 0].tolist() == list(range(COUNT))
    assert stores(tmp_path) == [store.path.name]


def test_a_cache_that_cannot_be_written_names_folder_and_remedy(
    dataset: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"Cannot write the image cache.*file.*GANX_CACHE"):
        prepare(dataset, "drawn", tmp_path / "file")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_cache_without_permission_says_so(
    number: int, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DataError, match=f"{os.strerror(number)}.*GANX_CACHE"):
        prepare(dataset, "drawn", tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_whole_store_is_opened_from_a_cache_that_cannot_be_written(
    dataset: Dataset, tmp_path: Path
) -> None:
    prepare(dataset, "drawn", tmp_path)
    (tmp_path / "images").chmod(0o500)
    try:
        assert len(prepare(dataset, "drawn", tmp_path)) == COUNT
    finally:
        (tmp_path / "images").chmod(0o700)


def test_a_whole_store_is_opened_without_a_lock(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(dataset, "drawn", tmp_path)
    monkeypatch.delattr("ganx.data.store._lock")
    assert len(prepare(dataset, "drawn", tmp_path)) == COUNT


def test_lack_of_space_is_told_before_anything_is_read(
    dataset: Dataset, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 100))
    with pytest.raises(DataError, match=r"needs 1 MB .* GANX_CACHE"):
        prepare(dataset, "drawn", tmp_path)
    assert source.reads == 0
    assert stores(tmp_path) == []


class FullDisk:
    """A file that takes the header and then no more."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, data: bytes | memoryview) -> int:
        if self.file.tell():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(data)


def test_a_disk_that_fills_up_during_the_build_is_told(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = Path.open

    def open_full(self: Path, mode: str = "r", **settings: Any) -> Any:
        file = genuine(self, mode, **settings)
        return FullDisk(file) if mode == "wb" else file

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(DataError, match=r"No space left on device.*GANX_CACHE"):
        prepare(dataset, "drawn", tmp_path)
    assert stores(tmp_path) == []
