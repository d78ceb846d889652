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
from ganx_iclevr.config import IclevrConfig
from ganx_iclevr.dataset import open_dataset
from ganx_iclevr.vocabulary import OBJECTS

TRAIN = {
    "a_0.png": ["red cube"],
    "a_1.png": ["red cube", "blue sphere"],
    "a_2.png": ["red cube", "blue sphere", "yellow cylinder"],
}


def write(path: Path, data: Any) -> None:
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")


def opened(folder: Path, **settings: Any) -> Dataset:
    return open_dataset(IclevrConfig(folder=folder, resolution=16, **settings))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the lab hands it out, with three images."""
    path = tmp_path / "lab"
    (path / "iclevr").mkdir(parents=True)
    write(path / "objects.json", {name: index for index, name in enumerate(OBJECTS)})
    write(path / "train.json", TRAIN)
    for number, name in enumerate(TRAIN):
        Image.new("RGBA", (32, 24), (number, 0, 0, 255)).save(path / "iclevr" / name)
    return path


def test_the_folder_decides_interface_and_conditions(folder: Path) -> None:
    dataset = opened(folder)
    interface = dataset.interface
    assert (interface.resolution, interface.channels) == (16, 3)
    assert interface.condition.kind == "labels"
    assert [group.name for group in interface.condition.groups] == ["object"]
    assert interface.condition.groups[0].values == OBJECTS
    shown = [interface.condition.decode(row) for row in dataset.conditions]
    assert shown == ["red cube", "red cube, blue sphere", "red cube, blue sphere, yellow cylinder"]


def test_the_images_reach_the_store_in_the_order_of_the_labels(
    folder: Path, tmp_path: Path
) -> None:
    store = prepare(opened(folder), "iclevr", tmp_path / "cache")
    assert store.images.shape == (3, 16, 16, 3)
    assert store.images[:, 0, 0, 0].tolist() == [0, 1, 2]


def test_objects_are_ordered_by_index_and_not_by_place_in_the_file(folder: Path) -> None:
    mixed = sorted(enumerate(OBJECTS), key=lambda item: item[1])
    write(folder / "objects.json", {name: index for index, name in mixed})
    assert opened(folder).interface.condition.groups[0].values == OBJECTS


@pytest.mark.parametrize("place", ["images", "."])
def test_images_may_also_lie_in_images_or_beside_the_labels(place: str, folder: Path) -> None:
    (folder / place).mkdir(exist_ok=True)
    for name in TRAIN:
        (folder / "iclevr" / name).rename(folder / place / name)
    (folder / "iclevr").rmdir()
    assert len(opened(folder).images) == 3


def test_an_empty_image_folder_does_not_hide_the_images(folder: Path) -> None:
    (folder / "iclevr").rename(folder / "images")
    (folder / "iclevr").mkdir()
    assert len(opened(folder).images) == 3


def test_a_folder_without_prompts_gets_the_shipped_ones(folder: Path) -> None:
    dataset = opened(folder)
    assert {name: len(texts) for name, texts in dataset.prompts.items()} == {
        "test": 32,
        "new_test": 32,
    }
    assert dataset.provenance["prompts"] == {"test": "shipped", "new_test": "shipped"}


def test_prompts_of_the_folder_go_before_the_shipped_ones(folder: Path) -> None:
    write(folder / "test.json", [["red cube", "blue sphere"], ["gray cylinder"]])
    dataset = opened(folder)
    assert dataset.prompts["test"] == ("red cube, blue sphere", "gray cylinder")
    assert len(dataset.prompts["new_test"]) == 32
    assert dataset.provenance["prompts"] == {"test": "folder", "new_test": "shipped"}


def test_shipped_prompts_are_left_out_where_the_objects_are_others(folder: Path) -> None:
    others = [name.replace("cube", "cone") for name in OBJECTS]
    write(folder / "objects.json", {name: index for index, name in enumerate(others)})
    write(folder / "train.json", {"a_0.png": ["red cone"]})
    assert opened(folder).prompts == {}


def test_the_provenance_tells_the_folder_and_a_digest_of_the_labels(folder: Path) -> None:
    first = opened(folder).provenance
    assert first["source"] == "folder"
    assert first["folder"] == str(folder)
    assert first["images"] == 3
    write(folder / "train.json", TRAIN | {"a_0.png": ["blue cube"]})
    assert opened(folder).provenance["labels_sha256"] != first["labels_sha256"]
    assert json.loads(json.dumps(first)) == first


def test_real_images_need_no_notice(folder: Path) -> None:
    assert opened(folder).notice == ""


def test_a_changed_image_is_noticed(folder: Path) -> None:
    first = opened(folder).images.fingerprint()
    image = folder / "iclevr" / "a_0.png"
    os.utime(image, ns=(0, 0))
    assert opened(folder).images.fingerprint() == first
    image.write_bytes(image.read_bytes() + b"more")
    assert opened(folder).images.fingerprint() != first


def test_the_home_folder_may_be_written_as_a_tilde(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert len(opened(Path("~/lab")).images) == 3


def test_the_source_folder_needs_a_folder() -> None:
    with pytest.raises(ConfigError, match=r"no folder is given.*dataset\.folder"):
        open_dataset(IclevrConfig(source="folder"))


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _put(name: str, data: Any) -> Callable[[Path], None]:
    return lambda folder: write(folder / name, data)


def _remove_images(folder: Path) -> None:
    for path in (folder / "iclevr").iterdir():
        path.unlink()
    (folder / "iclevr").rmdir()


def _objects(**changed: Any) -> dict[str, Any]:
    named = {name.replace(" ", "_"): index for index, name in enumerate(OBJECTS)}
    return {name.replace("_", " "): index for name, index in (named | changed).items()}


BAD_FOLDERS = {
    "no objects.json": (
        _remove("objects.json"),
        r"objects\.json is missing in .*lab\. The folder holds",
    ),
    "no train.json": (_remove("train.json"), r"train\.json is missing in .*lab\."),
    "no images folder": (
        _remove_images,
        r"labels are in .*lab, but none of the 3 images.*Put them into .*iclevr",
    ),
    "an image missing": (
        _remove("iclevr/a_1.png"),
        r"'a_1\.png' is not in .*iclevr \(1 of 3 images",
    ),
    "a folder as JSON": (
        lambda folder: (_remove("train.json")(folder), (folder / "train.json").mkdir()),
        r"train\.json cannot be read: Is a directory",
    ),
    "not JSON": (
        _put("train.json", '{\n "a_0.png": [red cube]}'),
        r"train\.json is not JSON at line 2, column 14",
    ),
    "empty file": (_put("train.json", ""), r"train\.json is not JSON at line 1, column 1"),
    "not UTF-8": (
        lambda folder: (folder / "train.json").write_bytes(b'{"\xff": []}'),
        r"train\.json is not text in UTF-8: byte 2",
    ),
    "nested without end": (
        _put("train.json", "[" * 200_000),
        r"train\.json cannot be used",
    ),
    "a list for train.json": (_put("train.json", []), r"train\.json must hold an object such as"),
    "an empty train.json": (_put("train.json", {}), r"train\.json names no images"),
    "a name for a list": (
        _put("train.json", {"a_0.png": "red cube"}),
        r"train\.json must hold .*image 'a_0\.png' has 'red cube'",
    ),
    "numbers for names": (
        _put("train.json", {"a_0.png": [1]}),
        r"train\.json must hold .*image 'a_0\.png' has \[1\]",
    ),
    "an unknown object": (
        _put("train.json", {"a_0.png": ["red cubes"]}),
        r"image 'a_0\.png' shows 'red cubes'.*not in objects\.json\. Did you mean 'red cube'",
    ),
    "an image twice": (
        _put("train.json", '{"a_0.png": ["red cube"], "a_0.png": ["blue cube"]}'),
        r"train\.json cannot be used: 'a_0\.png' is in it twice",
    ),
    "a name that climbs out": (
        _put("train.json", {"a_0.png": ["red cube"], "../../secret.png": ["red cube"]}),
        r"'\.\./\.\./secret\.png' points outside the folder .*iclevr",
    ),
    "an absolute name": (
        _put("train.json", {"a_0.png": ["red cube"], "/secret.png": ["red cube"]}),
        r"'/secret\.png' points outside the folder .*iclevr",
    ),
    "a list for objects.json": (_put("objects.json", ["red cube"]), r"objects\.json must hold an"),
    "words for indices": (
        _put("objects.json", _objects(red_cube="1")),
        r"objects\.json must hold an object",
    ),
    "true for an index": (
        _put("objects.json", _objects(red_cube=True)),
        r"objects\.json must hold an object",
    ),
    "a gap in the indices": (
        _put("objects.json", _objects(red_cube=24)),
        r"objects\.json must give 24 objects the indices 0 to 23.*none with index 1\.",
    ),
    "an index twice": (
        _put("objects.json", _objects(red_cube=2)),
        r"objects\.json must give 24 objects .*none with index 1\.",
    ),
    "an object too many": (
        _put("objects.json", _objects(red_cone=24)),
        r"objects\.json must give 24 objects .*it has 25 objects\.",
    ),
    "no objects": (_put("objects.json", {}), r"objects\.json must give 24 objects"),
    "a comma in a name": (
        _put("objects.json", {("a,b" if i == 3 else f"n{i}"): i for i in range(24)}),
        r"objects\.json: 'a,b' cannot be the name",
    ),
    "an object for test.json": (_put("test.json", {}), r"test\.json must hold a list such as"),
    "an empty test.json": (_put("test.json", []), r"test\.json must hold a list such as"),
    "an unknown object in new_test.json": (
        _put("new_test.json", [["red cube"], ["blue spere"]]),
        r"new_test\.json: prompt 2 shows 'blue spere'.*Did you mean 'blue sphere'",
    ),
}


@pytest.mark.parametrize(
    ("damage", "message"),
    BAD_FOLDERS.values(),
    ids=[name.replace(" ", "-") for name in BAD_FOLDERS],
)
def test_a_bad_folder_is_refused_with_what_where_and_what_to_do(
    damage: Callable[[Path], None], message: str, folder: Path
) -> None:
    damage(folder)
    with pytest.raises(DataError, match=message) as raised:
        opened(folder)
    assert str(folder) in str(raised.value)
    assert str(raised.value).endswith((".", "?"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no folder .*none\. Check --data DIR"):
        opened(tmp_path / "none")


def test_a_file_for_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file is a file, not the folder"):
        opened(tmp_path / "file")


@pytest.mark.parametrize("place", ["..", "iclevr"])
def test_a_folder_too_high_or_too_low_gets_a_hint(place: str, folder: Path) -> None:
    with pytest.raises(DataError, match=r"objects\.json is missing.*Did you mean .*lab\?"):
        opened((folder / place).resolve())


def test_labels_that_may_not_be_read_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(DataError, match=r"objects\.json cannot be read: Permission denied"):
        opened(folder)


def test_a_folder_that_may_not_be_searched_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(DataError, match=r"Cannot read .*lab: Permission denied"):
        opened(folder)


def test_a_truncated_image_stops_the_build_and_is_named(folder: Path, tmp_path: Path) -> None:
    path = folder / "iclevr" / "a_2.png"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"Cannot decode the image .*a_2\.png"):
        prepare(opened(folder), "iclevr", tmp_path / "cache")
