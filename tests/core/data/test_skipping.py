"""Images that cannot be decoded are left out where that is asked for, and found out about once."""

import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from PIL import Image

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data import image_files
from ganx.data.cache import cache_root
from ganx.data.container import FolderFiles
from ganx.data.damaged import Cause, DamagedImagesError
from ganx.data.decode import decode_rgb
from ganx.data.image_files import ImageFiles
from ganx.data.store import prepare
from ganx.data.zip_files import ZipFiles

ADVICE = "Or set dataset.skip_damaged=true to leave out what cannot be decoded."


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "own"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make six images, of which the second is no image and the fifth is cut short."""
    path = tmp_path / "data"
    path.mkdir()
    for number in range(6):
        noise = np.random.default_rng(number).integers(0, 255, (16, 16, 3), np.uint8)
        Image.fromarray(noise).save(path / f"{number}.png")
    (path / "1.png").write_bytes(b"text")
    (path / "4.png").write_bytes((path / "4.png").read_bytes()[:-200])
    return path


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which files are decoded."""
    places: list[str] = []

    def watched(*positional: Any, place: str = "", **named: Any) -> Any:
        places.append(Path(place).name)
        return decode_rgb(*positional, place=place, **named)

    monkeypatch.setattr(image_files, "decode_rgb", watched)
    return places


NAMES = tuple(f"{number}.png" for number in range(6))


def dataset(images: ImageFiles) -> Dataset:
    rows = np.zeros((len(images), 0), np.uint8)
    return Dataset(Interface(8, 3, UNCONDITIONAL), images, rows)


def test_what_cannot_be_decoded_is_left_out_and_told(folder: Path, tmp_path: Path) -> None:
    images = ImageFiles(folder, NAMES, 8, skip_damaged=True)
    assert images.names == ("0.png", "2.png", "3.png", "5.png")
    assert {name: damage.cause for name, damage in images.skipped.items()} == {
        "1.png": Cause.NO_IMAGE,
        "4.png": Cause.CUT_SHORT,
    }
    assert images.left_out == (
        "2 images are left out, as they cannot be decoded (1 no image, or of another format, "
        f"1 cut short or damaged); the first of them is {folder / '1.png'}."
    )
    alone = ImageFiles(folder, images.names, 8)
    assert alone.left_out == ""
    assert images.fingerprint() == alone.fingerprint()
    assert (
        prepare(dataset(images), "folder", tmp_path).images == alone.read(0, 4, "cpu").numpy()
    ).all()


def test_a_single_one_is_named_with_its_cause(folder: Path) -> None:
    images = ImageFiles(folder, NAMES[:3], 8, skip_damaged=True)
    assert images.left_out == (
        f"1 image is left out, as it cannot be decoded: {folder / '1.png'} "
        "(no image, or of another format)."
    )


def test_opening_again_costs_nothing_whatever_the_order(folder: Path, decoded: list[str]) -> None:
    first = ImageFiles(folder, NAMES, 8, skip_damaged=True)
    assert sorted(decoded) == [*NAMES]
    decoded.clear()
    again = ImageFiles(folder, NAMES[::-1], 16, skip_damaged=True)
    assert decoded == []
    assert again.names == first.names[::-1]
    assert again.skipped == first.skipped


def test_after_a_build_that_failed_it_costs_nothing_either(
    folder: Path, decoded: list[str], tmp_path: Path
) -> None:
    images = ImageFiles(folder, NAMES, 8, skip_damaged=False)
    with pytest.raises(DamagedImagesError) as caught:
        prepare(dataset(images), "folder", tmp_path)
    assert str(caught.value).endswith(ADVICE)
    decoded.clear()
    assert len(ImageFiles(folder, NAMES, 8, skip_damaged=True)) == 4
    assert decoded == []


def test_changed_files_are_decoded_again(folder: Path, decoded: list[str]) -> None:
    ImageFiles(folder, NAMES, 8, skip_damaged=True)
    decoded.clear()
    (folder / "1.png").write_bytes((folder / "0.png").read_bytes())
    assert len(ImageFiles(folder, NAMES, 8, skip_damaged=True)) == 5
    assert len(decoded) == 6


def test_another_decoder_decides_anew(
    folder: Path, decoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ImageFiles(folder, NAMES, 8, skip_damaged=True)
    decoded.clear()
    monkeypatch.setattr("ganx.data.verdicts.DECODER_VERSION", -1)
    ImageFiles(folder, NAMES, 8, skip_damaged=True)
    assert len(decoded) == 6


def test_floating_point_images_are_left_out_unless_their_range_is_given(folder: Path) -> None:
    Image.new("F", (4, 4)).save(folder / "1.png", "TIFF")
    assert "1.png" in ImageFiles(folder, NAMES, 8, skip_damaged=True).skipped
    given = ImageFiles(folder, NAMES, 8, skip_damaged=True, grey_range=(0, 1))
    assert "1.png" not in given.skipped


def test_a_record_that_is_damaged_is_made_anew(folder: Path, decoded: list[str]) -> None:
    ImageFiles(folder, NAMES, 8, skip_damaged=True)
    (record,) = (cache_root() / "damaged").iterdir()
    for content in ("", "[]", '{"a": 1}', '{"a": ["NO_CAUSE", ""]}'):
        record.write_text(content)
        decoded.clear()
        assert len(ImageFiles(folder, NAMES, 8, skip_damaged=True)) == 4
        assert len(decoded) == 6


class Refusing(FolderFiles):
    """A folder of which some files cannot be opened."""

    def __init__(self, root: Path, fault: OSError, *names: str) -> None:
        super().__init__(root)
        self.fault = fault
        self.refused = names

    def open(self, name: str) -> BinaryIO:
        if name in self.refused:
            raise self.fault
        return super().open(name)


def test_files_that_may_not_be_read_are_left_out_too(folder: Path, tmp_path: Path) -> None:
    files = Refusing(folder, PermissionError(13, "Permission denied"), "0.png", "3.png")
    images = ImageFiles(files, NAMES, 8, skip_damaged=True)
    assert images.names == ("2.png", "5.png")
    assert images.skipped["3.png"].cause == Cause.NOT_READABLE
    assert len(prepare(dataset(images), "folder", tmp_path)) == 2
    files.refused = ()
    assert len(ImageFiles(files, NAMES, 8, skip_damaged=True)) == 4


def test_all_files_that_may_not_be_read_are_named_at_once(folder: Path) -> None:
    files = Refusing(folder, PermissionError(13, "Permission denied"), "0.png", "3.png")
    with pytest.raises(DamagedImagesError) as caught:
        ImageFiles(files, NAMES, 8, skip_damaged=False).fingerprint()
    assert str(caught.value).splitlines() == [
        "2 of 6 images cannot be decoded:",
        f"- {folder / '0.png'}: Permission denied",
        f"- {folder / '3.png'}: Permission denied",
        f"2 are not readable: make them readable. {ADVICE}",
    ]


def test_a_fault_of_the_disk_is_not_remembered(folder: Path, decoded: list[str]) -> None:
    class Once(Refusing):
        """Refuses once."""

        def open(self, name: str) -> BinaryIO:
            try:
                return super().open(name)
            except OSError:
                self.refused = ()
                raise

    files = Once(folder, OSError(5, "Input/output error"))
    images = ImageFiles(files, NAMES, 8)
    images.digests()
    files.refused = ("3.png",)
    with pytest.raises(DamagedImagesError, match="Input/output error"):
        images.read(0, 6, "cpu")
    decoded.clear()
    assert "3.png" not in ImageFiles(files, NAMES, 8, skip_damaged=True).skipped
    assert len(decoded) == 6


def test_missing_files_are_left_out_too(folder: Path) -> None:
    images = ImageFiles(folder, [*NAMES, "gone.png"], 8, skip_damaged=True)
    assert images.skipped["gone.png"].cause == Cause.MISSING
    assert len(images) == 4


def test_a_member_that_is_damaged_in_an_archive_is_left_out(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in ("0.png", "2.png"):
            archive.write(folder / name, name)
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    images = ImageFiles(ZipFiles(path), ["0.png", "2.png"], 8, skip_damaged=True)
    assert images.names == ("2.png",)
    assert images.skipped["0.png"].cause == Cause.CUT_SHORT


def test_where_nothing_is_left_all_are_named(folder: Path) -> None:
    with pytest.raises(
        DamagedImagesError, match=r"(?s)2 of 2 images cannot .* No image is left\.$"
    ):
        ImageFiles(folder, ["1.png", "4.png"], 8, skip_damaged=True)


@pytest.mark.parametrize("skip", [None, False])
def test_opening_decodes_nothing_unless_it_has_to(
    folder: Path, decoded: list[str], skip: bool | None
) -> None:
    ImageFiles(folder, NAMES, 8, skip_damaged=skip)
    assert decoded == []


def test_a_data_set_without_the_setting_does_not_advise_it(folder: Path) -> None:
    with pytest.raises(DamagedImagesError) as caught:
        ImageFiles(folder, NAMES, 8).read(0, 6, "cpu")
    assert "skip_damaged" not in str(caught.value)
