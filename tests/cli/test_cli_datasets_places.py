"""``ganx datasets show`` of a folder or an archive, and where the sheet goes."""

import json
import shutil
from pathlib import Path

import pytest
from datasets_command import Output, animals_in, as_json, error, text
from PIL import Image

from ganx.errors import RunError
from ganx.host import default_host
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.work.look_source import meant, sheet_file

SMALL = ("--set", "dataset.size=12", "--set", "dataset.resolution=16")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def animals(tmp_path: Path) -> Path:
    return animals_in(tmp_path / "animals")


def test_a_folder_may_be_named_instead_of_a_data_set(animals: Path, capsys: Output) -> None:
    found = as_json(capsys, "show", "animals", "-n", "1")
    assert found["name"] == "folder"
    assert found["provenance"]["folder"] == str(animals)
    assert found["sheet"]["file"] == "animals.png"


def test_an_archive_is_given_to_the_folder_data_set(animals: Path) -> None:
    registry = default_host().datasets
    shutil.make_archive("pets", "zip", animals)
    assert meant(registry, "pets.zip", None) == ("folder", Path("pets.zip"), "pets", "")


def test_a_data_sets_name_wins_over_a_folder_and_says_so(animals: Path, capsys: Output) -> None:
    animals.rename("mnist")
    small = ("-n", "1", "--set", "dataset.size=4")
    assert run(cli, ["datasets", "show", "mnist", *small, "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["name"] == "mnist"
    assert "'mnist' is taken for the data set of that name." in printed.err
    assert printed.err.endswith("write ./mnist\n")
    assert as_json(capsys, "show", "./mnist")["name"] == "folder"
    Path("mnist").rename("animals")
    assert run(cli, ["datasets", "show", "mnist", *small]) == 0
    assert capsys.readouterr().err == ""


def test_whoever_names_a_data_set_and_its_place_is_not_told_of_another(
    animals: Path, capsys: Output
) -> None:
    Path("folder").mkdir()
    assert run(cli, ["datasets", "show", "folder", "--data", str(animals)]) == 0
    assert capsys.readouterr().err == ""


def test_two_places_at_once_are_refused(animals: Path, capsys: Output) -> None:
    assert "a place itself" in error(capsys, "show", str(animals), "--data", "other")


@pytest.mark.usefixtures("animals")
@pytest.mark.parametrize(
    ("here", "shown", "written"),
    [
        (".", "animals", "animals.png"),
        (".", "animals/train/fox", "fox.png"),
        ("animals", ".", "animals.png"),
        ("animals/train", "..", "animals.png"),
        ("animals/train", "../test", "animals/train/test.png"),
    ],
)
def test_the_sheet_is_called_as_the_folder_and_never_lies_in_it(
    here: str, shown: str, written: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = Path.cwd()
    before = set(top.rglob("*"))
    monkeypatch.chdir(here)
    file = as_json(capsys, "show", shown)["sheet"]["file"]
    assert set(top.rglob("*")) - before == {top / written}
    assert Path(file).resolve() == top / written


@pytest.mark.parametrize("output", ["animals/x.png", "animals/new/../new/x.png", "link/x.png"])
def test_a_sheet_within_the_data_is_refused(animals: Path, output: str, capsys: Output) -> None:
    Path("link").symlink_to(animals / "test")
    before = list(animals.rglob("*"))
    for shown in (("animals",), ("folder", "--data", "animals")):
        assert "would become part of it" in error(capsys, "show", *shown, "-o", output)
    assert list(animals.rglob("*")) == before


def test_an_archive_is_not_overwritten_by_its_sheet(animals: Path) -> None:
    archive = shutil.make_archive("packed", "zip", animals)
    Path(archive).rename("packed.png")
    with pytest.raises(RunError, match="would become part"):
        sheet_file("packed", Path("packed.png"), [Path("packed.png")])


def test_a_place_within_the_data_set_by_a_setting_is_known(animals: Path, capsys: Output) -> None:
    place = ("--set", f"dataset.folder={animals}")
    assert "become part" in error(capsys, "show", "folder", *place, "-o", "animals/x.png")


def test_a_picture_of_somebody_else_is_kept(animals: Path, capsys: Output) -> None:
    picture = Image.new("RGB", (8, 8))
    picture.save("animals.png")
    kept = Path("animals.png").read_bytes()
    names = [as_json(capsys, "show", "animals", "-n", n)["sheet"]["file"] for n in ("1", "2")]
    assert names == ["animals-sheet.png"] * 2
    assert Path("animals.png").read_bytes() == kept
    picture.save("animals-sheet.png")
    assert "over another picture" in error(capsys, "show", str(animals))
    text(capsys, "show", "animals", "-o", "animals.png")
    assert as_json(capsys, "show", "animals")["sheet"]["file"] == "animals.png"
