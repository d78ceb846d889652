"""Whatever an evaluator does while a run is scored, the training goes on to the same bits."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lab import Lab, assert_same_checkpoint
from scored import RATING, lab_with, rated

from ganx.contracts.subject import Subject
from ganx.runs.metrics import read_metrics


def test_an_evaluator_that_draws_from_the_global_random_state_changes_no_bit(
    tmp_path: Path,
) -> None:
    def greedy(subject: Subject) -> float:
        del subject
        np.random.default_rng()
        return float(torch.rand(100).mean())

    meddled = lab_with(tmp_path / "meddled", greedy).run(evaluate=RATING)
    without = Lab(tmp_path / "without").run(evaluate={"evaluators": []})

    assert_same_checkpoint(meddled, without)


def test_an_evaluator_that_fails_is_reported_once_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Subject) -> float:
        raise ValueError("no idea")

    with caplog.at_level(logging.WARNING, "ganx"):
        run = lab_with(tmp_path / "broken", broken).run(evaluate=RATING)
    without = Lab(tmp_path / "without").run(evaluate={"evaluators": []})

    (record,) = caplog.records
    assert "'rating' failed with ValueError: no idea" in record.message
    assert_same_checkpoint(run, without)


def test_numbers_and_moods_of_strangers_cannot_end_a_training(tmp_path: Path) -> None:
    def moody(subject: Subject) -> Any:
        torch.set_grad_enabled(False)
        for weight in subject.generator.module.parameters():
            weight.fill_(0)
        return np.float32(0.5)

    meddled = lab_with(tmp_path / "meddled", moody).run(evaluate=RATING)
    without = Lab(tmp_path / "without").run()

    assert torch.is_grad_enabled()
    assert_same_checkpoint(meddled, without)


def test_one_that_fails_when_asked_whether_it_can_score_is_left_out(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(1))
    spec = lab.host.evaluators["rating"]
    broken = replace(spec, hindrance=lambda _: 1 / 0)
    run = Lab(tmp_path, replace(lab.host, evaluators={"rating": broken})).run(evaluate=RATING)

    assert "test.rating" not in read_metrics(run.metrics).columns
