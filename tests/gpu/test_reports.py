"""The reports' trainings by the clock: who trains when, what a kill leaves, and that it trains."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gpu_settings import configuration
from reports import Sitting, arguments, settings_of, sitting
from reports_plan import LEAST, REPORTS, Standing, first_seconds, next_slice, reach
from reports_record import FILE, TABLE, Record, table
from reports_slice import images_seen, newest_run, runs_of, train_slice

from ganx.errors import ConfigError, RunError

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SMALL = (
    *("model.width=4", "dataset.size=24", "dataset.resolution=32", "train.batch_size=4"),
    *("train.images=24", "evaluate.seeds=1", "train.precision=float32", "train.log_every=1"),
    *('evaluate.evaluators=["prompt-accuracy"]', 'evaluate.prompts=["validation", "test"]'),
)


class Killed(Exception):  # noqa: N818 -- it is no error of the code
    """A kill in the middle of a slice."""


class Machine:
    """A clock and a trainer: what it has trained is saved at the end of a slice, or before."""

    def __init__(self, folder: Path, speeds: dict[str, float]) -> None:
        self.folder, self.speeds = folder, speeds
        self.now = 1000.0
        self.slices: list[tuple[str, float]] = []
        self.broken: set[str] = set()
        self.kill_at: float | None = None

    def seen(self, recipe: str) -> int:
        run = newest_run(self.folder, recipe)
        return images_seen(run) if run else 0

    def save(self, recipe: str, images: int) -> None:
        path = runs_of(self.folder, recipe) / "00000-run" / "checkpoints" / f"{images:09d}"
        path.mkdir(parents=True)

    def carry(self, work: Any, deadline: float, hear: Any, **asked: Any) -> dict[str, Any]:
        assert (work, deadline > asked["until"]) == (train_slice, True)
        recipe, before = asked["recipe"], self.seen(asked["recipe"])
        self.slices.append((recipe, round(asked["until"] - self.now, 1)))
        if recipe in self.broken:
            self.now += 5
            return {"state": "failed", "error": "TrainingError: not finite\ntrace"}
        took = asked["until"] - self.now
        if self.kill_at is not None and self.now + took > self.kill_at:
            took = self.kill_at - self.now
            self.save(recipe, before + int(took / 2 * self.speeds[recipe]))
            self.now = self.kill_at
            hear({"images_seen": before + int(took * self.speeds[recipe]), "last": {}})
            raise Killed
        self.now += took
        self.save(recipe, before + int(took * self.speeds[recipe]))
        hear({"images_per_second": self.speeds[recipe], "scores": [{"test.top-k": 0.5}]})
        return {"state": "done"}

    def sitting(self, seconds: float, **lengths: int) -> Sitting:
        return Sitting(
            self.folder,
            Record(self.folder),
            {name: {} for name in lengths},
            lengths,
            seconds,
            clock=lambda: self.now,
            carry=self.carry,
        )


def shares(machine: Machine, lengths: dict[str, int]) -> dict[str, float]:
    return {name: machine.seen(name) / length for name, length in lengths.items()}


def test_every_report_has_its_recipe_with_whole_passes_over_its_data() -> None:
    epochs = {
        one.recipe: configuration(one.recipe, {}, device="cpu", tiny=False).train.images
        / one.epochs
        for one in REPORTS
    }

    assert len(epochs) == 9
    assert set(epochs.values()) == {18_009, 60_000, 36_736}


def test_all_come_as_far_on_their_own_way() -> None:
    fast, slow = Standing(0, 1000, 10.0), Standing(0, 1000, 1.0)

    assert reach([fast, slow], 550) == pytest.approx(0.5)
    assert reach([fast, Standing(900, 1000, 1.0)], 40) == pytest.approx(0.4)
    assert reach([fast, slow], 5000) == 1.0


def test_who_has_the_longest_way_is_next_and_who_was_never_measured_before_all() -> None:
    short, long = Standing(0, 1000, 10.0), Standing(0, 1000, 1.0)

    assert next_slice({"short": short, "long": long}, 550, 20) == ("long", pytest.approx(500))
    unknown = {"short": short, "new": Standing(0, 1000, None), "long": long}
    assert next_slice(unknown, 550, 20) == ("new", 20)
    assert next_slice({"short": short}, LEAST / 2, 20) is None
    assert next_slice({"short": Standing(1000, 1000, 10.0)}, 550, 20) is None
    assert next_slice({}, 550, 20) is None
    assert (first_seconds(3600, 9), first_seconds(900, 9)) == (80, 20)


def test_a_sitting_measures_all_first_and_brings_all_equally_far(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"wgan-gp": 10.0, "dcgan": 100.0})
    lengths = {"dcgan": 100_000, "wgan-gp": 20_000}

    machine.sitting(1000, **lengths).run()

    assert [name for name, _ in machine.slices[:3]] == ["dcgan", "wgan-gp", "wgan-gp"]
    assert machine.slices[0][1] == 90
    assert machine.now - 1000 == pytest.approx(1000, abs=LEAST)
    reached = shares(machine, lengths)
    assert reached["dcgan"] == pytest.approx(reached["wgan-gp"], abs=0.01)
    assert "| wgan-gp | 6,6" in (tmp_path / TABLE).read_text()


def test_a_kill_costs_no_run_and_the_rest_of_the_minutes_is_as_if_there_had_been_none(
    tmp_path: Path,
) -> None:
    machine = Machine(tmp_path, {"wgan-gp": 10.0, "dcgan": 100.0})
    lengths = {"dcgan": 100_000, "wgan-gp": 20_000}
    machine.kill_at = 1500
    with pytest.raises(Killed):
        machine.sitting(1000, **lengths).run()
    saved = machine.seen("wgan-gp")
    assert Record(tmp_path).seconds == pytest.approx(500, abs=1)

    machine.kill_at = None
    again = machine.sitting(1000, **lengths)
    assert again.record.of("wgan-gp")["images_seen"] > again.standings()["wgan-gp"].seen == saved
    again.run()

    assert machine.seen("wgan-gp") > saved > 0
    assert machine.now - 1000 == pytest.approx(1000, abs=LEAST)
    reached = shares(machine, lengths)
    assert reached["dcgan"] == pytest.approx(reached["wgan-gp"], abs=0.01)
    done = len(machine.slices)
    machine.sitting(1000, **lengths).run()
    assert len(machine.slices) == done
    machine.sitting(1300, **lengths).run()
    assert len(machine.slices) > done


def test_time_stops_when_all_have_reached_their_reports_lengths(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"dcgan": 100.0, "cdcgan": 100.0})

    machine.sitting(10_000, dcgan=12_000, cdcgan=20_000).run()

    assert machine.now < 1400
    assert machine.seen("cdcgan") >= 20_000


def test_a_recipe_that_fails_leaves_its_time_to_the_others_and_is_told(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"dcgan": 100.0, "cdcgan": 1.0})
    machine.broken.add("cdcgan")

    machine.sitting(300, dcgan=100_000, cdcgan=1000).run()

    assert [name for name, _ in machine.slices].count("cdcgan") == 1
    assert machine.seen("dcgan") > 28_000
    assert "(TrainingError: not finite)" in (tmp_path / TABLE).read_text()
    machine.broken.clear()
    machine.sitting(400, dcgan=100_000, cdcgan=1000).run()
    assert machine.seen("cdcgan") > 0
    assert "not finite" not in (tmp_path / TABLE).read_text()


def test_saving_and_scoring_are_within_a_slice_once_it_is_known_how_long_they_take(
    tmp_path: Path,
) -> None:
    machine = Machine(tmp_path, {"dcgan": 100.0})
    now = machine.sitting(1000, dcgan=100_000)
    now.record.of("dcgan")["closing_seconds"] = 30.0

    now.slice("dcgan", 100)

    assert machine.slices == [("dcgan", 70.0)]


def test_a_row_has_the_scores_of_both_tests_or_the_datas_own() -> None:
    tests = {"images_seen": 4, "test.top-k": 0.25, "new_test.top-k": 0.5, "test.colour": 1.0}
    known = {"images_seen": 36_018_000, "length": 36_018_000, "seconds": 90.0, "scores": [tests]}
    digits = {"scores": [{"images_seen": 4, "seconds": 1.0, "images.matched category": 0.75}]}

    rows = table({"infogan": digits, "sagan-bce": known}).splitlines()

    assert rows[2].startswith(
        "| sagan-bce | 36,018,000 | 2000.0 of 2000 |  | test 0.250, new_test 0.500 | 0.806"
    )
    assert rows[2].endswith("| 1.5 |")
    assert "| images.matched category 0.750 |" in rows[3]
    assert len(rows) == 4


def test_a_damaged_record_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")

    with pytest.raises(RunError, match="the runs are not lost"):
        Record(tmp_path)


def test_options_choose_recipes_and_real_images_go_to_those_of_i_clevr(tmp_path: Path) -> None:
    given = arguments([str(tmp_path / "out"), "--only", "dcgan", "--only", "wgan-gp"])
    given.data = tmp_path

    assert list(sitting(given).lengths.items()) == [("wgan-gp", 10_805_400), ("dcgan", 9_000_000)]
    assert settings_of("wgan-gp", given) == {"dataset": {"folder": str(tmp_path)}}
    assert settings_of("dcgan", given) == {}
    with pytest.raises(ConfigError, match="Unknown recipe 'slots'"):
        sitting(arguments([str(tmp_path / "out"), "--only", "slots"]))


def test_a_slice_begins_a_run_and_the_next_goes_on_with_it_each_saved_and_scored(
    tmp_path: Path,
) -> None:
    given = arguments([str(tmp_path), *(word for one in SMALL for word in ("--set", one))])
    heard: dict[str, Any] = {}

    def carry(until: float) -> int:
        train_slice(
            heard.update,
            0,
            recipe="dcgan-bce",
            settings=settings_of("dcgan-bce", given),
            images=0,
            until=until,
            device="cpu",
            folder=str(tmp_path),
        )
        run = newest_run(tmp_path, "dcgan-bce")
        assert run is not None
        assert heard["scores"][-1]["images_seen"] == heard["images_seen"] == images_seen(run)
        assert 0 <= heard["scores"][-1]["test.top-k"] <= 1
        return images_seen(run)

    assert carry(until=0) == 12
    assert heard["outcome"] == "interrupted"
    assert carry(until=float("inf")) == 24
    assert heard["outcome"] == "finished"
    assert len(list(runs_of(tmp_path, "dcgan-bce").iterdir())) == 1


def test_two_recipes_are_trained_and_nothing_is_left_to_do_after_it(tmp_path: Path) -> None:
    options = ["--only", "dcgan-bce", "--only", "acgan-iclevr", "--minutes", "20"]
    options += ["--device", "cpu", *(word for one in SMALL for word in ("--set", one))]

    said = subprocess.run(
        [sys.executable, BENCHMARKS / "reports.py", tmp_path / "out", *options],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert "dcgan-bce: 1.5 minutes ..." in said
    found = json.loads((tmp_path / "out" / FILE).read_text())["recipes"]
    assert {name: one["images_seen"] for name, one in found.items()} == {
        "dcgan-bce": 24,
        "acgan-iclevr": 24,
    }
    assert all(one["images_per_second"] > 0 and one["seconds"] > 0 for one in found.values())
    rows = (tmp_path / "out" / TABLE).read_text()
    assert "| dcgan-bce | 24 | 300.0 of 300 |" in rows
    again = Machine(tmp_path / "out", {})
    done = sitting(arguments([str(tmp_path / "out"), *options]))
    replace(done, carry=again.carry).run()
    assert again.slices == []
