"""Alarms: what a run that fails looks like, and that one which learns stays quiet.

Levels of real runs are means over stretches of their readings, as ``metrics.jsonl`` had them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lab import Lab
from tiny import RESOLUTION, ColourSquares, tiny_host
from torch import Tensor, nn

from ganx.errors import GanxError
from ganx.evaluation.diversity import diversity
from ganx.evaluation.results import Evaluation
from ganx.evaluation.settings import DiversityConfig
from ganx.evaluation.subject import Reference, Subject
from ganx.events import AlarmRaised, StepEnded
from ganx.frozen import FrozenGenerator
from ganx.generator import load_generator
from ganx.merging import merge, parse_assignments
from ganx.metrics import Metrics, read_metrics
from ganx.run_config import resolve
from ganx.rundir import RunDirectory
from ganx.training.alarms import Alarms

LOUD = {
    "optimizer": {"discriminator": {"learning_rate": 1e-2}, "generator": {"learning_rate": 1e-6}}
}
"""A D that learns as fast as it can, before a G that hardly moves."""

Rows = list[tuple[int, dict[str, float]]]
"""Iterations and their metrics."""


def trained(folder: Path, iterations: int, **settings: Any) -> tuple[Lab, RunDirectory]:
    lab = Lab(folder)
    given = {
        "train": {"images": 16 * iterations, "grid_every": 10**6},
        "evaluate": {"evaluators": []},
    }
    return lab, lab.run(**merge(given, settings))


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


def answers(real: float, fake: float, generator: float) -> dict[str, float]:
    return {
        "probability.real": real,
        "probability.fake": fake,
        "probability.generator": generator,
    }


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


class Deafened(nn.Module):
    """A generator to whom no noise comes through."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, c: Tensor) -> Any:
        return self.generator(torch.zeros_like(z), c)


def squares(count: int) -> tuple[Tensor, Any]:
    """Read real squares, and add a little noise: else those of one colour hardly differ."""
    images = ColourSquares(count).read(0, count, "cpu").permute(0, 3, 1, 2) / 127.5 - 1
    noise = torch.randn(
        count, 3, RESOLUTION, RESOLUTION, generator=torch.Generator().manual_seed(0)
    )
    return images + 0.3 * noise, np.eye(3, dtype=np.float32)[np.arange(count) % 3]


def scores(frozen: FrozenGenerator) -> Mapping[str, float]:
    subject = Subject(frozen, reference=Reference("squares", 60, squares))
    return Evaluation({}, {}, list(diversity(subject, DiversityConfig()))).scores()


def told(levels: Sequence[tuple[int, Mapping[str, float]]]) -> list[AlarmRaised]:
    """List what evaluations at so many images raise."""
    alarms = Alarms()
    return [alarm for seen, found in levels for alarm in alarms.evaluated(seen, found)]


@pytest.fixture
def generator(healthy: tuple[Lab, RunDirectory]) -> FrozenGenerator:
    return load_generator(healthy[1].path, registries=healthy[0].host)


def test_a_generator_that_ignores_the_noise_from_the_start_is_told(
    generator: FrozenGenerator,
) -> None:
    deaf = scores(replace(generator, module=Deafened(generator.module).eval()))
    (alarm,) = told([(seen, deaf) for seen in range(5_000, 90_000, 5_000)])
    assert (alarm.kind, alarm.images_seen) == ("collapse", 20_000)
    assert "0.00 times that of real images" in alarm.text


def test_a_generator_that_heeds_the_noise_is_not(generator: FrozenGenerator) -> None:
    heeding = scores(generator)
    assert told([(seen, heeding) for seen in range(5_000, 90_000, 5_000)]) == []


def diverse(relative: float) -> dict[str, float]:
    return {"images.pixel diversity": relative * 0.085, "images.relative pixel diversity": relative}


def test_a_generator_that_collapses_later_is_told_at_its_second_evaluation() -> None:
    falling = [(18_000, 1.1), (36_000, 0.6), (54_000, 0.1), (72_000, 0.05), (90_000, 0.04)]
    (alarm,) = told([(seen, diverse(relative)) for seen, relative in falling])
    assert (alarm.kind, alarm.images_seen) == ("collapse", 72_000)


@pytest.mark.parametrize(
    "recorded",
    [
        [(1_400, 0.11), (7_000, 0.09), (12_300, 0.27), (17_600, 0.46), (28_100, 0.72)],
        [(13_120, 0.41), (25_600, 0.37), (55_296, 0.41), (81_728, 0.32), (96_192, 0.31)],
        [(4_224, 1.41), (21_248, 0.37), (34_944, 0.39), (51_584, 0.53)],
    ],
    ids=["infogan", "sagan-bce", "sagan-resnet"],
)
def test_the_diversity_of_real_runs_raises_nothing(recorded: list[tuple[int, float]]) -> None:
    assert told([(seen, diverse(relative)) for seen, relative in recorded]) == []


@pytest.mark.parametrize(("level", "expected"), [(0.004, ["collapse"]), (0.024, [])])
def test_without_real_images_the_pixels_alone_decide(level: float, expected: list[str]) -> None:
    found = {"images.pixel diversity": level, "test.top-k": 0.5}
    alarms = told([(seen, found) for seen in range(18_000, 90_000, 18_000)])
    assert [alarm.kind for alarm in alarms] == expected


def test_scores_say_nothing_in_the_first_iterations_however_large_the_batch() -> None:
    alarms = Alarms()
    for iteration in range(10, 200, 10):
        alarms.stepped(1024 * iteration, iteration, answers(0.6, 0.4, 0.4))
        assert alarms.evaluated(1024 * iteration, diverse(0.01)) == []


def test_other_scores_raise_nothing() -> None:
    assert told([(seen, {"test.top-k": 0.0}) for seen in range(18_000, 90_000, 18_000)]) == []


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
    tries = re.findall(r"--set ([\w.]+)=(\d+|\.\.\.)", alarm.text)
    losses = re.findall(r"--loss '([^']+)'", alarm.text)
    assert len(tries) >= 2
    given = [f"{key}={'0.0001' if value == '...' else value}" for key, value in tries]
    settings = parse_assignments([*given, *(f"loss.sum={loss}" for loss in losses)])
    try:
        resolve(tiny_host(), merge({"recipe": "tiny"}, settings))
    except GanxError as error:
        pytest.fail(f"{alarm.kind}: {error}")
