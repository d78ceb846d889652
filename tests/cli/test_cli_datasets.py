"""``ganx datasets``: the list, the counts, and the sheet."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_iclevr.rendered import RenderedImages

Output = pytest.CaptureFixture[str]
SMALL = ("--set", "dataset.size=12", "--set", "dataset.resolution=16")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def animals(tmp_path: Path) -> Path:
    """Images in two splits; no cat is trained on."""
    folder = tmp_path / "animals"
    for name in ("train/dog/1.png", "train/dog/2.png", "train/fox/3.png", "test/cat/4.png"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (int(path.stem) * 40, 0, 0)).save(path)
    return folder


def text(capsys: Output, *arguments: str) -> str:
    assert run(cli, ["datasets", *arguments]) == 0
    return capsys.readouterr().out


def as_json(capsys: Output, *arguments: str) -> dict[str, Any]:
    return json.loads(text(capsys, *arguments, "--json"))


def error(capsys: Output, *arguments: str) -> str:
    assert run(cli, ["datasets", *arguments]) == 1
    return capsys.readouterr().err


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
    for name in ("1.png", "2.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    (tmp_path / "labels.csv").write_text("file_name,shows\n1.png,a;b\n2.png,\n")
    found = text(capsys, "show", "folder", "--data", ".", "-o", "out/sheet.png")
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
    first_text = pixels[8 + 128 : 8 + 128 + 16, 8 : 8 + 128]
    assert first_text.min() < 64
    assert first_text.max() == 255


def test_more_images_than_there_are_shows_all_of_them(animals: Path, capsys: Output) -> None:
    found = as_json(capsys, "show", "folder", "--data", str(animals), "-n", "100")
    assert found["sheet"]["images"] == [0, 1, 2, 3]


def test_the_seed_chooses_the_images(capsys: Output) -> None:
    def chosen(seed: str) -> list[int]:
        shown = as_json(capsys, "show", "iclevr", *SMALL, "-n", "4", "--seed", seed)
        indices: list[int] = shown["sheet"]["images"]
        return indices

    assert chosen("1") == chosen("1")
    assert chosen("1") == sorted(chosen("1"))
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


@pytest.mark.parametrize("name", ["animals", "./animals/", "ABSOLUTE"])
def test_a_folder_may_be_named_for_a_data_set(name: str, animals: Path, capsys: Output) -> None:
    found = as_json(capsys, "show", name.replace("ABSOLUTE", str(animals)))
    assert (found["name"], found["images"]) == ("folder", 4)
    assert found["sheet"]["file"] == "animals.png"
    assert Path("animals.png").exists()
    assert found["read_from"] == (
        f"Images are in {animals}, its folders train, test; labels are the names of folders."
    )


def test_an_archive_may_be_named_and_reaches_the_data_set(capsys: Output) -> None:
    Path("images.zip").write_bytes(b"")
    assert "images.zip is" in error(capsys, "show", "images.zip")


def test_a_data_set_goes_before_a_folder_of_its_name(animals: Path, capsys: Output) -> None:
    animals.rename("iclevr")
    assert run(cli, ["datasets", "show", "iclevr", *SMALL, "-n", "1"]) == 0
    told = capsys.readouterr()
    assert "data set iclevr" in told.out
    assert told.err == "iclevr is a data set, and a folder here: for that, write ./iclevr\n"
    assert as_json(capsys, "show", "./iclevr")["images"] == 4


def test_what_was_passed_over_is_listed(animals: Path, capsys: Output) -> None:
    (animals / "notes.md").write_text("")
    (animals / ".git").mkdir()
    found = as_json(capsys, "show", "animals")
    assert found["passed_over"] == [
        {"what": "hidden files and folders", "count": 1, "first": ".git", "why": ""},
        {"what": "other files (.md)", "count": 1, "first": "notes.md", "why": ""},
    ]
    lines = [line.split() for line in text(capsys, "show", "animals").splitlines()]
    assert ["passed", "over", "count", "such", "as"] in lines
    assert ["hidden", "files", "and", "folders", "1", ".git"] in lines


def test_a_source_may_tell_what_its_images_are_like(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ["All are 16x16.", "None is grey."]
    monkeypatch.setattr(RenderedImages, "survey", lambda _: told, raising=False)
    assert as_json(capsys, "show", "iclevr", *SMALL, "-n", "1")["survey"] == told
    assert "All are 16x16." in text(capsys, "show", "iclevr", *SMALL, "-n", "1")


def test_the_sheet_does_not_become_one_of_the_images(
    animals: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(animals / "train")
    for asked in (("..",), ("folder", "--data", "..")):
        assert "would lie among the images in" in " ".join(error(capsys, "show", *asked).split())
    assert as_json(capsys, "show", "..", "-o", "../../here.png")["images"] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("elsewhere/images",), "There is no folder"),
        (("elsewhere/images", "--data", "x"), "are two folders. Give one of them."),
        (("iclever",), "'iclever'. Did you mean 'iclevr'?"),
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


def test_a_damaged_image_is_named(animals: Path, capsys: Output) -> None:
    (animals / "train" / "fox" / "3.png").write_bytes(b"\x89PNG")
    assert "Cannot decode the image" in error(capsys, "show", "folder", "--data", str(animals))
    assert not Path("folder.png").exists()


def test_a_data_set_without_images_is_refused(capsys: Output, monkeypatch: Any) -> None:
    monkeypatch.setattr(RenderedImages, "__len__", lambda _: 0)
    assert "has no images" in error(capsys, "show", "iclevr", *SMALL)


def test_the_help_shows_examples_and_what_the_json_holds(capsys: Output) -> None:
    assert "ganx datasets show DIR" in text(capsys, "--help")
    shown = text(capsys, "show", "--help")
    assert "A look at your own images" in shown
    assert "unlabelled images of which no value is said" in shown
