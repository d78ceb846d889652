"""All damaged images of a set are named at once, each cause with what to do about it."""

import io
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from PIL import Image

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data.container import FolderFiles
from ganx.data.damaged import Cause, Damage, DamagedImagesError, by_cause
from ganx.data.image_files import ImageFiles
from ganx.data.store import prepare
from ganx.data.zip_files import ZipFiles
from ganx.errors import DataError


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


NOISE = Image.effect_noise((32, 32), 90)
WHOLE = encoded(NOISE)
CUT = WHOLE[:-300]


CASES = [
    (CUT, "truncated", Cause.CUT_SHORT, "Copy or download it again."),
    (b"", "it is empty", Cause.CUT_SHORT, "Copy or download it again."),
    (bytes(500), "nothing but zeros", Cause.CUT_SHORT, "Copy or download it again."),
    (WHOLE[:12] + bytes(40), "", Cause.CUT_SHORT, "Copy or download it again."),
    (b"<html>no such image</html>", "none of PNG", Cause.NO_IMAGE, "Convert or remove it."),
    (encoded(NOISE, "PCX"), "none of PNG", Cause.NO_IMAGE, "Convert or remove it."),
    (encoded(Image.new("1", (30_000, 6_000))), "too large", Cause.TOO_LARGE, "Make it smaller."),
    (
        encoded(Image.new("F", (4, 4)), "TIFF"),
        "floating-point",
        Cause.UNKNOWN_RANGE,
        "Convert it, or set dataset.grey_range where the data set has that setting.",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def opened(folder: Path, **settings: Any) -> ImageFiles:
    return ImageFiles(folder, sorted(path.name for path in folder.iterdir()), 8, **settings)


def dataset(images: ImageFiles) -> Dataset:
    rows = np.zeros((len(images), 0), np.uint8)
    return Dataset(Interface(8, 3, UNCONDITIONAL), images, rows)


def refused(images: ImageFiles, cache: Path) -> DamagedImagesError:
    with pytest.raises(DamagedImagesError) as caught:
        prepare(dataset(images), "folder", cache)
    assert [path for path in (cache / "images").iterdir() if path.suffix != ".lock"] == []
    return caught.value


@pytest.mark.parametrize(("content", "reason", "cause", "remedy"), CASES)
def test_every_cause_has_its_remedy(
    content: bytes, reason: str, cause: Cause, remedy: str, folder: Path, tmp_path: Path
) -> None:
    (folder / "a.png").write_bytes(WHOLE)
    (folder / "b.png").write_bytes(content)
    error = refused(opened(folder), tmp_path)
    assert str(error).startswith(f"Cannot decode the image {folder / 'b.png'}: ")
    assert reason in str(error)
    assert str(error).endswith(remedy)
    assert [damage.cause for damage in error.damages] == [cause]


class Refusing(FolderFiles):
    """A folder whose files look as ever, and some cannot be opened."""

    fault: OSError

    def open(self, name: str) -> BinaryIO:
        if name.startswith("b"):
            raise self.fault
        return super().open(name)


@pytest.mark.parametrize(
    ("fault", "cause", "remedy"),
    [
        (PermissionError(13, "Permission denied"), Cause.NOT_READABLE, "Make it readable."),
        (FileNotFoundError(2, "No such file"), Cause.MISSING, "Put it back."),
        (OSError(5, "Input/output error"), Cause.CUT_SHORT, "Copy or download it again."),
    ],
)
def test_files_that_cannot_be_opened_have_theirs(
    fault: OSError, cause: Cause, remedy: str, folder: Path
) -> None:
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(WHOLE)
    files = Refusing(folder)
    files.fault = fault
    with pytest.raises(DamagedImagesError) as caught:
        ImageFiles(files, ["a.png", "b.png"], 8).read(0, 2, "cpu")
    assert [damage.cause for damage in caught.value.damages] == [cause]
    assert str(caught.value).endswith(remedy)


def test_a_damaged_member_of_an_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("0.png", CUT)
        archive.writestr("1.png", WHOLE)
    with pytest.raises(DataError, match=r"a\.zip/0\.png: .*truncated.*Copy or download it again"):
        ImageFiles(ZipFiles(path), ["0.png", "1.png"], 8).read(0, 2, "cpu")


def test_all_are_found_at_once_twenty_named_and_all_counted_by_cause(
    folder: Path, tmp_path: Path
) -> None:
    for number in range(200):
        content = CUT if number % 8 == 0 else WHOLE
        (folder / f"{number:03}.png").write_bytes(content)
    (folder / "100.png").write_bytes(b"text")
    error = refused(opened(folder), tmp_path)
    lines = str(error).splitlines()
    assert lines[0] == "26 of 200 images cannot be decoded:"
    assert lines[1].startswith(f"- {folder / '000.png'}: image file is truncated")
    assert [line.split(":")[0] for line in lines[1:21]] == [
        f"- {damage.place}" for damage in error.damages[:20]
    ]
    assert lines[21:] == [
        "- and 6 more",
        "25 are cut short or damaged: copy or download them again.",
        "1 is no image, or of another format: convert or remove it.",
    ]
    places = [damage.place for damage in error.damages]
    assert len(places) == 26
    assert places == sorted(places)


def test_of_twenty_none_is_only_counted(folder: Path, tmp_path: Path) -> None:
    for number in range(20):
        (folder / f"{number:02}.png").write_bytes(CUT)
    assert "more" not in str(refused(opened(folder), tmp_path))


def test_a_stranger_s_error_stops_at_once(folder: Path, tmp_path: Path) -> None:
    read: list[int] = []

    class Strange(ImageFiles):
        block = 1
        parallel = False

        def read(self, start: int, stop: int, device: str) -> Any:
            read.append(start)
            if start == 1:
                raise DataError("It is broken.")
            return super().read(start, stop, device)

    for number in range(50):
        (folder / f"{number:02}.png").write_bytes(WHOLE)
    images = Strange(folder, sorted(path.name for path in folder.iterdir()), 8)
    with pytest.raises(DataError, match=r"^It is broken\.$"):
        prepare(dataset(images), "folder", tmp_path)
    assert max(read) < 10


def test_after_the_damage_is_repaired_the_build_succeeds(folder: Path, tmp_path: Path) -> None:
    (folder / "a.png").write_bytes(CUT)
    images = opened(folder)
    refused(images, tmp_path)
    (folder / "a.png").write_bytes(WHOLE)
    assert len(prepare(dataset(images), "folder", tmp_path)) == 1


def test_causes_are_counted_the_most_frequent_first() -> None:
    damages = [Damage("", cause, "") for cause in (Cause.MISSING, *[Cause.TOO_LARGE] * 2)]
    assert by_cause(damages) == "2 too large, 1 missing"
