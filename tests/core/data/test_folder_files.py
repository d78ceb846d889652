"""The files of a folder: which of them may be read, and where links may lead."""

from pathlib import Path
from typing import Any

import pytest
from saved_images import save, three_images

from ganx.data.container import FolderFiles
from ganx.data.image_files import ImageFiles
from ganx.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three_images(tmp_path / "data")


@pytest.mark.parametrize("name", ["../secret.png", "sub/../../secret.png", "/etc/hosts", ".."])
def test_a_name_that_points_outside_is_refused(name: str, folder: Path) -> None:
    save(folder.parent / "secret.png")
    with pytest.raises(DataError, match=r"points outside the folder"):
        FolderFiles(folder).stamp(name)
    with pytest.raises(DataError, match=r"points outside the folder"):
        ImageFiles(folder, [name], 4)


def test_an_absolute_name_is_refused_even_of_the_folder_itself(folder: Path) -> None:
    with pytest.raises(DataError, match="points outside"):
        FolderFiles(folder).stamp(str(folder / "0.png"))


def test_a_link_that_leads_outside_is_refused(folder: Path) -> None:
    secret = save(folder.parent / "secret.png")
    (folder / "link.png").symlink_to(secret)
    with pytest.raises(
        DataError, match=r"The link .*link\.png leads outside the .*secret\.png\. Copy"
    ):
        FolderFiles(folder).stamp("link.png")


def test_a_folder_that_leads_outside_is_named_not_the_file_in_it(folder: Path) -> None:
    save(folder.parent / "elsewhere" / "sub" / "0.png")
    (folder / "sub").mkdir()
    (folder / "sub" / "link").symlink_to(folder.parent / "elsewhere")
    with pytest.raises(DataError, match=r"The link .*data/sub/link leads .*, or ask\.$"):
        FolderFiles(folder, instead="or ask").stamp("sub/link/sub/0.png")


def test_links_may_be_allowed_to_lead_anywhere_and_names_are_not(folder: Path) -> None:
    secret = save(folder.parent / "secret.png")
    (folder / "link.png").symlink_to(secret)
    files = FolderFiles(folder, links="anywhere")
    with files.open("link.png") as file:
        assert file.read() == secret.read_bytes()
    with pytest.raises(DataError, match=r"The name .* points outside"):
        files.stamp("../secret.png")


@pytest.mark.parametrize("target", ["gone.png", "/gone.png"])
@pytest.mark.parametrize("links", ["inside", "anywhere"])
def test_a_broken_link_is_called_so(target: str, links: Any, folder: Path) -> None:
    (folder / "link.png").symlink_to(target)
    with pytest.raises(DataError, match=rf"link\.png is broken: it leads to {target}, and"):
        FolderFiles(folder, links=links).stamp("link.png")


def test_files_are_listed_but_for_those_in_skipped_folders(folder: Path) -> None:
    for name in ("sub/deep/1.png", "sub/no/2.png", "no.png"):
        save(folder / name)
    found = set(FolderFiles(folder).names(lambda name: name == "sub/no"))
    assert {"sub/deep/1.png", "no.png"} <= found
    assert "sub/no/2.png" not in found


def test_a_neighbour_whose_name_begins_alike_is_outside(folder: Path) -> None:
    save(folder.parent / "data-secret" / "0.png")
    with pytest.raises(DataError, match="points outside"):
        FolderFiles(folder).stamp("../data-secret/0.png")


def test_links_within_the_folder_and_to_the_folder_are_followed(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder / "0.png")
    (folder.parent / "other").symlink_to(folder)
    images = ImageFiles(folder.parent / "other", ["link.png", "1.png"], 4)
    assert images.read(0, 2, "cpu")[:, 0, 0, 0].tolist() == [0, 1]


@pytest.mark.parametrize("name", ["a\0b.png", "\ud800.png"])
def test_a_name_that_no_file_can_have_is_told(name: str, folder: Path) -> None:
    with pytest.raises(DataError, match="cannot be the name of a file"):
        ImageFiles(folder, [name], 4)
