"""Files are whole or absent, and on disk before they have their names."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ganx.errors import RunError
from ganx.files import put_in_place, replace_text, writing, written_whole
from ganx.pictures.files import written_aside


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done to the disk: names that are synced, and ``rename``."""
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        steps.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(self, target)

    monkeypatch.setattr("ganx.files.os.fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    return steps


def write_text(path: Path) -> None:
    replace_text(path, "new")


def write_picture(path: Path) -> None:
    with written_aside(path) as aside:
        aside.write_text("new")


@pytest.mark.parametrize("write", [write_text, write_picture])
def test_a_file_is_on_disk_before_its_name_and_its_name_is_at_the_end(
    write: Callable[[Path], None], done: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    write(path)
    assert done == [".file.partial", "rename", tmp_path.name]
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_fails_leaves_the_former_file_and_nothing_else(
    failure: BaseException, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail() -> None:
        with written_whole(path) as aside:
            aside.write_text("half")
            raise failure

    with pytest.raises(type(failure)):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    replace_text(tmp_path / "file", "text")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("former", ["nothing", "folder", "file", "broken link"])
def test_a_folder_takes_the_place_of_whatever_is_there(
    former: str, done: list[str], tmp_path: Path
) -> None:
    aside, path = tmp_path / "aside", tmp_path / "path"
    aside.mkdir()
    (aside / "new").touch()
    if former == "folder":
        path.mkdir()
        (path / "old").touch()
    elif former == "file":
        path.touch()
    elif former == "broken link":
        path.symlink_to("nowhere")
    put_in_place(aside, path)
    assert [one.name for one in path.iterdir()] == ["new"]
    assert not aside.exists()
    assert done == ["aside", "new", "rename", tmp_path.name]


def test_a_disk_that_cannot_sync_folders_still_takes_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = errno.EINVAL

    def refuse(*_: object) -> int:
        raise OSError(answer, os.strerror(answer))

    monkeypatch.setattr("ganx.files.os.open", refuse)
    replace_text(tmp_path / "file", "text")
    assert (tmp_path / "file").read_text() == "text"
    answer = errno.EIO
    with pytest.raises(RunError, match="Cannot write"):
        replace_text(tmp_path / "file", "text")


def test_what_the_system_says_is_told_with_what_to_do() -> None:
    def fail() -> None:
        with writing(Path("a")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(RunError, match=r"Cannot write a: No space left.*Free some space"):
        fail()
