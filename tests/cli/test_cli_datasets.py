"""``ganx datasets``: the list, the counts, and the sheet."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from datasets_command import Output, animals_in, as_json, error, text
from PIL import Image

from ganx import ImageFiles
from ganx.contracts.dataset import PassedOver
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_iclevr.rendered import RenderedImages

SMALL = ("--set", "dataset.size=12", "--set", "dataset.resolution=16")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def animals(tmp_path: Path) -> Path:
    return animals_in(tmp_path / "animals")


def test_the_list_names_every_data_set_with_its_summary(capsys: Output) -> None:
    found = text(capsys, "list")
    assert "iclevr  " in found
    assert "folder  " in found
    assert "One to three coloured solids" in found
    assert text(capsys) == found


def test_the_list_is_there_for_programs(capsys: Output) -> None:
    listed = {one["name"]: one["summary"] for one in as_json(capsys, "list")["datasets"]}
    assert listed["folder"].startswith("Any folder of images")
    assert as_json(capsys)["datasets"] == as_json(capsys, "list")["datasets"]


def test_a_blocked_plugin_is_not_listed(capsys: Output) -> None:
    assert run(cli, ["--block", "folder", "datasets"]) == 0
    assert "folder  " not in capsys.readouterr().out


def test_show_tells_all_about_a_data_set(capsys: Output) -> None:
    found = text(capsys, "show", "iclevr", *SMALL, "-n", "3")
    lines = [" ".join(line.split()) for line in found.splitlines()]
    assert lines[0] == "data set iclevr"
    assert "images 12 at 16x16, 3 channels" in lines
    assert "splits none; all images are trained on" in lines
    assert "prompts test 32, new_test 32" in lines
    assert "augmentation none" in lines
    assert "condition labels: object (24); 12 different conditions" in lines
    assert "scenes are rendered instead" in " ".join(lines)
    assert lines[-1] == "iclevr.png: 3 images, seed 0"


def test_values_are_counted_in_all_and_in_each_split(animals: Path, capsys: Output) -> None:
    found = text(capsys, "show", "folder", "--data", str(animals))
    lines = [line.split() for line in found.splitlines()]
    assert ["splits", "train", "3,", "test", "1"] in lines
    assert ["class", "images", "train", "test", "share"] in lines
    assert ["cat", "1", "0", "1", "25.0%"] in lines
    assert ["dog", "2", "2", "0", "50.0%"] in lines
    assert "No image to train on shows cat." in " ".join(found.split())


def test_values_that_no_image_shows_are_marked(capsys: Output) -> None:
    found = text(capsys, "show", "iclevr", "--set", "dataset.size=1", "-n", "1")
    rows = [line.split() for line in found.splitlines() if " cube " in line]
    assert len(rows) == 8
    assert sum(row[-1] == "empty" and row[-2] == "0" for row in rows) >= 7


def test_images_without_any_label_are_counted(tmp_path: Path, capsys: Output) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("1.png", "2.png"):
        Image.new("RGB", (8, 8)).save(folder / name)
    (folder / "labels.csv").write_text("file_name,shows\n1.png,a;b\n2.png,\n")
    found = text(capsys, "show", "folder", "--data", "data", "-o", "out/sheet.png")
    assert "2 different conditions; 1 image without any" in found


def test_json_holds_everything(animals: Path, capsys: Output) -> None:
    found = as_json(capsys, "show", "folder", "--data", str(animals), "-n", "2", "--seed", "5")
    assert found["name"] == "folder"
    assert found["kind"] == "classes"
    assert found["images"] == 4
    assert (found["resolution"], found["channels"]) == (64, 3)
    assert found["splits"] == {"train": [0, 3], "test": [3, 4]}
    assert found["prompts"] == {"classes": ["cat", "dog", "fox"]}
    assert (found["different"], found["unlabelled"]) == (3, 0)
    assert found["provenance"]["folder"] == str(animals)
    (group,) = found["groups"]
    assert group["name"] == "class"
    assert group["values"][0] == {"value": "cat", "images": 1, "splits": {"train": 0, "test": 1}}
    assert found["sheet"]["file"] == "folder.png"
    assert found["sheet"]["seed"] == 5
    assert len(found["sheet"]["images"]) == 2


@pytest.fixture
def tells_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder data set says what it read, and its images what they are like."""
    import ganx_folder.dataset as plugin

    opened = plugin.open_dataset
    passed = (
        PassedOver("files of macOS", 1200, "__MACOSX/._1.png"),
        PassedOver("texts", 2, "notes/read-me.txt", "They are neither images nor tables."),
    )
    monkeypatch.setattr(
        plugin,
        "open_dataset",
        lambda config: replace(
            opened(config), read_from="Pictures of " + "a" * 90 + ".", passed_over=passed
        ),
    )
    told = ["Sizes: 8x8.", "One has 16 bits for each channel, of which 8 are kept."]
    monkeypatch.setattr(ImageFiles, "survey", lambda _: told, raising=False)


@pytest.mark.usefixtures("animals", "tells_more")
def test_what_was_read_and_what_was_passed_over_is_said(capsys: Output) -> None:
    lines = text(capsys, "show", "animals").splitlines()
    at = lines.index("read from     Pictures of")
    assert lines[at + 1 : at + 5] == [
        " " * 14 + "a" * 90 + ".",
        "images        4 at 64x64, 3 channels",
        "              Sizes: 8x8.",
        "              One has 16 bits for each channel, of which 8 are kept.",
    ]
    at = lines.index("passed over")
    assert lines[at - 1 : at + 5] == [
        "",
        "passed over",
        "       1,200  files of macOS, such as __MACOSX/._1.png",
        "           2  texts, such as notes/read-me.txt. They are neither images nor",
        "              tables.",
        "",
    ]


@pytest.mark.usefixtures("animals", "tells_more")
def test_what_was_read_and_passed_over_is_in_the_json(capsys: Output) -> None:
    found = as_json(capsys, "show", "animals")
    assert found["read_from"].startswith("Pictures of aaa")
    assert found["passed_over"] == [
        {"what": "files of macOS", "count": 1200, "first": "__MACOSX/._1.png", "why": ""},
        {
            "what": "texts",
            "count": 2,
            "first": "notes/read-me.txt",
            "why": "They are neither images nor tables.",
        },
    ]
    assert found["survey"][0] == "Sizes: 8x8."


def test_a_data_set_that_says_nothing_of_its_files_has_no_lines_for_it(capsys: Output) -> None:
    arguments = ("show", "iclevr", *SMALL, "-n", "1")
    found = as_json(capsys, *arguments)
    assert (found["read_from"], found["passed_over"], found["survey"]) == ("", [], [])
    shown = text(capsys, *arguments)
    assert "read from" not in shown
    assert "passed over" not in shown


def test_of_many_values_the_first_are_counted_one_by_one(tmp_path: Path, capsys: Output) -> None:
    rows = [f"{number}.png,{number // 2 if number < 80 else 39}" for number in range(90)]
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(90):
        Image.new("RGB", (8, 8)).save(folder / f"{number}.png")
    (folder / "labels.csv").write_text("file_name,digit\n" + "\n".join(rows))
    lines = text(capsys, "show", "many", "-n", "1").splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("digit "))
    assert lines[at + 1].split() == ["0", "2", "2.2%"]
    assert lines[at + 30].split() == ["29", "2", "2.2%"]
    assert lines[at + 31] == "and 10 more, of 2 to 12 images each; --json has them all"
    assert len(as_json(capsys, "show", "many", "-n", "1")["groups"][0]["values"]) == 40


def test_unlabelled_images_are_numbered(animals: Path, capsys: Output) -> None:
    settings = ("--data", str(animals), "--set", "dataset.labels=false")
    found = text(capsys, "show", "folder", *settings)
    assert "none; the images have no labels" in found
    assert as_json(capsys, "show", "folder", *settings)["groups"] == []


def reds(path: str) -> set[int]:
    """Collect the shades of red on a sheet, whose letters are grey."""
    pixels = np.asarray(Image.open(path)).reshape(-1, 3)
    return {int(red) for red, green, blue in np.unique(pixels, axis=0) if not green | blue and red}


def test_the_sheet_shows_the_images_and_their_labels(animals: Path, capsys: Output) -> None:
    text(capsys, "show", "folder", "--data", str(animals), "-o", "sheet.png")
    assert reds("sheet.png") == {40, 80, 120, 160}
    pixels = np.asarray(Image.open("sheet.png").convert("L"))
    label, name = pixels[8 + 128 : 8 + 128 + 19, 8:136], pixels[8 + 128 + 19 : 8 + 128 + 38, 8:136]
    assert label.min() < 64
    assert 100 < name.min() < 128
    assert label.max() == name.max() == 255


def test_more_images_than_there_are_shows_all_of_them(animals: Path, capsys: Output) -> None:
    found = as_json(capsys, "show", "folder", "--data", str(animals), "-n", "100")
    cat, dogs, fox = [3], [0, 1], [2]
    assert found["sheet"]["images"] == cat + dogs + fox


def test_the_seed_chooses_the_images(capsys: Output) -> None:
    def chosen(seed: str) -> list[int]:
        shown = as_json(capsys, "show", "iclevr", *SMALL, "-n", "4", "--seed", seed)
        indices: list[int] = shown["sheet"]["images"]
        return indices

    assert chosen("1") == chosen("1")
    assert chosen("1") != chosen("2")


def test_only_the_images_on_the_sheet_are_read(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def remember(_: RenderedImages, start: int, stop: int, device: str) -> torch.Tensor:
        assert device == "cpu"
        read.extend(range(start, stop))
        return torch.zeros(stop - start, 16, 16, 3, dtype=torch.uint8)

    monkeypatch.setattr(RenderedImages, "read", remember)
    found = as_json(capsys, "show", "iclevr", "-n", "5", "--set", "dataset.resolution=16")
    assert read == found["sheet"]["images"]
    assert len(read) == 5


def cache_files() -> Iterator[Path]:
    from ganx.data.cache import cache_root

    yield from cache_root().rglob("*")


def test_nothing_is_put_into_the_cache(
    capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "cache"))
    text(capsys, "show", "iclevr", *SMALL, "-n", "2")
    assert list(cache_files()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("iclever",), "'iclever'. Did you mean 'iclevr'?"),
        (("iclever",), "There is no folder or zip archive 'iclever' either"),
        (("",), "There is no folder or zip archive '' either"),
        (("a" * 5000,), "either: to look at images of your own, give the path to them"),
        (("folder",), "Name it with --data DIR"),
        (("iclevr", "--set", "dataset.sise=3"), "Did you mean 'size'?"),
        (("iclevr", "--set", "model.width=3"), "'model' is not a setting of the data set. Write"),
        (("iclevr", "--set", "dataset=3"), "'dataset' is not a setting of the data set. Write"),
        (("iclevr", "--set", "dataset.size"), "Write it as --set"),
        (("iclevr", "--data", "none"), "There is no folder"),
        (("iclevr", *SMALL, "-n", "1", "-o", "sheet.txt"), "Cannot tell a picture format"),
    ],
)
def test_wrong_calls_are_answered_with_what_to_do(
    arguments: tuple[str, ...], message: str, capsys: Output
) -> None:
    assert message in " ".join(error(capsys, "show", *arguments).split())


def test_a_data_set_without_images_is_refused(capsys: Output, monkeypatch: Any) -> None:
    monkeypatch.setattr(RenderedImages, "__len__", lambda _: 0)
    assert "has no images" in error(capsys, "show", "iclevr", *SMALL)


def test_the_help_shows_examples_and_what_the_json_holds(capsys: Output) -> None:
    assert "ganx datasets show DIR" in text(capsys, "--help")
    shown = text(capsys, "show", "--help")
    assert "A look at your own images" in shown
    assert "unlabelled images of which no value is said" in shown
    assert "passed_over [{what, count, first, why}]" in shown


def test_what_the_folder_data_set_passed_over_is_told(animals: Path, capsys: Output) -> None:
    (animals / "notes.md").write_text("")
    (animals / ".git").mkdir()
    assert as_json(capsys, "show", "animals")["passed_over"] == [
        {"what": "hidden files and folders", "count": 1, "first": ".git", "why": ""},
        {"what": "other files (.md)", "count": 1, "first": "notes.md", "why": ""},
    ]
    lines = [line.split() for line in text(capsys, "show", "animals").splitlines()]
    assert ["1", "hidden", "files", "and", "folders,", "such", "as", ".git"] in lines


def test_an_image_that_cannot_be_decoded_is_told_beside_the_others(
    animals: Path, capsys: Output
) -> None:
    (animals / "train/dog/1.png").write_text("<html>404</html>")
    sheet = as_json(capsys, "show", "animals")["sheet"]
    (damaged,) = sheet["damaged"]
    assert damaged.startswith(f"{animals}/train/dog/1.png: it is none of PNG")
    assert len(sheet["images"]) == 4
    printed = text(capsys, "show", "animals")
    assert "1 image on the sheet cannot be decoded. Training looks at all images" in printed
    assert damaged in printed
