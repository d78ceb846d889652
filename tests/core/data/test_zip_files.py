"""Zip archives are read as a folder, and those that nobody should read are refused."""

import os
import stat
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from ganx.data import zip_files
from ganx.data.container import FolderFiles
from ganx.data.image_files import ImageFiles
from ganx.data.zip_files import ZipFiles, files_of, is_zip
from ganx.errors import DataError

Add = Callable[[zipfile.ZipFile], None]


def everything(name: str) -> bool:
    """Skip no folder."""
    del name
    return False


def png(red: int) -> bytes:
    held = BytesIO()
    Image.new("RGB", (4, 4), (red, 0, 0)).save(held, "PNG")
    return held.getvalue()


def packed(path: Path, *names: str, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Pack images, each redder than the one before."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for red, name in enumerate(names):
            archive.writestr(name, png(red))
    return path


def renamed(path: Path, old: bytes, new: bytes) -> Path:
    """Write another name of the same length into an archive."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_images_are_read_from_the_archive(method: int, tmp_path: Path) -> None:
    files = files_of(packed(tmp_path / "a.zip", "cat/0.png", "dog/1.png", method=method))
    images = ImageFiles(files, ["dog/1.png", "cat/0.png"], 4)
    assert images.read(0, 2, "cpu")[:, 0, 0, 0].tolist() == [1, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_folder_is_opened_as_a_folder(tmp_path: Path) -> None:
    assert isinstance(files_of(tmp_path), FolderFiles)


def test_an_archive_is_told_by_its_content(tmp_path: Path) -> None:
    path = packed(tmp_path / "images.data", "0.png")
    (tmp_path / "text.zip").write_text("no archive")
    assert is_zip(path)
    assert not is_zip(tmp_path / "text.zip")
    assert not is_zip(tmp_path)
    assert not is_zip(tmp_path / "none.zip")


def test_folders_are_skipped_with_all_that_is_in_them(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", "x/1.png", "junk/deep/2.png", "x/junk/3.png", "4.png")
    asked: list[str] = []

    def skip(folder: str) -> bool:
        asked.append(folder)
        return folder.endswith("junk")

    assert list(ZipFiles(path).names(skip)) == ["x/1.png", "4.png"]
    assert asked == ["x", "junk", "x/junk"]


def test_entries_of_folders_are_no_files(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("cat")
        archive.writestr("cat/1.png", png(1))
    assert list(ZipFiles(path).names(everything)) == ["cat/1.png"]


def test_threads_read_side_by_side(tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(40)]
    images = ImageFiles(ZipFiles(packed(tmp_path / "a.zip", *names)), names, 4)
    found: dict[int, int] = {}

    def read(start: int) -> None:
        for index in range(start, 40, 4):
            found[index] = int(images.read(index, index + 1, "cpu")[0, 0, 0, 0])

    threads = [Thread(target=read, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {index: index for index in range(40)}


def test_a_stamp_has_the_size_and_changes_with_the_archive(tmp_path: Path) -> None:
    files = ZipFiles(packed(tmp_path / "a.zip", "0.png"))
    first = files.stamp("0.png")
    assert first is not None
    assert first.size == len(png(0))
    os.utime(files.root, ns=(0, 7))
    second = files.stamp("0.png")
    assert second == (first.size, 7, files.root.stat().st_ctime_ns)
    assert second.changed_ns > first.changed_ns
    assert files.stamp("1.png") is None
    files.root.unlink()
    assert files.stamp("0.png") is None


def test_a_missing_file_is_named_with_the_archive(tmp_path: Path) -> None:
    files = ZipFiles(packed(tmp_path / "a.zip", "0.png"))
    with pytest.raises(DataError, match=r"'1\.png' is not in .*a\.zip \(1 of 1 images"):
        ImageFiles(files, ["1.png"], 4)
    with pytest.raises(FileNotFoundError, match="no such file in the archive"):
        files.open("1.png")


def test_names_from_windows_have_slashes(tmp_path: Path) -> None:
    path = renamed(packed(tmp_path / "a.zip", "cat/0.png"), b"cat/0.png", b"cat\\0.png")
    files = ZipFiles(path)
    assert list(files.names(everything)) == ["cat/0.png"]
    assert files.open("cat/0.png").read() == png(0)


def test_utf_8_that_is_not_declared_is_read_as_such(tmp_path: Path) -> None:
    path = renamed(packed(tmp_path / "a.zip", "xyz/0.png"), b"xyz/", "é/".encode() + b"/")
    assert list(ZipFiles(path).names(everything)) == ["é//0.png"]


def test_a_name_in_the_code_page_of_dos_stays(tmp_path: Path) -> None:
    path = renamed(packed(tmp_path / "a.zip", "x/0.png"), b"x/0", b"\x82/0")
    assert list(ZipFiles(path).names(everything)) == ["é/0.png"]


@pytest.mark.parametrize("name", ["../secret.png", "a/../../b.png", "/etc/b.png", "C:\\b.png"])
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", name)
    with pytest.raises(DataError, match="leads out of the archive"):
        ZipFiles(tmp_path / "a.zip")


def test_a_climbing_name_with_backslashes_is_refused(tmp_path: Path) -> None:
    path = renamed(packed(tmp_path / "a.zip", "xx/b.png"), b"xx/", b"..\\")
    with pytest.raises(DataError, match=r"a\.zip: the file '\.\./b\.png' leads out"):
        ZipFiles(path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/hosts")
    with pytest.raises(DataError, match=r"'link\.png' is a link\. Pack"):
        ZipFiles(tmp_path / "a.zip")


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = renamed(packed(tmp_path / "a.zip", "0.png", "1.png"), b"1.png", b"0.png")
    with pytest.raises(DataError, match=r"'0\.png' is there twice"):
        ZipFiles(path)


def test_an_archive_that_grows_beyond_belief_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.png", bytes(300_000))
    ZipFiles(path)  # small enough to be harmless
    monkeypatch.setattr(zip_files, "SMALL_ENOUGH", 1000)
    with pytest.raises(DataError, match=r"is no archive to trust: its \d+ bytes .* 300,000\."):
        ZipFiles(path)
    monkeypatch.setattr(zip_files, "LARGEST_GROWTH", 10_000)
    ZipFiles(path)


def test_a_file_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_files, "LARGEST_MEMBER", 10)
    with pytest.raises(DataError, match=r"'0\.png' has \d+ bytes; the limit is 10\. Leave"):
        ZipFiles(packed(tmp_path / "a.zip", "0.png"))


def test_no_more_is_unpacked_than_was_declared(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.png", bytes(100_000))
    size = (100_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(OSError, match="damaged in the archive"):
        ZipFiles(path).open("0.png")


def test_an_encrypted_file_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", "0.png")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"is encrypted\. Unpack the archive with its password"):
        ZipFiles(path)


def test_a_method_that_is_not_read_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", "0.png")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 10] = 9  # Deflate64, as Windows packs large files
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"compressed by the method 9, .* give the folder\."):
        ZipFiles(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 and no more"])
def test_what_is_no_whole_archive_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.zip cannot be read as a zip archive: .*\. Download"):
        ZipFiles(tmp_path / "a.zip")


def test_a_damaged_file_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", "0.png", "1.png", method=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[content.index(b"0.png") + 20] ^= 0xFF
    path.write_bytes(content)
    images = ImageFiles(ZipFiles(path), ["0.png", "1.png"], 4)
    assert images.read(1, 2, "cpu")[0, 0, 0, 0] == 1
    with pytest.raises(DataError, match=r"Cannot decode the image .*a\.zip/0\.png: it is damaged"):
        images.read(0, 1, "cpu")


def test_an_archive_of_a_folder_is_the_same_data_as_the_folder(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", "data/cat/0.png", "data/dog/1.png")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    names = ["cat/0.png", "dog/1.png"]
    unpacked = ImageFiles(tmp_path / "data", names, 4).fingerprint()
    inside = [f"data/{name}" for name in names]
    assert ImageFiles(ZipFiles(path), inside, 4).fingerprint() == unpacked
    assert ImageFiles(tmp_path, inside, 4).fingerprint() == unpacked
    assert ImageFiles(tmp_path / "data", names[::-1], 4).fingerprint() != unpacked
