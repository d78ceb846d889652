"""The study of runs: when labels show, the table, and pictures of real runs."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import study
from compared_runs import PROTOCOL, evaluation, figure
from PIL import Image
from reports_slice import newest_run, train_slice
from study_grids import PROMPTS, SIDE
from study_rule import Part, between, pooled, shows_from
from study_runs import Course, named_runs, read_course, read_figures
from study_scoring import moments
from study_table import table

from ganx.contracts.protocol import JudgeIdentity
from ganx.contracts.results import Baseline, Figure
from ganx.errors import ConfigError, RunError
from ganx.runs.directory import RunDirectory
from ganx.scoring.kept import save_evaluation
from ganx.settings.merging import parse_assignments

JUDGE = JudgeIdentity(**PROTOCOL["judge"])
CHANCE = Baseline(0.1, 0.02)
SMALL = (
    *("model.width=4", "dataset.size=24", "dataset.resolution=32", "train.batch_size=4"),
    *("train.images=24", "evaluate.seeds=1", "train.precision=float32", "train.log_every=1"),
    'evaluate.evaluators=["prompt-accuracy"]',
)


def run_with(folder: Path, *scores: float, name: str = "00000-run", **more: Any) -> RunDirectory:
    """Make a run that was scored every 1000 images, on both sets alike, amid readings of losses."""
    run = RunDirectory(folder / name)
    run.path.mkdir(parents=True)
    run.write_config({"recipe": "cdcgan"})
    for place, score in enumerate(scores, start=1):
        both = {f"{scope}.top-k": score for scope in ("validation", "test")}
        run.append_metrics(
            [
                {"images_seen": place * 1000, "iteration": place, "real.bce": 0.5},
                {"images_seen": place * 1000, "iteration": place, **both, **more},
            ]
        )
    return run


def course(run: RunDirectory, name: str = "cdcgan printed") -> Course:
    return read_course(name, run, JUDGE)


def at(z: float) -> Figure:
    return Figure("top-k", 0.1 + z * 0.02, chance=CHANCE)


def test_labels_show_from_where_they_stay_until_the_end() -> None:
    assert shows_from([(1, at(1)), (2, at(5.01)), (3, at(9))]) == 2
    assert shows_from([(1, at(6)), (2, at(4.9)), (3, at(9))]) == 3
    assert shows_from([(1, at(6)), (2, at(9)), (3, at(4.9))]) is None
    assert shows_from([(1, Figure("top-k", 0.9))]) is None
    assert shows_from([]) is None


def test_sets_count_as_they_have_prompts_and_the_variances_of_shuffles_add_up() -> None:
    parts = {"validation": Part(0.4, CHANCE, 3), "test": Part(0.2, Baseline(0.2, 0.04), 1)}

    found = pooled("top-k", parts)

    assert found.mean == pytest.approx(0.35)
    assert found.chance == pytest.approx((0.125, (0.015**2 + 0.01**2) ** 0.5))
    assert pooled("top-k", {**parts, "new": Part(0.5, None, 1)}).chance is None


def test_shuffled_prompts_between_two_evaluations_are_on_the_line_between_them() -> None:
    known = {1000: CHANCE, 3000: Baseline(0.2, 0.04)}

    assert between(known, 2000) == pytest.approx((0.15, 0.03))
    assert between(known, 1) == CHANCE
    assert between(known, 9000) == known[3000]
    assert between({}, 5) is None


def test_a_made_up_run_shows_labels_where_it_was_made_to(tmp_path: Path) -> None:
    """Pooled over 64 and 32 prompts the shuffles' sd is 0.0149, five of which are 0.0745."""
    run = run_with(tmp_path, 0.18, 0.1, 0.174, 0.175, 0.3)
    save_evaluation(run, evaluation(images_seen=5000))
    never = run_with(tmp_path, 0.1, 0.3, 0.174, name="00001-run")
    save_evaluation(never, evaluation(images_seen=3000))

    assert course(run).shows_from() == "4,000"
    assert course(never).shows_from() == "not by 3,000"
    assert course(run_with(tmp_path, 0.9, name="00002-run")).shows_from() == "unknown"


def test_a_run_without_scores_while_training_has_those_of_its_evaluations(tmp_path: Path) -> None:
    run = run_with(tmp_path)
    run.append_metrics([{"images_seen": 9000, "iteration": 9, "real.bce": 0.5}])
    assert course(run).shows_from() == "-"
    for seen, mean in ((1000, 0.1), (2000, 0.5)):
        save_evaluation(run, evaluation("run", figure(mean), images_seen=seen))

    assert course(run).shows_from() == "2,000"


def test_another_judge_and_raw_weights_are_left_out(tmp_path: Path) -> None:
    run = run_with(tmp_path, 0.5)
    other = {"name": "other", "digest": "00000000", "held_out": {}}
    save_evaluation(run, evaluation(images_seen=1000, judge=other))
    save_evaluation(run, evaluation(images_seen=1000, weights="raw"))

    assert course(run).shows_from() == "unknown"


def test_a_row_has_the_last_evaluation_with_its_spread_or_what_the_run_wrote(
    tmp_path: Path,
) -> None:
    more = {"images.relative pixel diversity": 0.25, "asks.label preference": 0.75}
    run = run_with(tmp_path, 0.1, 0.3, **more)
    save_evaluation(run, evaluation("run", figure(0.9), images_seen=1000))
    early = table([course(run)], {"cdcgan printed": 0.1}).splitlines()
    few = evaluation("run", figure(0.4, draws=2), images_seen=2000, seeds=[0, 1])
    many = evaluation("run", figure(0.31), figure(0.02, name="exact match"), images_seen=2000)
    save_evaluation(run, few)
    save_evaluation(run, many)
    late = table([course(run)], {}).splitlines()

    assert early[2] == "| cdcgan printed | 2,000 | 0.300 | - | 0.250 | 0.750 |"
    assert late[2] == "| cdcgan printed | 2,000 | 0.310 ± 0.010 | 0.020 ± 0.010 | 0.250 | 0.750 |"


def test_a_figure_of_one_draw_has_no_spread_and_a_missing_preference_comes_from_the_file(
    tmp_path: Path,
) -> None:
    run = run_with(tmp_path, 0.1)
    save_evaluation(run, evaluation("run", figure(0.4, draws=1), images_seen=1000))
    (tmp_path / "figures.json").write_text('{"cdcgan printed": {"label preference": 0.5}}')

    preferences = read_figures(tmp_path / "figures.json")

    row = table([course(run)], preferences).splitlines()[2]
    assert row == "| cdcgan printed | not by 1,000 | 0.400 | - | - | 0.500 |"
    assert read_figures(None) == {}
    (tmp_path / "figures.json").write_text('{"cdcgan printed": 0.5}')
    with pytest.raises(RunError, match="label preference"):
        read_figures(tmp_path / "figures.json")


def test_the_change_is_the_name_without_the_recipe(tmp_path: Path) -> None:
    one = course(run_with(tmp_path, 0.1))

    assert one.change == "printed"
    assert replace(one, name="cdcgan: matching").change == "matching"
    assert replace(one, name="cdcgan").change == "cdcgan"


def test_runs_have_names_and_a_folder_stands_for_its_newest_run(tmp_path: Path) -> None:
    for name in ("00000-a", "00001-b"):
        run_with(tmp_path, 0.1, name=name)

    found = named_runs([f"new={tmp_path}", f"a={tmp_path / '00000-a'}"])

    assert {name: run.path.name for name, run in found.items()} == {
        "new": "00001-b",
        "a": "00000-a",
    }
    for wrong in (["runs/a"], [f"a={tmp_path}", f"a={tmp_path}"]):
        with pytest.raises(ConfigError, match="NAME=RUN"):
            named_runs(wrong)


def test_checkpoints_are_chosen_at_even_distances_with_the_last(tmp_path: Path) -> None:
    run = run_with(tmp_path, 0.1)
    with pytest.raises(RunError, match="no checkpoint yet"):
        moments(run, 2)
    for seen in (100, 400, 520, 1000):
        run.checkpoint(seen).mkdir(parents=True)

    assert moments(run, 1) == [1000]
    assert moments(run, 2) == [520, 1000]
    assert moments(run, 9) == [100, 400, 520, 1000]


def test_real_runs_become_a_table_curves_and_a_row_of_pictures_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_slice(
        lambda _: None,
        0,
        recipe="dcgan-bce",
        settings=parse_assignments(SMALL),
        images=0,
        until=float("inf"),
        device="cpu",
        folder=str(tmp_path),
    )
    run = newest_run(tmp_path, "dcgan-bce")
    assert run is not None
    words = [f"dcgan-bce {name}={run.path}" for name in ("one", "two")]
    options = ["--seeds", "2", "--points", "1", "--log", "-o", str(tmp_path / "study")]
    monkeypatch.setattr(sys, "argv", ["study.py", *words, *options])

    study.main()

    rows = (tmp_path / "study" / "table.md").read_text().splitlines()
    assert rows[2].startswith("| dcgan-bce one | not by 24 | 0.")
    assert rows[3].split("|")[2:] == rows[2].split("|")[2:]
    kept = [json.loads(path.read_text()) for path in run.evaluations.glob("*.json")]
    assert [one["terms"]["seeds"] for one in kept] == [[0, 1]]
    with Image.open(tmp_path / "study" / "grids.png") as grids:
        assert grids.width > len(PROMPTS) * SIDE
        assert 3 * SIDE < grids.height < 4 * SIDE
    with Image.open(tmp_path / "study" / "curves.png") as curves:
        assert curves.width > 300
