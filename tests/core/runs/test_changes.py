"""What was changed of a run when it was resumed, as its sessions tell it."""

from dataclasses import replace
from typing import Any

import pytest

from ganx.runs.changes import Change, changes_of, deciding_changes, told_changes
from ganx.runs.provenance import Provenance

RATE = "optimizer.generator.learning_rate"
PLAIN = Provenance("2026-01-02T03:04:05+00:00", "0.1.0", "3.11", {}, {}, {}, {}, 0, {})


def session(images_seen: int, *changes: tuple[str, Any, Any]) -> Provenance:
    told = [Change(*one).to_json() for one in changes]
    return replace(PLAIN, images_seen=images_seen, changes=told)


def test_a_change_is_told_with_its_moment() -> None:
    sessions = [session(0), session(12_800, (RATE, 2e-4, 1e-4)), session(20_000)]
    assert told_changes(deciding_changes(sessions)) == [
        f"from 12,800 images on: {RATE} 0.0002 -> 0.0001"
    ]


def test_what_decides_no_weights_is_no_stamp() -> None:
    assert deciding_changes([session(0), session(8, ("train.log_every", 10, 1))]) == []


@pytest.mark.parametrize("back_at", [100, 50])
def test_what_was_changed_back_at_the_same_moment_or_before_never_was(back_at: int) -> None:
    sessions = [session(0), session(100, (RATE, 2, 1)), session(back_at, (RATE, 1, 2))]
    assert deciding_changes(sessions) == []


def test_a_change_counts_from_where_an_older_checkpoint_was_taken_up() -> None:
    sessions = [session(0), session(100, (RATE, 2, 1)), session(50)]
    assert deciding_changes(sessions) == [Change(RATE, 2, 1, 50)]


def test_two_moments_are_two_lines() -> None:
    sessions = [session(0), session(10, (RATE, 3, 2)), session(20, (RATE, 2, 1))]
    assert len(told_changes(deciding_changes(sessions))) == 2


def test_tables_are_compared_setting_by_setting() -> None:
    before = {"a": {"name": "constant"}, "b": 1}
    after = {"a": {"name": "linear", "final": 0.1}, "b": 2}
    assert changes_of(["a"], before, after) == [
        Change("a.name", "constant", "linear"),
        Change("a.final", None, 0.1),
    ]
