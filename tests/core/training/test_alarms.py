"""Alarms: what a run that fails looks like, and that one which learns stays quiet.

Levels of real runs are means over stretches of their readings, as ``metrics.jsonl`` had them.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from alarmed import answers, diverse, told, trained
from lab import Lab
from tiny import tiny_host

from ganx.contracts.events import AlarmRaised, StepEnded
from ganx.errors import GanxError
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import Metrics, read_metrics
from ganx.settings.merging import merge, parse_assignments
from ganx.settings.run import resolve
from ganx.training.alarms import Alarms

LOUD = {
    "optimizer": {"discriminator": {"learning_rate": 1e-2}, "generator": {"learning_rate": 1e-6}}
}
"""A D that learns as fast as it can, before a G that hardly moves."""

Rows = list[tuple[int, dict[str, float]]]
"""Iterations and their metrics."""


def readings(lab: Lab) -> Rows:
    return [(e.iteration, dict(e.metrics)) for _, e in lab.host.heard if isinstance(e, StepEnded)]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, RunDirectory]:
    return trained(tmp_path_factory.mktemp("healthy"), 400)


@pytest.fixture(scope="module")
def saturated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, RunDirectory]:
    return trained(tmp_path_factory.mktemp("saturated"), 520, **LOUD)


def raised(rows: Rows, alarms: Alarms | None = None) -> list[tuple[str, int]]:
    """List kind and iteration of what readings raise."""
    alarms = alarms or Alarms()
    return [
        (alarm.kind, iteration)
        for iteration, metrics in rows
        for alarm in alarms.stepped(64 * iteration, iteration, metrics)
    ]


def course(*stretches: tuple[int, float, float, float], every: int = 10) -> Rows:
    """Make readings of D's answers with the scatter of real ones, to the end of each stretch."""
    rng = np.random.default_rng(0)
    rows: Rows = []
    for end, *levels in stretches:
        start = rows[-1][0] if rows else 0
        for iteration in range(start + every, end + 1, every):
            logits = np.log(levels) - np.log1p(-np.array(levels)) + rng.normal(0, 0.5, 3)
            rows.append((iteration, answers(*(1 / (1 + np.exp(-logits))).tolist())))
    return rows


CDCGAN_THAT_FAILED = (
    (50, 0.35, 0.91, 0.73),
    (100, 0.34, 0.65, 0.51),
    (200, 0.45, 0.55, 0.47),
    (350, 0.46, 0.55, 0.50),
    (1138, 0.48, 0.52, 0.49),
)
SAGAN = (
    (50, 0.76, 0.18, 0.05),
    (85, 0.72, 0.35, 0.27),
    (150, 0.52, 0.52, 0.46),
    (320, 0.60, 0.45, 0.26),
    (700, 0.78, 0.25, 0.05),
    (940, 0.89, 0.12, 0.014),
    (1689, 0.80, 0.21, 0.027),
)
INFOGAN = (
    (50, 0.66, 0.62, 0.07),
    (200, 0.74, 0.26, 0.07),
    (500, 0.65, 0.35, 0.28),
    (1100, 0.59, 0.41, 0.39),
    (2000, 0.61, 0.38, 0.35),
    (3881, 0.65, 0.35, 0.33),
)
ACGAN_OF_FACES = (
    (50, 0.79, 0.12, 0.065),
    (100, 0.83, 0.065, 0.021),
    (200, 0.85, 0.053, 0.018),
    (800, 0.83, 0.07, 0.032),
    (2624, 0.81, 0.09, 0.055),
)
ACGAN_OF_SCENES = (
    (50, 0.85, 0.15, 0.087),
    (100, 0.84, 0.078, 0.035),
    (200, 0.85, 0.064, 0.021),
    (300, 0.87, 0.04, 0.012),
    (620, 0.89, 0.019, 0.006),
    (1000, 0.85, 0.043, 0.015),
    (3461, 0.865, 0.035, 0.019),
)


def test_a_run_that_learns_raises_nothing(healthy: tuple[Lab, RunDirectory]) -> None:
    rows = readings(healthy[0])
    assert rows[-1][0] == 400
    assert raised(rows) == []


def test_a_discriminator_that_became_sure_is_told_once(saturated: tuple[Lab, RunDirectory]) -> None:
    ((kind, iteration),) = raised(readings(saturated[0]))
    assert kind == "saturation"
    assert iteration > 300


@pytest.mark.parametrize("recorded", [SAGAN, INFOGAN, ACGAN_OF_FACES, ACGAN_OF_SCENES])
@pytest.mark.parametrize("every", [1, 10, 50])
def test_real_runs_that_learned_raise_nothing(
    recorded: Sequence[tuple[int, float, float, float]], every: int
) -> None:
    assert raised(course(*recorded, every=every)) == []


@pytest.mark.parametrize("every", [1, 10, 50])
def test_the_real_run_whose_discriminator_guessed_is_told_once(every: int) -> None:
    ((kind, iteration),) = raised(course(*CDCGAN_THAT_FAILED, every=every))
    assert kind == "defeat"
    assert 300 <= iteration < 500


def test_an_alarm_is_raised_again_only_after_it_had_cleared() -> None:
    sure, wavering, doubtful = (0.99, 0.002, 0.001), (0.97, 0.02, 0.02), (0.8, 0.2, 0.1)
    long = course((1000, *sure), (1500, *wavering), (2500, *sure))
    assert [kind for kind, _ in raised(long)] == ["saturation"]
    mended = course((1000, *sure), (1500, *doubtful), (2500, *sure))
    first, second = raised(mended)
    assert first[1] < 1000
    assert second[1] > 1800


def test_a_discriminator_that_is_sure_for_a_moment_is_no_news() -> None:
    moments = [((n, 0.8, 0.1, 0.05), (n + 200, 0.999, 0.001, 0.001)) for n in range(200, 4000, 400)]
    assert raised(course(*(stretch for pair in moments for stretch in pair))) == []


def test_a_discriminator_that_calls_everything_generated_is_not_saturated() -> None:
    assert "saturation" not in dict(raised(course((1000, 0.02, 0.004, 0.004))))


@pytest.mark.parametrize(("loss", "expected"), [(3e-4, ["saturation"]), (0.05, [])])
def test_a_hinge_loss_of_next_to_nothing_is_saturation(loss: float, expected: list[str]) -> None:
    metrics = {"real.hinge": loss, "fake.hinge": loss, "score.real": 5.0, "score.fake": -4.0}
    assert [kind for kind, _ in raised([(n, metrics) for n in range(10, 1000, 10)])] == expected


def test_scores_of_a_critic_raise_nothing_however_far_apart() -> None:
    metrics = {"real.wasserstein": -900.0, "fake.wasserstein": -900.0, "score.real": 900.0}
    assert raised([(n, metrics | {"score.fake": -900.0}) for n in range(10, 2000, 10)]) == []


def test_after_a_resume_nothing_is_told_twice(saturated: tuple[Lab, RunDirectory]) -> None:
    lab, run = saturated
    resumed = Alarms()
    resumed.replay(read_metrics(run.metrics))
    _, last = readings(lab)[-1]
    assert raised([(n, last) for n in range(530, 1500, 10)], resumed) == []


def test_after_a_resume_a_stretch_goes_on() -> None:
    whole = course((600, 0.99, 0.001, 0.001))
    cut = 20
    names = ["iteration", *whole[0][1]]
    lines = np.array([[n, *metrics.values()] for n, metrics in whole[:cut]])
    resumed = Alarms()
    resumed.replay(Metrics(64 * lines[:, 0], dict(zip(names, lines.T, strict=True))))
    assert raised(whole[cut:], resumed) == raised(whole) != []


def every_text() -> Iterator[AlarmRaised]:
    hinge = {"real.hinge": 0.0, "fake.hinge": 0.0}
    for metrics in (answers(0.99, 0.001, 0.001), answers(0.5, 0.5, 0.5), hinge):
        alarms = Alarms()
        for iteration in range(0, 500, 100):
            yield from alarms.stepped(64 * iteration, iteration, metrics)
    yield from told([(20_000, diverse(0.1)), (40_000, diverse(0.1))])


def test_what_an_alarm_says_to_try_can_be_done() -> None:
    alarms = list(every_text())
    assert [alarm.kind for alarm in alarms] == ["saturation", "defeat", "saturation", "collapse"]
    for alarm in alarms:
        try_out(alarm)


def try_out(alarm: AlarmRaised) -> None:
    tries = re.findall(r"([\w.]+\.\w+)=(\d+)", alarm.text)
    rates = re.findall(r"a (?:lower|higher) ([\w.]+\w)", alarm.text)
    losses = re.findall(r"loss\.sum='([^']+)'", alarm.text)
    assert len(tries) >= 1
    assert len(rates) == 1
    given = [f"{key}={value}" for key, value in [*tries, (rates[0], "0.0001")]]
    settings = parse_assignments([*given, *(f"loss.sum={loss}" for loss in losses)])
    try:
        resolve(tiny_host(), merge({"recipe": "tiny"}, settings))
    except GanxError as error:
        pytest.fail(f"{alarm.kind}: {error}")


def test_a_figure_that_is_not_in_every_reading_is_smoothed_over_its_own_time() -> None:
    """Read in each fourth reading only, its level follows as if it had been in all of them."""
    often, seldom = Alarms(), Alarms()
    for iteration in range(10, 401, 10):
        often.stepped(64 * iteration, iteration, {"penalty.r1": float(iteration > 10), "x": 0.0})
        rare = {"penalty.r1": 1.0} if iteration % 40 == 0 else {}
        first = {"penalty.r1": 0.0} if iteration == 10 else {}
        seldom.stepped(64 * iteration, iteration, {"x": 0.0, **rare, **first})
    levels = [alarms._levels["penalty.r1"] for alarms in (often, seldom)]
    assert levels[1] == pytest.approx(levels[0])
