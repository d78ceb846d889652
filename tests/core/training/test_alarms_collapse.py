"""A generator that ignores its noise is told, by the diversity of what it draws."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from alarmed import OURS, answers, diverse, told, trained
from lab import Lab
from tiny import RESOLUTION, ColourSquares
from torch import Tensor, nn

from ganx.builtin.evaluators.diversity import diversity
from ganx.builtin.evaluators.settings import DiversityConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.protocol import Origin, ScoringProtocol
from ganx.contracts.results import Evaluation
from ganx.contracts.specs import EvaluatorSpec
from ganx.contracts.subject import Reference, Subject
from ganx.runs.directory import RunDirectory
from ganx.sampling.generator import load_generator
from ganx.training.alarms import Alarms


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, RunDirectory]:
    return trained(tmp_path_factory.mktemp("healthy"), 400)


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
    return Evaluation(
        Origin(), ScoringProtocol(), list(diversity(subject, DiversityConfig()))
    ).scores()


@pytest.fixture
def generator(healthy: tuple[Lab, RunDirectory]) -> FrozenGenerator:
    return load_generator(healthy[1].path, registries=healthy[0].host)


def test_a_generator_that_ignores_the_noise_from_the_start_is_told(
    generator: FrozenGenerator,
) -> None:
    deaf = scores(replace(generator, module=Deafened(generator.module).eval()))
    (alarm,) = told([(seen, deaf) for seen in range(5_000, 90_000, 5_000)])
    assert (alarm.kind, alarm.images_seen) == ("collapse", 20_000)
    assert "their relative pixel diversity is 0.0000, and less than 0.2 is a sign" in alarm.text


def test_a_generator_that_heeds_the_noise_is_not(generator: FrozenGenerator) -> None:
    heeding = scores(generator)
    assert told([(seen, heeding) for seen in range(5_000, 90_000, 5_000)]) == []


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
    alarms = Alarms(OURS)
    for iteration in range(10, 200, 10):
        alarms.stepped(1024 * iteration, iteration, answers(0.6, 0.4, 0.4))
        assert alarms.evaluated(1024 * iteration, diverse(0.01)) == []


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"test.variety": 0.9, "new_test.variety": 0.8, "test.spread": 9.0}, ["collapse"]),
        ({"test.variety": 0.9, "new_test.variety": 1.1, "test.spread": 0.0}, []),
        ({"test.spread": 1.9}, ["collapse"]),
        ({"test.spread": 2.1}, []),
        ({"test.my variety": 0.0, "variety.test": 0.0}, []),
    ],
    ids=["all subjects", "not all subjects", "the second", "the second is above", "others"],
)
def test_what_an_evaluator_names_is_watched_and_the_first_that_is_there_decides(
    found: dict[str, float], expected: list[str]
) -> None:
    levels = [(seen, found) for seen in range(18_000, 90_000, 18_000)]
    alarms = told(levels, [{}, {"variety": 1.0, "spread": 2.0}])
    assert [alarm.kind for alarm in alarms] == expected


def test_what_nothing_can_be_below_is_refused() -> None:
    with pytest.raises(ValueError, match="collapse names 'variety' with 0"):
        EvaluatorSpec("variety", "How varied", print, collapse={"variety": 0})


def test_other_scores_raise_nothing() -> None:
    assert told([(seen, {"test.top-k": 0.0}) for seen in range(18_000, 90_000, 18_000)]) == []
