"""Which recipes the GPU benchmark trains, how long, and with what it has measured."""

import json
import time
from argparse import Namespace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gpu
import gpu_training
import pytest
from gpu import SHARES, Session
from gpu_plan import (
    COMPILED,
    PLAIN,
    TRAININGS,
    Pace,
    Training,
    horizon,
    in_order,
    paces_of,
    trained,
)
from gpu_results import FILE, MOST_FILES, Results
from gpu_settings import configuration
from gpu_training import TimeIsUpError, train_by_the_clock

from ganx.errors import ConfigError

SLOW = {"images_per_second": 100.0, "first_seconds": 1.0}
FAST = {"images_per_second": 400.0, "first_seconds": 31.0}


def test_recipes_that_are_not_there_are_skipped_and_the_others_come_by_worth() -> None:
    there = ["acgan", "infogan", "sagan-bce"]

    assert in_order(there) == ["sagan-bce", "infogan", "acgan"]
    assert in_order(there, ["acgan"]) == ["acgan"]
    with pytest.raises(ConfigError, match="Unknown recipe 'acgam'"):
        in_order(there, ["acgam"])
    assert [one.name for one in trained(there)] == ["sagan-bce", "infogan"]
    assert [one.name for one in trained(["slots"])] == ["slots", "slots-128"]


def test_the_grids_of_all_trainings_and_the_record_are_few_enough_to_bring_back() -> None:
    assert len({one.name for one in TRAININGS}) == len(TRAININGS) <= MOST_FILES - 2


def test_groups_of_pieces_share_the_seconds_that_are_given(tmp_path: Path) -> None:
    session = Session(Namespace(seconds=54.0), Results(tmp_path, {}), "", begun=100.0)

    assert [round(session.ends(name) - 100, 1) for name in SHARES] == [10.5, 22.5, 52.5]


def test_time_that_a_piece_leaves_is_shared_by_those_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(Namespace(seconds=540.0), Results(tmp_path, {}), "", begun=0.0)
    ends = session.ends("training")
    clock = iter([ends - 100, ends - 90, ends + 3])
    monkeypatch.setattr(gpu, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    turns = list(gpu._in_turn({"a": 2.0, "b": 1.0, "c": 1.0}, session, "training"))

    assert turns == [("a", ends - 50), ("b", ends - 45), ("c", ends + 3)]


def test_a_piece_for_which_no_time_is_left_is_not_begun(tmp_path: Path) -> None:
    results = Results(tmp_path, {})

    Session(Namespace(), results, "", begun=0.0).piece(["speed", "a"], "pieces:none", 0.0)

    assert json.loads((tmp_path / FILE).read_text())["speed"]["a"]["state"] == "skipped"


def test_compiled_networks_train_only_where_the_time_makes_up_for_compiling() -> None:
    paces = paces_of(Training("a", "a", 1), {PLAIN: SLOW, COMPILED: FAST})

    long, short = horizon(paces, 120, 64), horizon(paces, 50, 64)

    assert long["train"]["images"] == int((0.75 * 120 - 31) * 400)
    assert "compile" not in long["train"]
    assert short["train"] == {"compile": "off", "images": 3650, "grid_every": 730}
    assert short["evaluate"] == {"every": 730}


def test_another_size_is_neither_compiled_nor_thought_as_fast() -> None:
    larger = Training("a", "a", 1, {"dataset": {"resolution": 128}}, slower=4)

    assert paces_of(larger, {PLAIN: SLOW, COMPILED: FAST}) == [Pace({"compile": "off"}, 25.0, 1.0)]


@pytest.mark.parametrize("variants", [{}, {PLAIN: {"images_per_second": None, "first_seconds": 1}}])
def test_without_a_measured_speed_a_training_keeps_the_recipes_horizon(
    variants: dict[str, Any],
) -> None:
    planned = horizon(paces_of(TRAININGS[0], variants), 100, 64)

    assert "images" not in planned["train"]
    assert planned["evaluate"]["every"] > 0


def test_a_time_too_short_for_anything_is_a_batch() -> None:
    assert horizon([Pace({}, 100.0, 60.0)], 10, 64)["train"]["images"] == 64


def test_a_configuration_is_the_recipes_own_unless_it_is_to_be_tiny() -> None:
    own = configuration("wgan-gp", {}, device="cpu", tiny=False)
    tiny = configuration("wgan-gp", {}, device="cpu", tiny=True)

    assert (own.model.config.width, own.train.batch_size) == (300, 64)
    assert (tiny.model.config.width, tiny.model.config.discriminator_width) == (8, 8)
    assert (tiny.dataset.config.size, tiny.train.device) == (24, "cpu")


def test_images_that_take_all_the_time_end_a_training_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(TimeIsUpError, match="render: 0 of 24 images"):
        train_by_the_clock(
            lambda _: None,
            time.monotonic(),
            recipe="dcgan-bce",
            settings={},
            paces=[],
            device="cpu",
            tiny=True,
            work=str(tmp_path),
        )


def test_a_training_ends_by_the_clock_with_a_grid_and_what_it_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock that goes on by a second whenever it is looked at."""
    clock = count(1)
    monkeypatch.setattr(gpu_training, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    settings = {
        "dataset": {"size": 16, "resolution": 32},
        "model": {"width": 4},
        "train": {"batch_size": 4},
        "evaluate": {"evaluators": []},
    }
    heard: dict[str, Any] = {}
    train_by_the_clock(
        heard.update,
        30,
        recipe="dcgan-bce",
        settings=settings,
        paces=[],
        device="cpu",
        tiny=False,
        work=str(tmp_path),
    )

    assert heard["outcome"] == "interrupted"
    assert 10 <= heard["images_seen"] / 4 <= 28
    assert heard["grid_at"] == heard["images_seen"]
    assert next(clock) < 36
