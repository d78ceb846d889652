"""Pictures that cannot be written are told with the reason and a way out."""

import errno
import os
from pathlib import Path

import pytest
from PIL import Image

from ganx.errors import RunError
from ganx.pictures.files import written_aside
from ganx.pictures.grid import save_picture


def refused(path: Path, picture: Image.Image | None = None) -> str:
    with pytest.raises(RunError) as caught:
        save_picture(picture or Image.new("RGB", (4, 4)), path)
    return str(caught.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "folder.png"
    path.mkdir()
    assert refused(path) == (
        f"Cannot write the picture {path}: Is a directory. It is a folder. Name a file in it."
    )


@pytest.mark.parametrize("below", ["grid.png", "deeper/grid.png"])
def test_a_file_is_no_folder(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file where a folder should be" in refused(tmp_path / "file" / below)


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EDQUOT, "Free some space"),
        (errno.EACCES, "Make the folder writable"),
        (errno.EROFS, "on a disk that can be written"),
        (errno.ENAMETOOLONG, "Choose a shorter name"),
        (errno.EIO, "Free some space or make the folder writable"),
    ],
)
def test_what_to_do_follows_from_the_reason(number: int, advice: str, tmp_path: Path) -> None:
    def fail() -> None:
        with written_aside(tmp_path / "grid.png"):
            raise OSError(number, os.strerror(number))

    with pytest.raises(RunError) as caught:
        fail()
    assert f"grid.png: {os.strerror(number)}. " in str(caught.value)
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("name", "mode", "size"),
    [
        ("grid.webp", "RGB", (16384, 1)),
        ("grid.jpg", "RGB", (65536, 1)),
        ("grid.gif", "RGB", (65536, 1)),
        ("grid.jpg", "RGBA", (4, 4)),
    ],
)
def test_what_a_format_cannot_hold_is_told_with_one_that_can(
    name: str, mode: str, size: tuple[int, int], tmp_path: Path
) -> None:
    said = refused(tmp_path / name, Image.new(mode, size))
    assert f"A picture of {size[0]} x {size[1]} pixels cannot be written as" in said
    assert said.endswith("Write it as .png.")
    assert "Free some space" not in said
    assert list(tmp_path.iterdir()) == []
