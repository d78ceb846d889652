"""A discriminator that does not look at labels is told, once, with what makes it look."""

import json
import re
from pathlib import Path

import pytest
from alarmed import told
from tiny import tiny_host

from ganx.contracts.label_figures import HEAD_PREFERENCE, PREFERENCE, named
from ganx.runs.metrics import read_metrics
from ganx.settings.merging import merge, parse_assignments
from ganx.settings.run import resolve
from ganx.training.alarms import Alarms

MOMENTS = range(5_000, 90_000, 5_000)


def preferring(score: float, head: float | None = None) -> dict[str, float]:
    of_head = {} if head is None else {named(HEAD_PREFERENCE): head}
    return {named(PREFERENCE): score, named("share of c"): 0.3} | of_head


def test_labels_that_are_not_looked_at_are_told_once() -> None:
    (alarm,) = told([(seen, preferring(0.03)) for seen in MOMENTS])
    assert (alarm.kind, alarm.images_seen) == ("labels", 20_000)
    assert "by 0.030 standard deviations, and less than 0.1" in alarm.text


@pytest.mark.parametrize("score", [0.12, 2.0])
def test_labels_that_are_looked_at_raise_nothing(score: float) -> None:
    assert told([(seen, preferring(score)) for seen in MOMENTS]) == []


def test_the_first_images_raise_nothing() -> None:
    assert (
        told([(5_000, preferring(0.0)), (10_000, preferring(0.05)), (20_000, preferring(1))]) == []
    )


def test_a_head_that_tells_labels_speaks_for_the_score() -> None:
    assert told([(seen, preferring(0.0, head=3.0)) for seen in MOMENTS]) == []
    alone = {named(HEAD_PREFERENCE): 3.0}
    assert told([(seen, alone) for seen in MOMENTS]) == []
    (alarm,) = told([(seen, {named(HEAD_PREFERENCE): 0.05}) for seen in MOMENTS])
    assert alarm.kind == "labels"


def test_a_run_without_labels_raises_nothing() -> None:
    assert told([(seen, {"test.top-k": 0.0}) for seen in MOMENTS]) == []


def test_after_a_resume_it_is_not_told_again(tmp_path: Path) -> None:
    rows = [{"images_seen": seen, "iteration": seen // 16, **preferring(0.0)} for seen in MOMENTS]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    alarms = Alarms()
    alarms.replay(read_metrics(tmp_path / "metrics.jsonl"))
    assert alarms.evaluated(95_000, preferring(0.0)) == []


def test_each_loss_that_it_says_to_try_can_be_chosen() -> None:
    (alarm,) = told([(20_000, preferring(0.0))])
    losses = re.findall(r"loss\.sum='([^']+)'", alarm.text)
    assert len(losses) == 3
    for loss in losses:
        settings = parse_assignments([f"loss.sum={loss}"])
        assert resolve(tiny_host(), merge({"recipe": "tiny"}, settings)).loss.sum == loss
