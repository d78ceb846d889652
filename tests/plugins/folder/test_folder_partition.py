"""CelebA's division of its images into splits."""

from typing import Any

import pytest

from ganx.errors import DataError

NAMES = (
    "img_align_celeba/000001.jpg",
    "img_align_celeba/000002.jpg",
    "img_align_celeba/000003.jpg",
)
ATTRIBUTES = "3\nSmiling Young\n000001.jpg 1 -1\n000002.jpg -1 1\n000003.jpg 1 1\n"
PARTITION = "000001.jpg 2\n000002.jpg 0\n000003.jpg 1\n"


@pytest.fixture
def celeba(make: Any) -> Any:
    return make(*NAMES).text("Anno/list_attr_celeba.txt", ATTRIBUTES)


def test_it_is_read_from_its_own_folder(celeba: Any) -> None:
    celeba.text("Eval/list_eval_partition.txt", PARTITION)
    dataset = celeba.open(table="Anno/list_attr_celeba.txt")
    assert list(dataset.images.names) == [NAMES[1], NAMES[2], NAMES[0]]
    assert dataset.splits == {"train": slice(0, 1), "validation": slice(1, 2), "test": slice(2, 3)}
    assert "Eval/list_eval_partition.txt divides the images into splits." in dataset.notice
    assert "was not read" not in dataset.notice
    assert dataset.passed_over == ()


def test_it_may_be_csv_and_what_it_says_is_in_the_digest(make: Any) -> None:
    folder = make(*NAMES).csv(
        "image_id,Smiling,Young",
        "000001.jpg,1,-1",
        "000002.jpg,-1,1",
        "000003.jpg,1,1",
        name="list_attr_celeba.csv",
    )
    digests = set()
    for last in (0, 2):
        rows = ["000001.jpg,0", "000002.jpg,0", f"000003.jpg,{last}"]
        folder.csv("image_id,partition", *rows, name="list_eval_partition.csv")
        digests.add(folder.open().provenance["labels_sha256"])
    assert len(digests) == 2
    assert folder.open().splits == {"train": slice(0, 2), "test": slice(2, 3)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PARTITION.replace(" 1", " 7"), r"line 3: '7' is no part of CelebA\. Write 0 for training"),
        (
            PARTITION.partition("\n")[2],
            r"does not name '000001\.jpg', and divides the others\. Add",
        ),
    ],
)
def test_a_wrong_one_is_refused(text: str, message: str, celeba: Any) -> None:
    celeba.text("list_eval_partition.txt", text)
    with pytest.raises(DataError, match=message):
        celeba.open(table="Anno/list_attr_celeba.txt")


def test_other_tables_are_not_divided_by_it(make: Any) -> None:
    folder = make(*NAMES).text("list_eval_partition.txt", PARTITION)
    folder.csv("file,kind", "000001.jpg,a", "000002.jpg,b", "000003.jpg,a")
    assert folder.open().splits == {}
