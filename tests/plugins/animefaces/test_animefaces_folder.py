import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ganx.contracts.dataset import Dataset
from ganx.data.store import prepare
from ganx.errors import ConfigError, DataError
from ganx_animefaces.config import AnimefacesConfig
from ganx_animefaces.dataset import open_dataset

PAIRS = "0,aqua hair red eyes\n1,pink hair blue eyes\n2,blonde hair red eyes\n"
COUNTED = (
    "0,smile:9\taqua hair:4\tred eyes:2\t\n1,pink hair:2\tblue eyes:1\n2,long hair:8\tred eyes:1\n"
)


def opened(folder: Path, **settings: Any) -> Dataset:
    return open_dataset(AnimefacesConfig(folder=folder, resolution=16, **settings))


def shown(dataset: Dataset) -> list[str]:
    return [dataset.interface.condition.decode(row) for row in dataset.conditions]


def put_images(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        Image.new("RGB", (24, 24), (40 * number, 0, 0)).save(folder / name)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A folder with tags.csv and three images."""
    path = tmp_path / "faces of 2018"
    put_images(path / "images", "0.jpg", "1.jpg", "2.jpg")
    (path / "tags.csv").write_text(PAIRS)
    return path


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A folder with tags_clean.csv and three images, two of them with both colours."""
    path = tmp_path / "faces of 2017"
    put_images(path / "faces", "0.jpg", "1.jpg", "2.jpg")
    (path / "tags_clean.csv").write_text(COUNTED)
    return path


def test_the_newer_layout_is_read(newer: Path) -> None:
    dataset = opened(newer)
    assert dataset.interface.resolution == 16
    assert shown(dataset) == [
        "hair=aqua, eyes=red",
        "hair=pink, eyes=blue",
        "hair=blonde, eyes=red",
    ]


def test_the_older_layout_is_read(older: Path) -> None:
    assert shown(opened(older)) == ["hair=aqua, eyes=red", "hair=pink, eyes=blue"]


def test_the_newer_layout_is_taken_where_a_folder_has_both(newer: Path, older: Path) -> None:
    (older / "tags_clean.csv").rename(newer / "tags_clean.csv")
    assert opened(newer).provenance["tags"] == "tags.csv"


def test_images_reach_the_store_in_the_order_of_the_tags(newer: Path, tmp_path: Path) -> None:
    store = prepare(opened(newer), "animefaces", tmp_path / "cache")
    reds = store.images[:, 8, 8, 0].tolist()
    assert reds == pytest.approx([0, 40, 80], abs=3)


@pytest.mark.parametrize("place", ["faces", "."])
def test_images_may_also_lie_elsewhere(place: str, newer: Path) -> None:
    (newer / place).mkdir(exist_ok=True)
    for image in list((newer / "images").iterdir()):
        image.rename(newer / place / image.name)
    assert len(opened(newer).images) == 3


def test_images_may_be_png(newer: Path) -> None:
    (newer / "images" / "1.jpg").unlink()
    put_images(newer / "images", "1.png")
    assert opened(newer).images.read(1, 2, "cpu").shape == (1, 16, 16, 3)


def test_only_images_of_rows_that_are_used_are_needed(older: Path) -> None:
    (older / "faces" / "2.jpg").unlink()
    assert len(opened(older).images) == 2


def test_the_notice_says_which_source_was_taken_and_what_was_left_out(older: Path) -> None:
    (older / "tags_clean.csv").write_text(
        COUNTED
        + "3,red hair:1\tblue hair:1\tred eyes:1\n4,silver hair:1\tred eyes:1\n5,silver hair:2\n"
    )
    notice = opened(older).notice
    assert notice.startswith(
        f"As a folder was given, faces are read from it: 2 of the 6 rows of "
        f"{older / 'tags_clean.csv'} are used. Left out: 1 with more than one colour of hair or "
        "of eyes, 2 with a colour outside the vocabulary, 1 without a colour of hair or of eyes. "
        "Outside the vocabulary: silver hair (2). No image has orange hair or white hair or "
    )


def test_the_notice_of_a_wanted_folder_says_so(newer: Path) -> None:
    notice = opened(newer, source="folder").notice
    assert notice.startswith("As dataset.source is 'folder', faces are read from it: 3 of the 3")
    assert "Left out" not in notice
    assert "Outside" not in notice


def test_the_provenance_counts_what_the_notice_says(older: Path) -> None:
    (older / "tags_clean.csv").write_text(COUNTED + "4,silver hair:1\tred eyes:1\n")
    provenance = opened(older).provenance
    assert provenance["source"] == "folder"
    assert provenance["folder"] == str(older)
    assert (provenance["rows"], provenance["images"]) == (4, 2)
    assert provenance["left_out"] == {"double": 0, "unknown": 1, "missing": 1}
    assert provenance["colours_outside_the_vocabulary"] == {"silver hair": 1}
    assert "aqua" not in provenance["empty_classes"]["hair"]
    assert len(provenance["empty_classes"]["hair"]) == 10
    assert len(provenance["empty_classes"]["eyes"]) == 9
    assert json.loads(json.dumps(provenance)) == provenance


def test_changed_tags_change_the_provenance(newer: Path) -> None:
    first = opened(newer).provenance["tags_sha256"]
    (newer / "tags.csv").write_text(PAIRS.replace("blonde", "black"))
    assert opened(newer).provenance["tags_sha256"] != first


def test_prompts_have_only_colours_that_some_image_has(newer: Path) -> None:
    every = [f"{n},{hair} hair red eyes\n" for n, hair in enumerate(("aqua", "pink", "blonde"))]
    (newer / "tags.csv").write_text("".join(every))
    assert opened(newer).prompts == {}
    (newer / "tags.csv").write_text("0,aqua hair orange eyes\n1,pink hair blue eyes\n")
    assert opened(newer).prompts == {"pairs": ("hair=aqua, eyes=orange",)}


def test_the_vocabulary_stays_whole_where_classes_are_empty(newer: Path) -> None:
    assert opened(newer).interface.condition.size == 23


def test_without_labels_the_same_images_are_trained_on(newer: Path) -> None:
    dataset = opened(newer, labels=False)
    assert dataset.interface.condition.kind == "none"
    assert dataset.conditions.shape == (3, 0)
    assert dataset.images.fingerprint() == opened(newer).images.fingerprint()


def test_a_changed_image_is_noticed(newer: Path) -> None:
    first = opened(newer).images.fingerprint()
    image = newer / "images" / "0.jpg"
    os.utime(image, ns=(0, 0))
    assert opened(newer).images.fingerprint() == first
    image.write_bytes(image.read_bytes() + b"more")
    assert opened(newer).images.fingerprint() != first


def test_the_source_folder_needs_a_folder() -> None:
    with pytest.raises(ConfigError, match=r"no folder is given.*dataset\.folder"):
        open_dataset(AnimefacesConfig(source="folder"))


def _no_images(folder: Path) -> None:
    for path in (folder / "images").iterdir():
        path.unlink()


def _outside(folder: Path) -> None:
    (folder / "images" / "1.jpg").rename(folder.parent / "1.jpg")
    (folder / "images" / "1.jpg").symlink_to(folder.parent / "1.jpg")


BAD_FOLDERS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no tags": (
        lambda folder: (folder / "tags.csv").unlink(),
        r"has neither tags\.csv nor tags_clean\.csv\. The folder holds",
    ),
    "tags one level down": (
        lambda folder: (folder / "tags.csv").rename(folder / "images" / "tags.csv"),
        r"neither tags\.csv .*Did you mean .*images\?",
    ),
    "a folder for tags": (
        lambda folder: ((folder / "tags.csv").unlink(), (folder / "tags.csv").mkdir()),
        r"Cannot read .*tags\.csv: Is a directory",
    ),
    "an image missing": (
        lambda folder: (folder / "images" / "1.jpg").unlink(),
        r"'1\.jpg' is not in .*images \(1 of 3 images",
    ),
    "no images": (_no_images, r"none of the 3 images is, such as 0\.jpg.*Put them into .*images"),
    "an image outside": (_outside, r"The link .*1\.jpg leads outside the folder"),
    "no colours": (
        lambda folder: (folder / "tags.csv").write_text("0,odd hair odd eyes\n"),
        r"None of the 1 rows of .*tags\.csv names exactly one hair and one eye",
    ),
}


@pytest.mark.parametrize(("damage", "message"), BAD_FOLDERS.values(), ids=list(BAD_FOLDERS))
def test_a_bad_folder_is_refused_with_what_where_and_what_to_do(
    damage: Callable[[Path], Any], message: str, newer: Path
) -> None:
    damage(newer)
    with pytest.raises(DataError, match=message) as raised:
        opened(newer)
    assert str(newer) in str(raised.value)
    assert str(raised.value).endswith((".", "'"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no folder .*none\. Check --data DIR"):
        opened(tmp_path / "none")


def test_a_file_for_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file is a file, not the folder"):
        opened(tmp_path / "file")


def test_damaged_images_are_left_out_with_their_tags_when_asked(newer: Path) -> None:
    (newer / "images" / "1.jpg").write_text("no image")
    with pytest.raises(DataError, match=r"1\.jpg.*Or set dataset\.skip_damaged=true"):
        opened(newer).images.read(0, 3, "cpu")
    dataset = opened(newer, skip_damaged=True)
    assert shown(dataset) == ["hair=aqua, eyes=red", "hair=blonde, eyes=red"]
    assert len(dataset.images) == 2
    assert "1 image is left out" in dataset.notice
    assert dataset.provenance["skipped_damaged"] == ["1.jpg"]
