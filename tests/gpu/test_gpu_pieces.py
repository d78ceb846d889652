"""A piece of the GPU benchmark ends its own process and nothing else, whatever it does."""

import os
import time
from collections.abc import Mapping
from typing import Any

import gpu_pieces
import pytest
from gpu_pieces import carry_out
from pieces import broken, crashing, fine, hanging


def carried_out(work: Any, seconds: float = 60, **given: Any) -> tuple[dict[str, Any], list[Any]]:
    heard: list[Mapping[str, Any]] = []
    return carry_out(work, time.monotonic() + seconds, heard.append, **given), heard


def test_a_piece_reports_as_it_goes_and_is_done() -> None:
    ended, heard = carried_out(fine, answer=6)

    assert ended["state"] == "done"
    assert "error" not in ended
    assert heard == [{"answer": 6, "in time": True}, {"answer": 7}]


def test_a_piece_that_raises_has_failed_with_its_words_and_place() -> None:
    ended, heard = carried_out(broken)

    assert ended["state"] == "failed"
    assert ended["error"].startswith("ValueError: no such kernel\n")
    assert "in broken" in ended["error"]
    assert heard == [{"before": 1}]


def test_a_piece_that_crashes_has_failed_and_what_it_said_is_heard() -> None:
    ended, heard = carried_out(crashing)

    assert (ended["state"], heard) == ("failed", [{"before": 1}])
    assert "exit code 11" in ended["error"]


def test_a_piece_that_hangs_is_killed_soon_after_its_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gpu_pieces, "GRACE", 0.5)

    ended, heard = carried_out(hanging, seconds=2)

    assert ended["state"] == "stopped"
    assert 2.4 < ended["seconds"] < 10
    with pytest.raises(ProcessLookupError):
        os.kill(heard[0]["process"], 0)
