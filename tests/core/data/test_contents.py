"""Files are known by what they hold: each is read once, and again only when it looks changed."""

import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest

from ganx.data.cache import cache_root
from ganx.data.container import FolderFiles, Stamp
from ganx.data.content_record import load_record, record_of
from ganx.data.contents import Contents
from ganx.errors import DataError

NAMES = ("a.png", "sub/b.png", "c\nd.png")


class Watched(FolderFiles):
    """A folder that notes which files are opened."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.opened: list[str] = []

    def open(self, name: str) -> BinaryIO:
        self.opened.append(name)
        return super().open(name)


class Unnoticing(Watched):
    """A container that has no time of change but the one that anybody can set back."""

    def stamp(self, name: str) -> Stamp | None:
        found = super().stamp(name)
        return found and Stamp(found.size, found.time_ns)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"content of {name}".encode())
    return tmp_path / "data"


@pytest.fixture
def _an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be read long after they were written."""
    clock = SimpleNamespace(time_ns=lambda: time.time_ns() + 3600 * 10**9, monotonic=time.monotonic)
    monkeypatch.setattr("ganx.data.contents.time", clock)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read(files: FolderFiles, names: Sequence[str] = NAMES) -> list[str]:
    """Take the digests as a new process would."""
    return Contents(files).digests(names)


def test_digests_are_those_of_the_bytes_in_the_order_of_the_names(folder: Path) -> None:
    names = [*NAMES[::-1], "none.png", NAMES[0]]
    expected = [digest(f"content of {name}".encode()) for name in names]
    expected[3] = ""
    assert Contents(FolderFiles(folder)).digests(names) == expected


@pytest.mark.usefixtures("_an_hour_later")
def test_a_file_is_read_once_and_then_remembered_in_the_cache(folder: Path) -> None:
    first, second = Watched(folder), Watched(folder)
    assert read(first) == read(second)
    assert sorted(first.opened) == sorted(NAMES)
    assert second.opened == []


@pytest.mark.usefixtures("_an_hour_later")
def test_new_files_are_read_and_the_others_stay_known(folder: Path) -> None:
    read(FolderFiles(folder), NAMES[:1])
    more, again = Watched(folder), Watched(folder)
    read(more, NAMES[1:])
    read(again)
    assert (sorted(more.opened), again.opened) == (sorted(NAMES[1:]), [])


@pytest.mark.usefixtures("_an_hour_later")
def test_a_touched_file_is_read_again_and_is_the_same(folder: Path) -> None:
    before = read(FolderFiles(folder))
    os.utime(folder / "a.png", ns=(0, 0))
    files = Watched(folder)
    assert read(files) == before
    assert files.opened == ["a.png"]


def test_the_same_files_elsewhere_are_the_same(folder: Path, tmp_path: Path) -> None:
    before = read(FolderFiles(folder))
    shutil.copytree(folder, tmp_path / "copy", copy_function=shutil.copyfile)
    assert read(FolderFiles(tmp_path / "copy")) == before
    shutil.move(folder, tmp_path / "moved")
    assert read(FolderFiles(tmp_path / "moved")) == before
    assert record_of(folder) != record_of(tmp_path / "moved")


def overwrite_unseen(path: Path) -> None:
    """Change one byte, and put the time back as it was."""
    found = path.stat()
    path.write_bytes(b"X" + path.read_bytes()[1:])
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


@pytest.mark.usefixtures("_an_hour_later")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no time of change of its own")
def test_a_byte_that_changes_is_noticed_though_size_and_time_were_put_back(folder: Path) -> None:
    before = read(FolderFiles(folder))
    overwrite_unseen(folder / "a.png")
    after = read(FolderFiles(folder))
    assert after == [digest(b"Xontent of a.png"), *before[1:]]


@pytest.mark.usefixtures("_an_hour_later")
def test_where_nothing_shows_it_a_change_is_seen_once_the_record_is_gone(folder: Path) -> None:
    before = read(Unnoticing(folder))
    overwrite_unseen(folder / "a.png")
    assert read(Unnoticing(folder)) == before
    record_of(folder).unlink()
    assert read(Unnoticing(folder))[0] == digest(b"Xontent of a.png")


def test_a_file_that_was_read_just_after_its_change_is_not_trusted(folder: Path) -> None:
    """The clock of a disk may tick as seldom as every two seconds."""
    old = time.time_ns() - 10**12
    os.utime(folder / "a.png", ns=(old, old))
    read(Unnoticing(folder))
    files = Unnoticing(folder)
    read(files)
    assert sorted(files.opened) == sorted(NAMES[1:])


def damaged(content: bytes) -> list[bytes]:
    """Cut a record short, or change a byte of it, in several places."""
    places = range(0, len(content), 17)
    flipped = [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places]
    return [b"", *(content[:at] for at in places), *flipped]


@pytest.mark.usefixtures("_an_hour_later")
def test_a_damaged_record_costs_a_reading_and_no_more(folder: Path) -> None:
    before = read(FolderFiles(folder))
    whole = record_of(folder).read_bytes()
    for content in damaged(whole):
        record_of(folder).write_bytes(content)
        assert load_record(record_of(folder)) == {}
    files = Watched(folder)
    assert read(files) == before
    assert sorted(files.opened) == sorted(NAMES)
    assert len(load_record(record_of(folder))) == len(NAMES)


@pytest.mark.usefixtures("_an_hour_later")
def test_a_record_of_another_form_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("ganx.data.content_record._FORMAT", b"ganx contents 2\n")
        read(FolderFiles(folder))
    assert record_of(folder).is_file()
    assert load_record(record_of(folder)) == {}


@pytest.mark.usefixtures("_an_hour_later")
def test_without_a_cache_files_are_read_once_by_each_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "file"))
    files = Watched(folder)
    contents = Contents(files)
    assert contents.digests(NAMES) == contents.digests(NAMES)
    assert sorted(files.opened) == sorted(NAMES)


@pytest.mark.usefixtures("_an_hour_later")
def test_a_file_from_a_time_that_has_no_room_in_the_record_is_read_anyway(folder: Path) -> None:
    class Late(FolderFiles):
        def stamp(self, name: str) -> Stamp | None:
            found = super().stamp(name)
            return found and Stamp(found.size, 2**63)

    assert read(Late(folder)) == read(FolderFiles(folder))


@pytest.mark.usefixtures("_an_hour_later")
def test_what_was_read_before_a_fault_is_remembered(folder: Path) -> None:
    class Refusing(Watched):
        def open(self, name: str) -> BinaryIO:
            if name == "z.png":
                raise PermissionError(13, "Permission denied")
            return super().open(name)

    (folder / "z.png").write_bytes(b"secret")
    many = [f"{number}.png" for number in range(32)]
    for name in many:
        (folder / name).write_bytes(name.encode())
    with pytest.raises(DataError, match=r"Cannot read .*z\.png: Permission denied\. Make the file"):
        read(Refusing(folder), [*many, "z.png"])
    files = Watched(folder)
    read(files, [*many, "z.png"])
    assert files.opened == ["z.png"]


def test_a_name_without_a_place_in_any_alphabet_is_remembered(folder: Path) -> None:
    name = os.fsdecode(b"\xff.png")
    try:
        (folder / name).write_bytes(b"bytes")
    except OSError:
        pytest.skip("this disk has no such names")
    assert read(FolderFiles(folder), [name]) == [digest(b"bytes")]
    assert list(load_record(record_of(folder))) == [name]


def test_reading_is_told_where_it_takes_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    Contents(FolderFiles(folder)).digests(NAMES, lambda *how_far: told.append(how_far))
    assert told == []
    shutil.rmtree(cache_root() / "contents")
    monkeypatch.setattr("ganx.data.contents.TOLD_AFTER", -1.0)
    for name in (many := [f"{number}.png" for number in range(40)]):
        (folder / name).write_bytes(b"")
    Contents(FolderFiles(folder)).digests(many, lambda *how_far: told.append(how_far))
    assert told == [(32, 40), (40, 40)]


@pytest.mark.usefixtures("_an_hour_later")
def test_several_may_read_and_remember_the_same_files_at_once(folder: Path) -> None:
    expected = [digest(f"content of {name}".encode()) for name in NAMES]

    def again(number: int) -> list[str]:
        os.utime(folder / "a.png", ns=(number, number))
        return read(FolderFiles(folder))

    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(again, range(64)))
