from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from drawn import drawing
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from ganx.builtin.plugin import ganx_losses
from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique
from ganx.contracts.specs import LossSpec
from ganx.contracts.term import Drawing, LossContext, LossTerm, StepBatch
from ganx.errors import ConfigError
from ganx.layers.second_derivative import second_derivative_wanted
from ganx.settings.loss import LossConfig, parse_sum
from ganx.training.loss import LossSum, build_loss

CONTEXT = LossContext(Interface(4, 1, UNCONDITIONAL), Latent((LatentPart("noise", "normal", 2),)))


class Relativistic(LossTerm):
    """A term of a plugin that compares real and fake, has state, and draws."""

    generator_sees_real = True

    def __init__(self) -> None:
        super().__init__()
        self.offset = nn.Parameter(torch.tensor(0.5))

    def pair(self, batch: StepBatch) -> Tensor:
        difference = batch.critiques["real"].score - batch.critiques["fake"].score
        return (difference + self.offset).mean()

    def generator(self, batch: StepBatch) -> Tensor:
        return self.offset + batch.draws["jitter"].mean()

    def draws(self, drawing: Drawing) -> dict[str, Any]:
        return {"jitter": drawing.rng.random((drawing.count, 1), dtype=np.float32)}


def registry() -> Mapping[str, LossSpec]:
    specs = {spec.name: spec for spec in ganx_losses()}
    return specs | {"versus": LossSpec("versus", "", lambda _context, _config: Relativistic())}


def loss(written: str, **terms: dict[str, Any]) -> LossSum:
    return build_loss(LossConfig(sum=written, terms=terms), CONTEXT, registry())


class Flat(nn.Module):
    """A critic of slope 3 in one pixel."""

    def forward(self, images: Tensor) -> Critique:
        return Critique(3 * images[:, 0, 0, 0], {})


def batch_of(draws: dict[str, Tensor]) -> StepBatch:
    empty = torch.zeros(2, 0)
    images = torch.zeros(2, 1, 4, 4)
    scores = {"real": torch.tensor([1.0, 3.0]), "fake": torch.tensor([-1.0, 0.0])}
    critiques = {name: Critique(score, {}) for name, score in scores.items()}
    return StepBatch(images, empty, empty, empty, images, Flat(), Flat(), critiques, draws)


@pytest.mark.parametrize(
    ("written", "terms"),
    [
        ("bce", [(1.0, "bce")]),
        ("wasserstein + 10*gradient-penalty", [(1.0, "wasserstein"), (10.0, "gradient-penalty")]),
        ("wasserstein+10*gradient-penalty", [(1.0, "wasserstein"), (10.0, "gradient-penalty")]),
        ("  .5 * hinge\t+1e+1 *my_term2 ", [(0.5, "hinge"), (10.0, "my_term2")]),
        ("1.*a+2.5e-3*b+c", [(1.0, "a"), (0.0025, "b"), (1.0, "c")]),
    ],
)
def test_a_sum_is_read_as_it_is_written(written: str, terms: list[tuple[float, str]]) -> None:
    assert list(parse_sum(written)) == terms


@pytest.mark.parametrize(
    "written",
    [
        *("", "  ", "+", "bce +", "+ bce", "bce ++ hinge", "bce hinge", "10", "10*", "*bce"),
        *("bce*10", "bce - hinge", "-1*bce", "a + 2*3*b", "bce, hinge", "nan*bce", "(bce)", "bce."),
    ],
)
def test_a_sum_that_is_not_one_is_refused_with_the_way_to_write_it(written: str) -> None:
    with pytest.raises(ConfigError, match=r"Cannot read loss .* Write terms joined by '\+'"):
        parse_sum(written)


@pytest.mark.parametrize("written", ["0*bce", "0.0*bce", "1e999*bce"])
def test_a_weight_is_a_finite_positive_number(written: str) -> None:
    with pytest.raises(ConfigError, match="finite number greater than 0"):
        parse_sum(written)


def test_a_term_written_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="names 'bce' twice"):
        parse_sum("bce + 2*bce")


@given(st.text(alphabet="ab1.0e+-* \t", max_size=12))
def test_any_text_is_either_read_or_refused_with_a_sentence(written: str) -> None:
    try:
        terms = parse_sum(written)
    except ConfigError:
        return
    assert all(weight > 0 for weight, _ in terms)
    assert parse_sum("+".join(f"{weight!r}*{name}" for weight, name in terms)) == terms


def test_an_unknown_term_is_named_with_the_nearest_and_the_choices() -> None:
    with pytest.raises(ConfigError, match=r"'hinges'.*Did you mean 'hinge'.*: auxiliary, bce,"):
        loss("hinges")


def test_settings_of_a_term_that_is_not_in_the_sum_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"'loss\.terms\.bce' .* not in the loss 'hinge'"):
        loss("hinge", bce={"real_target": 0.9})


def test_an_unknown_setting_of_a_term_is_named_in_full() -> None:
    with pytest.raises(ConfigError, match=r"'loss\.terms\.bce\.target'"):
        loss("bce", bce={"target": 0.9})


def test_settings_reach_their_term() -> None:
    smooth, plain = loss("bce", bce={"real_target": 0.9}), loss("bce")
    values = [total.evaluate("real", batch_of({}))["bce"] for total in (smooth, plain)]
    assert values[0] > values[1]


def test_a_part_is_evaluated_for_the_terms_that_have_it_times_their_weights() -> None:
    total = loss("wasserstein + 10*gradient-penalty", **{"gradient-penalty": {"at": "real"}})
    assert total.parts() == ("real", "fake", "penalty", "generator")
    real, penalty = (total.evaluate(part, batch_of({})) for part in ("real", "penalty"))
    assert {name: value.item() for name, value in real.items()} == {"wasserstein": -2.0}
    assert {name: value.item() for name, value in penalty.items()} == {"gradient-penalty": 40.0}
    assert total.evaluate("pair", batch_of({})) == {}


def test_a_phase_can_be_restricted_to_some_terms() -> None:
    total = loss("wasserstein + hinge")
    assert list(total.evaluate("real", batch_of({}))) == ["wasserstein", "hinge"]
    assert list(total.evaluate("real", batch_of({}), ("hinge",))) == ["hinge"]
    assert total.defining(("real", "penalty"), ("hinge",)) == ("hinge",)
    assert total.defining(("penalty",)) == ()


def test_a_phase_restricted_to_an_unknown_term_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"Unknown term 'hinges'.*'hinge'"):
        loss("hinge").defining(("real",), ("hinges",))


@pytest.mark.parametrize(
    ("written", "parts", "needed"),
    [
        ("bce", ("real",), {"real"}),
        ("bce", ("fake",), {"fake"}),
        ("bce", ("real", "fake", "pair", "penalty"), {"real", "fake"}),
        ("bce", ("generator",), {"fake"}),
        ("bce", ("penalty",), set()),
        ("bce + gradient-penalty", ("penalty",), set()),
        ("versus", ("real",), set()),
        ("versus", ("pair",), {"real", "fake"}),
        ("bce + versus", ("generator",), {"real", "fake"}),
    ],
)
def test_a_phase_needs_the_critiques_that_its_terms_read(
    written: str, parts: tuple[Any, ...], needed: set[str]
) -> None:
    assert loss(written).needs(parts) == needed


def test_a_phase_without_the_term_does_not_need_its_critiques() -> None:
    assert loss("bce + versus").needs(("generator",), ("bce",)) == {"fake"}


def test_draws_are_named_after_their_term_outside_and_plainly_inside() -> None:
    total = loss("gradient-penalty + 2*versus")
    drawn = total.draws(drawing(2, 0))
    assert list(drawn) == ["gradient-penalty.mix", "versus.jitter"]
    tensors = {name: torch.from_numpy(values) for name, values in drawn.items()}
    value = total.evaluate("generator", batch_of(tensors))["versus"].item()
    assert value == pytest.approx(2 * (0.5 + drawn["versus.jitter"].mean()))


def test_draws_repeat_for_the_same_generator() -> None:
    first, second = (loss("gradient-penalty").draws(drawing(3, 7)) for _ in range(2))
    assert np.array_equal(first["gradient-penalty.mix"], second["gradient-penalty.mix"])


def test_a_terms_state_is_in_the_sums_state() -> None:
    assert list(loss("bce + versus").state_dict()) == ["terms.versus.offset"]


class Asked(LossTerm):
    """A term of a plugin that tells in which of its parts a second derivative is at hand."""

    def real(self, batch: StepBatch) -> Tensor:
        return batch.real.new_tensor(float(second_derivative_wanted()))

    def penalty(self, batch: StepBatch) -> Tensor:
        return self.real(batch)


def test_only_penalties_run_where_a_second_derivative_is_wanted() -> None:
    total = LossSum({"asked": Asked()}, {"asked": 1.0})
    found = {part: float(total.evaluate(part, batch_of({}))["asked"]) for part in total.parts()}
    assert found == {"real": 0.0, "penalty": 1.0}
