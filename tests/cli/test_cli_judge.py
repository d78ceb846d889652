"""``ganx judge``: train, show and compare judges, on few and small scenes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open

from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]
SMALL = (
    *("--dataset", "iclevr", "--device", "cpu", "--set", "dataset.resolution=16"),
    *("--set", "dataset.size=480", "--set", "judge.width=4", "--set", "judge.epochs=1"),
)
HELD_OUT = ("--dataset", "iclevr", "--device", "cpu", "-n", "30")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judges")


@pytest.fixture(autouse=True)
def _in_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


@pytest.fixture(scope="module")
def told(folder: Path) -> tuple[str, str]:
    """Train two judges of different seeds; return what was said of the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("GANX_CACHE", str(folder / "cache"))
        out, err = _train("a.safetensors", "--set", "judge.smallest=8")
        _train("b.safetensors", "--set", "judge.seed=1")
    return out, err


def _train(name: str, *more: str) -> tuple[str, str]:
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert run(cli, ["judge", "train", *SMALL, *more, "-o", name]) == 0
    return out.getvalue(), err.getvalue()


def text(capsys: Output, *arguments: str) -> str:
    assert run(cli, ["judge", *arguments]) == 0
    return capsys.readouterr().out


def as_json(capsys: Output, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(capsys, *arguments, "--json"))
    return found


def error(capsys: Output, *arguments: str, code: int = 1) -> str:
    assert run(cli, ["judge", *arguments]) == code
    return " ".join(capsys.readouterr().err.split())


def test_training_tells_how_good_it_is_and_how_to_use_it(told: tuple[str, str]) -> None:
    out, _ = told
    assert "On 48 images that it did not learn from:" in out
    assert "The judge was examined on 48 images only: the 95 % interval of its top-k is" in out
    for score in ("top-k  ", "exact match  ", "label F1  ", "top-k at 8 px", "label F1 at 8 px"):
        assert f"  {score}" in out
    assert "a.safetensors: judge iclevr 16px " in out
    assert out.endswith("Score a run with it: ganx evaluate RUN --judge a.safetensors\n")


def test_training_shows_progress_and_what_it_learns_from(told: tuple[str, str]) -> None:
    _, err = told
    assert "480 scenes are rendered instead" in err
    assert "rendering 480/480 images" in err
    assert "learning 410/410 images" in err


@pytest.mark.usefixtures("told")
def test_it_learns_from_other_scenes_than_models_train_on(capsys: Output) -> None:
    record = as_json(capsys, "show", "a.safetensors")["record"]
    assert record["dataset"]["provenance"]["seed"] == 1000
    assert record["dataset"]["images"] == 410
    assert record["calibration"]["images"] == 22
    assert record["held_out"]["images"] == 48


@pytest.mark.usefixtures("told")
def test_a_file_that_is_there_is_not_replaced_unasked(folder: Path, capsys: Output) -> None:
    path = folder / "kept.safetensors"
    path.write_text("precious")
    assert "Name another with -o FILE" in error(capsys, "train", *SMALL, "-o", path.name)
    assert path.read_text() == "precious"
    text(capsys, "train", *SMALL, "-o", path.name, "--overwrite")
    with safe_open(path, framework="pt") as file:
        assert "ganx.judge" in file.metadata()


@pytest.mark.usefixtures("told")
def test_show_tells_what_a_judge_knows(capsys: Output) -> None:
    found = [" ".join(line.split()) for line in text(capsys, "show", "a.safetensors").splitlines()]
    about = as_json(capsys, "show", "a.safetensors")
    assert found[0] == f"judge iclevr 16px {about['digest']}"
    assert "knows labels: object (24)" in found
    assert "looks at 16x16, 3 channels; other sizes are resized" in found
    assert f"threshold {about['threshold']:g}, above which it sees a label" in found
    assert f"top-k {about['held_out']['top-k']:.4f}" in found
    assert about["caution"] in found
    assert any(line.startswith("learned from 410 images of: source rendered") for line in found)
    assert about["groups"][0]["values"][:2] == ["gray cube", "red cube"]
    assert about["file"] == "a.safetensors"


def test_show_opens_what_a_plugin_reads(folder: Path, capsys: Output) -> None:
    from torch import nn
    from torchvision.models import resnet18

    network = resnet18(weights=None)
    network.fc = nn.Sequential(nn.Linear(512, 24), nn.Sigmoid())
    torch.save({"model": network.state_dict()}, folder / "lab.pth")
    found = text(capsys, "show", "lab.pth", "--dataset", "iclevr")
    assert "judge iclevr lab 64px" in found
    assert "how well it judges is not known" in found
    assert "must end in .safetensors" in error(capsys, "show", "lab.pth")


@pytest.mark.usefixtures("told")
def test_compare_tells_scores_and_agreement_on_scenes_of_a_third_seed(capsys: Output) -> None:
    found = as_json(capsys, "compare", "a.safetensors", "b.safetensors", *HELD_OUT)
    assert (found["images"], found["resolution"]) == (30, 16)
    assert found["provenance"]["seed"] == 3000
    assert [judge["file"] for judge in found["judges"]] == ["a.safetensors", "b.safetensors"]
    assert list(found["judges"][0]["scores"])[:3] == ["top-k", "exact match", "label precision"]
    assert set(found["agreement"]) == {"same top-k", "same labels", "mean difference"}
    assert 0 < found["agreement"]["mean difference"] < 1
    for judge in found["judges"]:
        assert f"The judge {judge['digest']} was examined on 30 images only" in judge["caution"]
    lines = text(capsys, "compare", "a.safetensors", "b.safetensors", *HELD_OUT).splitlines()
    assert sum("was examined on 30 images only" in line for line in lines) == 2
    assert lines[0] == "30 images of 16 px that neither learned from"
    assert [line.split()[0] for line in lines if line.startswith(("top-k", "exact"))] == [
        "top-k",
        "exact",
    ]


@pytest.mark.usefixtures("told")
def test_a_judge_agrees_with_itself(capsys: Output) -> None:
    found = as_json(capsys, "compare", "a.safetensors", "a.safetensors", *HELD_OUT)["agreement"]
    assert found == {"same top-k": 1.0, "same labels": 1.0, "mean difference": 0.0}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--set", "dataset.seed=1000"), "learned from rendered images of seed 1000"),
        (("--set", "judge.epochs=3"), "'judge' cannot be set here. Write --set dataset.KEY=VALUE"),
        (("--dataset", "mnist"), "knows other labels than the data set 'mnist'"),
    ],
)
def test_comparisons_that_would_mean_nothing_are_refused(
    more: Sequence[str], message: str, capsys: Output
) -> None:
    files = ("a.safetensors", "b.safetensors")
    assert message in error(capsys, "compare", *files, *HELD_OUT, *more)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--dataset", "iclever"), 1, "'iclever'. Did you mean 'iclevr'?"),
        (("--dataset", "iclevr", "-o", "judge.pt"), 2, "Write judge.safetensors"),
        (("--dataset", "iclevr", "--set", "judge.epoch=3"), 1, "Did you mean 'epochs'?"),
        (("--dataset", "iclevr", "--set", "model.width=3"), 1, "'model' cannot be set here"),
        (("--dataset", "iclevr", "--set", "dataset.labels=false"), 1, "this data set has none"),
        (("--dataset", "iclevr", "--set", "judge.smallest=64"), 1, "a side of 64 pixels"),
        (("--dataset", "iclevr", "--data", "none"), 1, "There is no folder"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_anything_is_rendered(
    arguments: Sequence[str], code: int, message: str, capsys: Output
) -> None:
    told = error(capsys, "train", *arguments, code=code)
    assert message in told
    assert "rendering" not in told


@pytest.mark.parametrize(("name", "score"), [("mnist", "digit"), ("animefaces", "all")])
def test_classes_and_attributes_have_judges_too(name: str, score: str, capsys: Output) -> None:
    small = [part.replace("480", "60").replace("iclevr", name) for part in SMALL]
    assert f"  {score}  " in text(capsys, "train", *small, "-o", f"{name}.safetensors")
    files = (f"{name}.safetensors",) * 2
    found = as_json(capsys, "compare", *files, "--dataset", name, "-n", "20", "--device", "cpu")
    assert found["agreement"][f"same {score}"] == 1.0
    assert "threshold" not in found


def test_the_help_has_examples(capsys: Output) -> None:
    assert "ganx judge train --dataset iclevr" in text(capsys, "--help")
    assert "--set judge.smallest=32" in text(capsys, "train", "--help")
    assert "ganx judge show judge.safetensors --json" in text(capsys, "show", "--help")
    assert "ganx judge compare a.safetensors" in text(capsys, "compare", "--help")
