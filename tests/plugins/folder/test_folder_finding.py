"""Names of images as people and tools write them: found where one image only can be meant."""

from typing import Any

import pytest

from ganx.errors import DataError


@pytest.mark.parametrize(
    "column",
    [
        *("File Name", "FILENAME", "file-name", "image", "image_id", "ImageId", "img", "file"),
        *("image_name", "Image Path", "filepath", "img_path", "id", "name", "image_file_name"),
    ],
)
def test_the_column_of_files_is_known_however_it_is_written(column: str, make: Any) -> None:
    assert make("1.png").csv(f"kind,{column}", "a,1.png").shown() == {"1.png": "a"}


def test_a_name_beside_a_column_of_files_is_a_label(make: Any) -> None:
    folder = make("1.png", "2.png").csv("image,name", "1.png,Ann", "2.png,Bob")
    assert folder.shown() == {"1.png": "Ann", "2.png": "Bob"}


def test_file_name_goes_before_filename(make: Any) -> None:
    assert make("1.png").csv("filename,file_name", "x,1.png").shown() == {"1.png": "x"}


def test_two_columns_that_may_name_images_are_refused_with_both(make: Any) -> None:
    folder = make("1.png").csv("left_file_name,right_file_name", "1.png,1.png")
    with pytest.raises(DataError, match="'left_file_name' and 'right_file_name' may each be it"):
        folder.open()


def test_a_name_without_its_ending_is_that_of_the_one_image(make: Any) -> None:
    folder = make("img/7.png", "img/10.PNG").csv("id,kind", "7,a", "10,b")
    assert folder.shown() == {"img/7.png": "a", "img/10.PNG": "b"}
    assert folder.open().notice.endswith(
        "labels.csv names images without their ending, such as '7' for img/7.png (2 rows)."
    )


def test_numbers_of_json_name_images(make: Any) -> None:
    assert make("7.png").jsonl({"id": 7, "kind": "a"}).shown() == {"7.png": "a"}


def test_a_dot_in_a_name_is_not_its_ending(make: Any) -> None:
    folder = make("a.1.png", "a.2.png").csv("id,kind", "a.1,x", "a.2,y")
    assert folder.shown() == {"a.1.png": "x", "a.2.png": "y"}


def test_a_name_in_another_case_is_that_of_the_one_image(make: Any) -> None:
    folder = make("Img/1.JPG", "Img/2.jpg").csv("file_name,kind", "img/1.jpg,a", "Img/2.jpg,b")
    assert folder.shown() == {"Img/1.JPG": "a", "Img/2.jpg": "b"}
    assert folder.open().notice.endswith(
        "labels.csv names images in another case of letters, such as 'img/1.jpg' for Img/1.JPG."
    )


def test_the_case_decides_where_both_are_there(make: Any) -> None:
    folder = make("x/1.JPG", "x/1.jpg").csv("file_name,kind", "X/1.jpg,a", "x/1.JPG,b")
    assert folder.shown() == {"x/1.JPG": "b", "x/1.jpg": "a"}


def test_a_bare_name_is_found_in_the_one_folder_that_has_it(make: Any) -> None:
    folder = make("a/1.png", "b/2.png", "b/3.png").csv("file_name,kind", "1.png,x", "3,y")
    assert folder.shown() == {"a/1.png": "x", "b/3.png": "y"}
    assert "without their folder, such as '1.png' for a/1.png." in folder.open().notice
    assert "without their folder and ending, such as '3' for b/3.png." in folder.open().notice


def test_names_from_windows_have_other_slashes(make: Any) -> None:
    folder = make("train/1.png", "test/1.png")
    folder.csv("file_name,kind", "train\\1.png,a", "test\\1.png,b")
    assert folder.shown() == {"train/1.png": "a", "test/1.png": "b"}


@pytest.mark.parametrize("root", ["/kaggle/input/x/", "C:\\data\\", "~/pictures/", "../../"])
def test_folders_of_another_machine_are_passed_over(root: str, make: Any) -> None:
    folder = make("a/1.png", "b/1.png")
    folder.csv("file_name,kind", f"{root}a/1.png,x", f"{root}b/1.png,y")
    assert folder.shown() == {"a/1.png": "x", "b/1.png": "y"}
    example = f"{root}a/1.png"
    assert (
        folder.open()
        .notice.split(" The ")[0]
        .endswith(f"with folders that are not here, such as {example!r} for a/1.png (2 rows).")
    )


def test_as_few_folders_as_possible_are_passed_over(make: Any) -> None:
    folder = make("x/a/1.png", "x/b/1.png", "1.png")
    folder.csv("file_name,kind", "/r/x/a/1.png,m", "/r/x/b/1.png,n", "/r/1.png,o")
    assert folder.shown() == {"1.png": "o", "x/a/1.png": "m", "x/b/1.png": "n"}


def test_a_renamed_folder_of_an_absolute_name_is_passed_over(make: Any) -> None:
    folder = make("img/1.png", "img/2.png").csv("path,kind", "/me/photos/1.png,a", "/me/photos/2,b")
    assert folder.shown() == {"img/1.png": "a", "img/2.png": "b"}


def test_folders_around_the_data_set_may_be_in_names(make: Any) -> None:
    folder = make("a/1.png", "b/1.png").csv("path,kind", "set/a/1.png,x", "set/b/1.png,y")
    assert folder.shown() == {"a/1.png": "x", "b/1.png": "y"}


@pytest.mark.parametrize(
    ("names", "row", "message"),
    [
        (("dog/1.png", "dog/2.png"), "cat/1.png", r"there is no image 'cat/1\.png' \(1 of 1"),
        (("a/1.png", "b/1.png"), "1.png", r"line 2: '1\.png' may be a/1\.png or b/1\.png\. Write"),
        (("1.png", "1.jpg"), "1", r"line 2: '1' may be 1\.jpg or 1\.png\. Write the name with"),
        (("a/1.png", "b/1.png"), "/x/1.png", r"line 2: '/x/1\.png' may be a/1\.png or b/1\.png"),
        (("1.JPG", "1.jpG"), "1.jpg", r"line 2: '1\.jpg' may be 1\.JPG or 1\.jpG\."),
        (("1.png.jpg",), "1.png", r"there is no image '1\.png'"),
        (("1.png",), "1.jpg", r"there is no image '1\.jpg'"),
    ],
)
def test_nothing_is_guessed(names: tuple[str, ...], row: str, message: str, make: Any) -> None:
    folder = make(*names).csv("file_name,kind", f"{row},a")
    with pytest.raises(DataError, match=message):
        folder.open()


def test_folders_of_another_machine_stay_apart_here(make: Any) -> None:
    folder = make("dog/1.png").csv("file_name,kind", "/x/cat/1.png,a", "/x/dog/1.png,b")
    with pytest.raises(DataError, match=r"line 2: there is no image '/x/cat/1\.png' \(1 of 2 rows"):
        folder.open()


def test_one_row_as_it_should_be_shows_that_others_are_wrong(make: Any) -> None:
    folder = make("1.png", "2.png").csv("file_name,kind", "1.png,a", "/x/2.png,b")
    with pytest.raises(DataError, match=r"line 3: there is no image '/x/2\.png' \(1 of 2 rows"):
        folder.open()
