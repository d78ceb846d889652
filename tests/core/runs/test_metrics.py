"""Reading back what a run wrote of its losses, whole or damaged."""

import json
from math import isnan, nan
from pathlib import Path
from typing import Any

import pytest

from ganx.errors import RunError
from ganx.runs.metrics import Metrics, read_metrics


def read(tmp_path: Path, *rows: dict[str, Any], end: str = "") -> Metrics:
    path = tmp_path / "metrics.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + end, "utf-8")
    return read_metrics(path)


def test_numbers_become_columns_in_the_order_of_the_lines(tmp_path: Path) -> None:
    rows = [{"images_seen": 8 * i, "iteration": i, "real.bce": 0.5 * i} for i in (1, 2, 3)]
    metrics = read(tmp_path, *rows)
    assert metrics.images_seen.tolist() == [8, 16, 24]
    assert metrics.columns["real.bce"].tolist() == [0.5, 1.0, 1.5]
    assert list(metrics.columns) == ["iteration", "real.bce"]


def test_what_a_line_lacks_is_nan_before_between_and_after(tmp_path: Path) -> None:
    rows = [{"images_seen": i} | ({"speed": i} if i in {2, 4} else {}) for i in (1, 2, 3, 4, 5)]
    speed = read(tmp_path, *rows).columns["speed"].tolist()
    assert [None if isnan(value) else value for value in speed] == [None, 2, None, 4, None]


def test_a_series_leaves_out_what_is_absent_or_not_finite(tmp_path: Path) -> None:
    values = [1.0, nan, float("inf"), 2.0]
    rows = [{"images_seen": i, "loss": value} for i, value in enumerate(values)]
    seen, kept = read(tmp_path, *rows, {"images_seen": 4}).series("loss")
    assert (seen.tolist(), kept.tolist()) == ([0, 3], [1, 2])


def test_values_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    metrics = read(tmp_path, {"images_seen": 1, "note": "text", "list": [1], "none": None})
    assert metrics.columns == {}


@pytest.mark.parametrize("cut", ['{"images_seen": 16, "real.b', "{", '{"images_seen": 16', "\x00"])
def test_a_last_line_that_a_crash_cut_off_is_left_out(cut: str, tmp_path: Path) -> None:
    metrics = read(tmp_path, {"images_seen": 8, "real.bce": 1.0}, end=cut)
    assert metrics.images_seen.tolist() == [8]


def test_a_last_line_that_was_cut_within_a_letter_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"images_seen": 8}\n{"l\xc3')
    assert read_metrics(path).images_seen.tolist() == [8]


@pytest.mark.parametrize(
    "line", ["{broken", '{"iteration": 2}', "[1]", "", '{"images_seen": null}']
)
def test_a_damaged_line_elsewhere_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(f'{{"images_seen": 8}}\n{line}\n{{"images_seen": 24}}\n', "utf-8")
    with pytest.raises(RunError, match=r"metrics\.jsonl, line 2, is no line of metrics"):
        read_metrics(path)


@pytest.mark.parametrize("end", ["", "{"])
def test_a_file_without_a_whole_line_is_refused(end: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="has no readings yet"):
        read(tmp_path, end=end)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"no metrics at .*metrics\.jsonl"):
        read_metrics(tmp_path / "metrics.jsonl")
