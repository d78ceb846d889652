"""What lies among images and is not used: it is counted, and said."""

import os
from typing import Any

import pytest

from ganx import PassedOver
from ganx.errors import DataError

SYSTEMS = (
    *("@eaDir", "#recycle", "@Recycle", "Network Trash Folder", "Temporary Items", "RECYCLER"),
    *("$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information", "lost+found", "CVS"),
    *("__pycache__", "node_modules", "__MACOSX"),
)
HIDDEN = (
    *(".@__thumb", ".AppleDouble", ".Trash-1000", ".git", ".svn", ".ipynb_checkpoints"),
    ".DS_Store",
)


@pytest.mark.parametrize("place", ["", "cat/"])
@pytest.mark.parametrize("name", SYSTEMS)
def test_folders_of_systems_and_tools_are_no_classes(name: str, place: str, make: Any) -> None:
    dataset = make(
        "cat/1.png", "dog/2.png", f"{place}{name}/1.png", f"{place}{name}/x/2.png"
    ).open()
    assert len(dataset.images) == 2
    assert dataset.passed_over == (
        PassedOver("files and folders of systems and tools", 1, f"{place}{name}"),
    )


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_folders_are_counted(name: str, make: Any) -> None:
    dataset = make("cat/1.png", "dog/2.png", f"cat/{name}/1.png").open()
    assert dataset.passed_over == (PassedOver("hidden files and folders", 1, f"cat/{name}"),)


def test_a_class_may_have_a_name_that_is_nearly_a_tools(make: Any) -> None:
    values = make("cvs/1.png", "recycle/2.png").open().interface.condition.groups[0].values
    assert values == ("cvs", "recycle")


def test_everything_else_is_counted_by_kind(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png", "cat/._1.png", ".x/1.png")
    for name in ("README.md", "cat/a.md", "dog/b.pdf", "LICENSE", "Thumbs.db", "cat/Desktop.ini"):
        folder.text(name, "")
    dataset = folder.open()
    assert dataset.passed_over == (
        PassedOver("hidden files and folders", 2, ".x"),
        PassedOver("files and folders of systems and tools", 2, "Thumbs.db"),
        PassedOver("other files (.md, no ending, .pdf)", 4, "LICENSE"),
    )
    assert dataset.notice.endswith(
        "Passed over: hidden files and folders (2); files and folders of systems and tools (2); "
        "other files (.md, no ending, .pdf) (4)."
    )


def test_images_that_a_table_does_not_name_are_among_them(make: Any) -> None:
    dataset = make("1.png", "2.png", "3.png").csv("file_name,kind", "2.png,a").open()
    assert dataset.passed_over == (PassedOver("images that labels.csv does not name", 2, "1.png"),)
    assert dataset.read_from.endswith("data; labels are labels.csv.")


def test_what_is_there_is_told_where_there_are_no_images(make: Any) -> None:
    folder = make(".x/1.png").text("a.svg", "").text("b.svg", "")
    with pytest.raises(DataError, match=r"not read: 2, such as a\.svg; hidden .*: 1, such as \.x"):
        folder.open()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM"])
def test_an_image_without_an_ending_is_read(form: str, make: Any) -> None:
    from PIL import Image

    folder = make("cat/1.png", "dog/2.png")
    Image.new("RGB", (6, 4), (9, 200, 9)).save(folder.path / "cat" / "3", form)
    folder.text("dog/BMW", "BM is a car").text("P6", "P6 is a processor").text("empty", "")
    dataset = folder.open()
    assert dataset.images.names == ("cat/1.png", "cat/3", "dog/2.png")
    assert abs(int(dataset.images.read(1, 2, "cpu")[0, 4, 4, 1]) - 200) < 3
    assert dataset.passed_over == (PassedOver("other files (no ending)", 3, "P6"),)


def test_drawings_beside_images_are_passed_over(make: Any) -> None:
    dataset = make("cat/1.png", "dog/2.png").text("logo.svg", "").text("cat/x.psd", "").open()
    assert dataset.passed_over == (
        PassedOver("images of formats that are not read", 2, "cat/x.psd"),
    )


def test_few_photographs_of_foreign_formats_are_passed_over_and_more_are_refused(
    make: Any,
) -> None:
    folder = make(*(f"{number}.png" for number in range(100))).text("a.heic", "")
    assert folder.open().passed_over[0].count == 1
    folder.text("b.heic", "")
    with pytest.raises(DataError, match=r"a\.heic is an image of a format .*\(2 such"):
        folder.open()


def test_a_foreign_photograph_is_not_missed_where_it_is_there_in_another_format(make: Any) -> None:
    folder = make("1.png", "2.png").text("1.CR2", "").text("2.CR2", "")
    assert len(folder.open().images) == 2


def test_a_link_to_a_folder_that_is_there_already_is_told(make: Any) -> None:
    folder = make("a/cat/1.png", "a/dog/2.png", "b/3.png")
    (folder.path / "b" / "more").symlink_to(folder.path / "a")
    notice = folder.open().notice
    assert "the same images be there twice: a and b/more are one folder each." in notice


def test_links_that_lead_out_are_followed_when_asked(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png")
    outside = folder.path.parent / "outside"
    (folder.path / "dog").rename(outside)
    (folder.path / "dog").symlink_to(outside)
    os.link(outside / "2.png", folder.path.parent / "3.png")
    (folder.path / "cat" / "3.png").symlink_to(folder.path.parent / "3.png")
    with pytest.raises(DataError, match=r"The link .*data/cat/3\.png leads outside"):
        folder.open()
    assert folder.shown(links="anywhere") == {
        "cat/1.png": "cat",
        "cat/3.png": "cat",
        "dog/2.png": "dog",
    }


def test_circles_are_refused_where_links_may_lead_anywhere(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png")
    (folder.path / "dog" / "all").symlink_to(folder.path.parent)
    with pytest.raises(DataError, match=r"The link .*data leads to a folder|The link .*all"):
        folder.open(links="anywhere")


def test_a_broken_link_is_told(make: Any) -> None:
    folder = make("1.png")
    (folder.path / "2.png").symlink_to("gone.png")
    with pytest.raises(DataError, match=r"The link .*2\.png is broken: it leads to gone\.png"):
        folder.open()


def test_names_that_hold_their_folders_are_refused(make: Any) -> None:
    folder = make("cat\\1.png", "dog\\2.png")
    with pytest.raises(
        DataError, match=r"has folders in its name \(2 such\).*Give the zip archive"
    ):
        folder.open()


def test_tables_that_are_not_read_are_among_them_with_how_to_read_one(make: Any) -> None:
    folder = make("1.png").csv("file_name,kind", "1.png,a", name="notes.csv").text("words.txt", "")
    (over,) = folder.open().passed_over
    assert (over.what, over.count, over.first) == ("files that may be tables", 2, "notes.csv")
    assert over.why == "dataset.table=notes.csv reads it."
    (over,) = folder.open(table="notes.csv").passed_over
    assert (over.count, over.first) == (1, "words.txt")


@pytest.mark.parametrize("name", ["labels.xlsx", "words.txt", "about.json"])
def test_no_setting_is_advised_for_what_may_be_no_table(name: str, make: Any) -> None:
    (over,) = make("1.png").text(name, "").open().passed_over
    assert (over.first, over.why) == (name, "")
