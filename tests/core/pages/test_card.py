"""The folder for the Hugging Face hub, of runs made by hand."""

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from seeing import faithful, painter
from shown_run import IMAGES_SEEN, shown_evaluation, shown_run, shown_subject
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.results import Baseline, Figure
from ganx.errors import RunError
from ganx.pages.card import CardMaterial, Usage, check_card_folder, write_card
from ganx.pages.card_front import front_matter
from ganx.pages.card_places import places_in, without_places
from ganx.pages.card_words import limits, rows_of
from ganx.pages.wording import plain
from ganx.runs.directory import Best, RunDirectory
from ganx.scoring.kept import save_evaluation

ORIGIN = {
    "run": "00000-sagan-solids",
    "images_seen": IMAGES_SEEN,
    "weights": "ema",
    "model": {"name": "sagan", "width": 64},
}


class Gray(nn.Module):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        shade = z[:, :1] if c is None else z[:, :1] + c.sum(1, keepdim=True)
        return torch.tanh(shade)[:, :, None, None].repeat(1, 1, 8, 8)


def gray(condition: Condition, **more: Any) -> FrozenGenerator:
    latent = Latent((LatentPart("noise", "normal", 2),))
    return FrozenGenerator(
        Gray().eval(), Interface(8, 1, condition), latent, {"origin": ORIGIN, **more}
    )


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return shown_run(tmp_path / "runs", alarms=1)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "generator.onnx"
    file.write_bytes(b"weights")
    return file


@pytest.fixture
def labelled() -> FrozenGenerator:
    return gray(Condition("labels", (Group("object", ("red cube", "a|b", "<i>")),)))


def front(text: str) -> dict[str, Any]:
    """Read the head, which is JSON behind each key."""
    head = text.split("---\n")[1]
    return {
        key: json.loads(value) for key, value in (line.split(": ", 1) for line in head.splitlines())
    }


def card(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def test_the_folder_has_files_samples_card_and_settings(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    usage = [Usage("Run it:", "shell", "a-program 'red cube'")]
    write_card(tmp_path / "hub", run, labelled, CardMaterial([model], "CC-BY-4.0", usage=usage))
    assert {one.name for one in (tmp_path / "hub").iterdir()} == {
        "README.md",
        "config.json",
        "generator.onnx",
        "samples.png",
    }
    text = card(tmp_path / "hub")
    assert front(text) == {
        "license": "cc-by-4.0",
        "library_name": "onnx",
        "pipeline_tag": "text-to-image",
        "tags": ["gan", "ganx", "onnx", "image-generation", "conditional"],
    }
    assert "```shell\na-program 'red cube'\n```" in text
    assert "red cube, a\\|b, \\<i\\>" in text
    assert "Model: width: 64" in text
    assert "ganx-sagan" not in text  # a plugin that was there, and is no part of the run
    assert "collapse" in text or "look alike" in text
    assert "## Licence\n\nCC-BY-4.0" in text
    assert (tmp_path / "hub" / "generator.onnx").read_bytes() == b"weights"
    with Image.open(tmp_path / "hub" / "samples.png") as picture:
        assert picture.width >= 8 * 10
    assert not list(tmp_path.glob(".*"))


def test_scores_stand_with_their_judge_spread_and_chance(
    run: RunDirectory, model: Path, tmp_path: Path
) -> None:
    save_evaluation(run, shown_evaluation(shown_subject(seeds=(0,))))
    for former in run.evaluations.iterdir():
        os.utime(former, (1, 1))
    evaluation = shown_evaluation(shown_subject())
    later = replace(evaluation, origin=replace(evaluation.origin, images_seen=IMAGES_SEEN + 1))
    for one in (evaluation, later):
        save_evaluation(run, one)
    frozen = painter(faithful)
    frozen = replace(frozen, metadata={**frozen.metadata, "origin": ORIGIN})
    write_card(tmp_path / "hub", run, frozen, CardMaterial([model]))
    text = card(tmp_path / "hub")
    (index,) = front(text)["model-index"]
    (result,) = index["results"]
    scores = evaluation.scores()
    assert result["dataset"] == {"name": "solids", "type": "solids"}
    assert result["metrics"][0]["type"] == "top-k"
    assert result["metrics"][0]["value"] == pytest.approx(scores["test.top-k"], abs=1e-6)
    assert "after 4,000 images seen: mean" in text
    assert "2 draws of noise" in text
    assert "The judge solids 6px" in text
    assert "±" in text.split("## Scores")[1].split("## Training")[0]
    assert "No evaluation" not in text


def test_without_scores_the_card_says_so_and_how_to_have_them(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    write_card(tmp_path / "hub", run, labelled, CardMaterial([model], unscored="Ask for them."))
    text = card(tmp_path / "hub")
    assert "No evaluation of these weights was kept. Ask for them." in text
    assert "Its images were not evaluated." in text
    assert "No licence was stated" in text
    assert not {"license", "model-index"} & front(text).keys()


def test_what_training_found_is_told_where_nothing_else_is(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    run.write_best(Best(3_000, "validation.top-k", 0.125, "validation"))
    write_card(tmp_path / "hub", run, labelled, CardMaterial([model], unscored="Ask for them."))
    told = "validation.top-k was at best 0.125, after 3,000 images seen, which chose checkpoints"
    assert told in card(tmp_path / "hub")


def test_a_generator_without_labels_is_unconditional(
    run: RunDirectory, model: Path, tmp_path: Path
) -> None:
    write_card(tmp_path / "hub", run, gray(UNCONDITIONAL), CardMaterial([model], "My own"))
    text = card(tmp_path / "hub")
    assert front(text)["pipeline_tag"] == "unconditional-image-generation"
    assert front(text)["license"] == "other"
    assert front(text)["license_name"] == "my-own"
    assert "## Labels" not in text


def test_neither_card_nor_settings_say_where_anything_lay(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    with run.config.open("a", encoding="utf-8") as file:
        file.write(
            f'init_from = "old-run"\n[evaluate]\nprompts = ["{tmp_path}/mine.txt", "test"]\n'
        )
    text = run.config.read_text("utf-8").replace(
        'name = "solids"', f'name = "solids"\nfolder = "{tmp_path}"\nsize = 9'
    )
    run.config.write_text(text, "utf-8")
    session = json.loads(run.provenance.read_text("utf-8"))
    session["sessions"][-1]["dataset"] |= {"folder": "pictures", "table": str(tmp_path / "a.csv")}
    run.provenance.write_text(json.dumps(session), "utf-8")
    write_card(tmp_path / "hub", run, labelled, CardMaterial([model]))
    settings = json.loads((tmp_path / "hub" / "config.json").read_text("utf-8"))
    assert settings["dataset"] == {"name": "solids", "size": 9}
    assert settings["evaluate"] == {}
    left_out = settings["ganx"]["left_out"]
    assert sorted(left_out) == ["dataset.folder", "evaluate.prompts", "train.init_from"]
    for name in ("README.md", "config.json"):
        written = (tmp_path / "hub" / name).read_text("utf-8")
        for place in (str(tmp_path), "old-run", "pictures", str(Path.home())):
            assert place not in written


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data", "faces"),
        ("table", "a/b.csv"),
        ("table", "C:faces"),
        ("table", "~me"),
        ("names", ["test", "..\\x"]),
    ],
)
def test_places_are_told_by_key_and_by_look(key: str, value: Any) -> None:
    assert without_places({"x": {key: value, "sum": "bce + 5*r1", "folder": ""}}) == {
        "x": {"sum": "bce + 5*r1", "folder": ""}
    }
    assert places_in({"x": {key: value}}) == [f"x.{key}"]


def test_an_older_card_is_replaced_and_no_other_folder(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    write_card(folder, run, labelled, CardMaterial([model]))
    other = model.rename(tmp_path / "other.pt")
    write_card(folder, run, labelled, CardMaterial([other]))
    assert (folder / "other.pt").exists()
    assert not (folder / "generator.onnx").exists()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(RunError, match=r"notes\.txt"):
        write_card(folder, run, labelled, CardMaterial([other]))
    assert (folder / "notes.txt").read_text() == "mine"
    with pytest.raises(RunError, match="no folder"):
        check_card_folder(other)


def test_files_may_have_been_exported_to_the_folder_itself(
    run: RunDirectory, model: Path, labelled: FrozenGenerator
) -> None:
    write_card(model.parent / "hub" / ".." / "hub", run, labelled, CardMaterial([model]))
    (model.parent / "hub" / "config.json").unlink()
    for name in ("README.md", "samples.png"):
        (model.parent / "hub" / name).unlink()
    inside = model.parent / "hub" / model.name
    write_card(model.parent / "hub", run, labelled, CardMaterial([inside]))
    assert inside.read_bytes() == b"weights"
    assert (model.parent / "hub" / "README.md").is_file()


def test_what_fails_leaves_the_old_card_and_nothing_beside_it(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    write_card(tmp_path / "hub", run, labelled, CardMaterial([model]))
    before = card(tmp_path / "hub")
    run.config.write_text("no [toml")
    with pytest.raises(Exception, match="toml"):
        write_card(tmp_path / "hub", run, labelled, CardMaterial([model], "MIT"))
    assert card(tmp_path / "hub") == before
    assert not list(tmp_path.glob(".*"))


def test_rows_show_what_training_showed_or_values_from_all_over() -> None:
    condition = Condition("attributes", (Group("hair", ("red", "blue", "pink")),))
    drawn = torch.tensor([[0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]]).numpy()
    assert rows_of(condition, drawn, 4) == ["hair=blue", "hair=red"]
    assert rows_of(condition, None, 4) == ["hair=red", "hair=blue", "hair=pink"]
    assert rows_of(UNCONDITIONAL, None, 4) == []


def test_the_picture_is_of_training_combinations_unless_they_are_private(
    run: RunDirectory, model: Path, labelled: FrozenGenerator, tmp_path: Path
) -> None:
    rows = torch.tensor([[1, 1, 0]] * 20, dtype=torch.uint8).numpy()
    known = ConditionDistribution.of(rows).to_json()
    told = replace(labelled, metadata={**labelled.metadata, "distribution": known})
    shown = []
    for distribution in (True, False):
        material = CardMaterial([model], distribution=distribution)
        write_card(tmp_path / "hub", run, told, material)
        shown.append(card(tmp_path / "hub").split("asked for: ")[1].split(".")[0])
    assert shown == ["red cube, a\\|b", "red cube; a\\|b; \\<i\\>"]


def test_limits_tell_of_rendered_images_and_of_too_many_labels() -> None:
    group = (Group("object", ("a", "b", "c")),)
    said = " ".join(limits(Condition("labels", group, most=2), {"source": "rendered"}, None, []))
    assert "program renders" in said
    assert "more than 2 labels" in said
    said = " ".join(limits(Condition("labels", group, limit=2), {}, None, []))
    assert "renders" not in said
    assert "more are refused" in said


def test_limits_tell_of_chance_and_of_a_missing_judge() -> None:
    subject = shown_subject()
    evaluation = shown_evaluation(subject)
    condition = subject.generator.interface.condition
    chance = Figure("top-k", 0.5, 0.1, 2, Baseline(0.5, 0.1))
    said = " ".join(limits(condition, {}, evaluation, [("Test prompts", chance)]))
    assert "top-k is no better than for shuffled labels" in said
    assert "No judge" not in said
    unjudged = replace(evaluation, protocol=replace(evaluation.protocol, judge=None))
    assert "No judge has looked" in " ".join(limits(condition, {}, unjudged, []))


def test_a_score_that_is_no_number_is_left_out_of_the_head() -> None:
    evaluation = shown_evaluation(shown_subject())
    figures = [("Test", Figure("top-k", math.nan)), ("Test", Figure("exact match", 0.5))]
    head = front_matter("run", UNCONDITIONAL, [], None, (evaluation, figures))
    (result,) = head["model-index"][0]["results"]
    assert [one["type"] for one in result["metrics"]] == ["exact-match"]
    assert "model-index" not in front_matter(
        "run", UNCONDITIONAL, [], None, (evaluation, figures[:1])
    )


def test_texts_of_others_are_no_markdown() -> None:
    assert plain("a*b\n[x](y) `c`") == r"a\*b \[x\](y) \`c\`"
