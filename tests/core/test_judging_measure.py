"""Whether a generator shows what it is asked for: generators whose answer is known."""

from dataclasses import replace

import pytest
import torch
from tiny import TinyDatasetConfig, open_tiny
from torch import Tensor, nn

from ganx.condition import UNCONDITIONAL, Condition, Group
from ganx.data.store import prepare
from ganx.dataset import without_labels
from ganx.distribution import ConditionDistribution
from ganx.errors import DataError
from ganx.frozen import FrozenGenerator
from ganx.interface import Interface
from ganx.judging.codes import of_codes
from ganx.judging.judge import Judge
from ganx.judging.measure import as_in_training, of_prompts
from ganx.judging.network import JudgeNetwork
from ganx.judging.settings import JudgeSettings
from ganx.judging.training import train_judge
from ganx.latent import Latent, LatentPart

SQUARES = open_tiny(TinyDatasetConfig(size=200))
NOISE = LatentPart("noise", "normal", 3)
CODE = LatentPart("code", "categorical", 3)


class Painter(nn.Module):
    """Paints a square of the colour that a function of its inputs [B, 3] says."""

    def __init__(self, shown: Tensor, source: str) -> None:
        super().__init__()
        self.shown = nn.Parameter(shown)
        self.source = source

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        inputs = {"condition": c, "noise": z[:, :3], "code": z[:, 3:]}[self.source]
        assert inputs is not None
        chosen = torch.eye(3)[inputs.argmax(1)] @ self.shown
        return (chosen * 200 / 127.5 - 1)[:, :, None, None].expand(-1, 3, 8, 8)


def painter(shown: Tensor, source: str, *, conditional: bool = True) -> FrozenGenerator:
    dataset = SQUARES if conditional else without_labels(SQUARES)
    distribution = ConditionDistribution.of(dataset.conditions)
    return FrozenGenerator(
        Painter(shown, source),
        dataset.interface,
        Latent((NOISE,) if conditional else (NOISE, CODE)),
        {"distribution": distribution.to_json()},
    )


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    store = prepare(SQUARES, "squares", tmp_path_factory.mktemp("cache"))
    settings = JudgeSettings(width=4, epochs=8, batch_size=16)
    return train_judge(SQUARES, store, settings, "cpu")


def test_a_generator_that_shows_what_it_is_asked_for_is_far_above_chance(judge: Judge) -> None:
    found = as_in_training(painter(torch.eye(3), "condition"), judge, 300, range(2))["colour"]
    assert (found.mean, found.sd) == (1.0, 0.0)
    assert found.shuffled.mean == pytest.approx(1 / 3, abs=0.02)
    assert found.z > 20


def test_one_that_takes_no_heed_is_at_chance(judge: Judge) -> None:
    found = as_in_training(painter(torch.eye(3), "noise"), judge, 300, range(3))["colour"]
    assert found.mean == pytest.approx(1 / 3, abs=0.08)
    assert abs(found.z) < 3
    assert found.sd > 0


def test_one_that_always_shows_the_next_colour_is_below_chance(judge: Judge) -> None:
    wrong = painter(torch.eye(3).roll(1, 1), "condition")
    assert as_in_training(wrong, judge, 300, range(1))["colour"].mean == 0.0


def test_prompts_are_asked_for_in_words(judge: Judge) -> None:
    texts = ("red", "green", "blue", "blue")
    right = of_prompts(painter(torch.eye(3), "condition"), judge, texts, range(3))["colour"]
    assert right.mean == 1.0
    two_of_four = torch.tensor([[1.0, 0, 0], [0, 1.0, 0], [1.0, 0, 0]])
    half = of_prompts(painter(two_of_four, "condition"), judge, texts, range(3))["colour"]
    assert half.mean == 0.5


def test_the_same_seeds_give_the_same_finding(judge: Judge) -> None:
    frozen = painter(torch.eye(3), "noise")
    assert as_in_training(frozen, judge, 100, [4]) == as_in_training(frozen, judge, 100, [4])


def test_a_judge_of_other_conditions_is_refused(judge: Judge) -> None:
    frozen = painter(torch.eye(3), "code", conditional=False)
    with pytest.raises(DataError, match="do not have the same conditions"):
        as_in_training(frozen, judge, 10, range(1))


class Means(nn.Module):
    """Sees as much of a colour as there is of its channel."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))

    def features(self, images: Tensor) -> Tensor:
        return images.mean(dim=(2, 3))

    def forward(self, images: Tensor) -> Tensor:
        return self.features(images) * self.scale


@pytest.mark.parametrize(("threshold", "exact"), [(0.2, 0.0), (0.5, 1.0), (0.8, 0.0)])
def test_the_exact_match_heeds_the_judges_threshold(threshold: float, exact: float) -> None:
    condition = Condition("labels", SQUARES.interface.condition.groups)
    frozen = painter(torch.eye(3), "condition")
    frozen = replace(frozen, interface=replace(frozen.interface, condition=condition))
    judge = Judge(Means(), frozen.interface, {"threshold": threshold})
    found = of_prompts(frozen, judge, ("red", "green", "blue"), range(2))
    assert found["top-k"].mean == 1.0
    assert found["exact match"].mean == exact


def test_a_learned_code_is_matched_to_the_colours_it_shows(judge: Judge) -> None:
    frozen = painter(torch.eye(3).roll(1, 1), "code", conditional=False)
    assert frozen.interface.condition == UNCONDITIONAL
    (found,) = of_codes(frozen, judge, 300, range(2))
    assert (found.part, found.group) == ("code", "colour")
    assert found.matching.classes == {0: 1, 1: 2, 2: 0}
    assert found.matching.accuracy == found.finding.mean == 1.0
    assert found.finding.shuffled.mean < 0.45
    assert found.finding.z > 10


def test_a_code_that_shows_nothing_is_at_chance(judge: Judge) -> None:
    (found,) = of_codes(painter(torch.eye(3), "noise", conditional=False), judge, 300, range(3))
    assert abs(found.finding.z) < 3


def test_codes_are_not_matched_to_labels() -> None:
    labels = Condition("labels", (Group("object", ("cube", "sphere")),))
    interface = Interface(8, 3, labels)
    judge = Judge(JudgeNetwork(interface, 4).eval(), interface, {})
    with pytest.raises(DataError, match="not to labels"):
        of_codes(painter(torch.eye(3), "code", conditional=False), judge, 10, range(1))
