"""The plugin itself, its settings, and what it tells of a folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ganx.config import validated
from ganx.data.store import prepare
from ganx.errors import ConfigError, DataError
from ganx_folder.config import FolderConfig
from ganx_folder.plugin import ganx_datasets


def test_the_plugin_provides_one_data_set() -> None:
    assert [spec.name for spec in ganx_datasets()] == ["folder"]


def test_listing_the_plugin_loads_neither_torch_nor_numpy_nor_pillow() -> None:
    code = (
        "import sys; sys.path[:] = sys.argv[1:]; import ganx_folder.plugin as plugin; "
        "list(plugin.ganx_datasets()); print({'torch', 'numpy', 'PIL'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, *sys.path]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "set()\n"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"channels": 2}, r"'dataset.channels'.*choose from 1, 3"),
        ({"resolution": 4}, "'dataset.resolution'"),
        ({"kind": "captions"}, r"choose from auto, none, classes, labels, attributes"),
        ({"column": ["a"]}, "Did you mean 'columns'"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        validated(FolderConfig, settings, "dataset")


def test_without_a_folder_it_says_how_to_name_one() -> None:
    (spec,) = ganx_datasets()
    with pytest.raises(ConfigError, match=r"needs a folder of images\. Name it with --data DIR"):
        spec.open(validated(spec.config, {}, "dataset"))


def test_images_reach_the_store_with_their_own_conditions(make: Any, tmp_path: Path) -> None:
    folder = make("dog/1.png", "cat/2.png", "dog/3.png")
    store = prepare(folder.open(), "folder", tmp_path / "cache")
    red = store.images[:, 0, 0, 0].tolist()
    shown = [row.tolist() for row in store.conditions]
    # The fixture's images are redder the later they are made; "cat" sorts before "dog".
    assert red == [red[0], *sorted(red[1:])]
    assert red[1] < red[0] < red[2]
    assert shown == [[1, 0], [0, 1], [0, 1]]


def test_one_channel_is_grey(make: Any) -> None:
    dataset = make("1.png").open(channels=1)
    assert dataset.interface.channels == 1
    assert dataset.images.read(0, 1, "cpu").shape == (1, 8, 8, 1)


def test_mirroring_is_asked_for(make: Any) -> None:
    folder = make("1.png")
    assert folder.open().augmentation == "none"
    assert folder.open(mirror=True).augmentation == "mirror"


def test_labels_can_be_left_aside(make: Any) -> None:
    folder = make("cat/1.png", "dog/2.png", "fox.png")
    for settings in ({"labels": False}, {"kind": "none"}):
        dataset = folder.open(**settings)
        assert dataset.conditions.shape == (3, 0)
        assert dataset.prompts == {}
        assert dataset.notice == "Labels are not read, as the settings say."


def test_labels_left_aside_need_not_be_right(make: Any) -> None:
    folder = make("1.png", "2.png").csv("file_name,text", "1.png,a cat; or not", "2.png,")
    assert folder.shown(labels=False) == {"1.png": "", "2.png": ""}


def test_each_class_is_a_prompt(make: Any) -> None:
    assert make("b/1.png", "a/2.png", "b/3.png").open().prompts == {"classes": ("a", "b")}


def test_the_most_frequent_conditions_are_prompts_and_the_empty_one_is_not(make: Any) -> None:
    names = [f"{number}.png" for number in range(6)]
    shows = ["", "a|b", "", "", "b", "a|b"]
    rows = [f"{name},{labels}" for name, labels in zip(names, shows, strict=True)]
    dataset = make(*names).csv("file_name,shows", *rows).open()
    assert dataset.prompts == {"frequent": ("a, b", "b")}


def test_prompts_are_some_of_many_conditions(make: Any) -> None:
    names = [f"{number}.png" for number in range(40)]
    rows = [f"{name},{number % 40},x" for number, name in enumerate(names)]
    dataset = make(*names).csv("file_name,a,b", *rows).open()
    assert len(dataset.prompts["frequent"]) == 32


def test_a_value_that_only_tests_show_is_reported(make: Any) -> None:
    dataset = make("train/a/1.png", "train/b/2.png", "test/c/3.png").open()
    assert dataset.interface.condition.groups[0].values == ("a", "b", "c")
    assert dataset.notice.endswith("No image to train on shows c.")


def test_many_such_values_are_counted(make: Any) -> None:
    names = [f"test/{letter}/1.png" for letter in "cdefg"]
    dataset = make("train/a/1.png", "train/b/2.png", *names).open()
    assert dataset.notice.endswith("No image to train on shows c, d, e and 2 more.")


def test_the_provenance_tells_the_folder_the_kind_and_a_digest_of_the_table(make: Any) -> None:
    folder = make("1.png", "2.png").csv("file_name,kind", "1.png,a", "2.png,b")
    first = folder.open().provenance
    assert json.loads(json.dumps(first)) == first
    assert first["folder"] == str(folder.path)
    assert (first["kind"], first["labels_from"], first["images"]) == ("classes", "labels.csv", 2)
    folder.csv("file_name,kind", "1.png,b", "2.png,a")
    assert folder.open().provenance["labels_sha256"] != first["labels_sha256"]


def test_a_changed_image_is_noticed_and_changed_labels_keep_the_store(make: Any) -> None:
    folder = make("1.png", "2.png").csv("file_name,kind", "1.png,a", "2.png,b")
    first = folder.open().images.fingerprint()
    folder.csv("file_name,kind", "1.png,b", "2.png,a")
    assert folder.open().images.fingerprint() == first
    os.utime(folder.path / "1.png", ns=(0, 0))
    assert folder.open().images.fingerprint() == first
    (folder.path / "1.png").write_bytes((folder.path / "2.png").read_bytes())
    assert folder.open().images.fingerprint() != first


def test_the_home_folder_may_be_written_as_a_tilde(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make("1.png")
    monkeypatch.setenv("HOME", str(folder.path.parent))
    folder.path = Path("~/data")
    assert len(folder.open().images) == 1


def test_a_folder_that_may_not_be_read_is_named(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make("1.png")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match=r"Cannot read .*data: Permission denied\. Make"):
        folder.open()
