"""What a term weighs at a moment: its weight in the sum, its schedule, and its own factor."""

from typing import Any

import pytest
import torch
from tiny import tiny_host

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique
from ganx.contracts.plan import Phase, UpdatePlan
from ganx.contracts.term import LossContext, LossTerm, Moment, StepBatch
from ganx.errors import ConfigError
from ganx.settings.loss import LossConfig
from ganx.settings.merging import merge, parse_assignments
from ganx.settings.run import RunConfig, resolve
from ganx.training.iteration import iteration_at
from ganx.training.loss import LossSum, build_loss

HOST = tiny_host()
CONTEXT = LossContext(Interface(4, 1, UNCONDITIONAL), Latent((LatentPart("noise", "normal", 2),)))


class EveryThird(LossTerm):
    """Comes in each third iteration."""

    def factor(self, moment: Moment) -> float:
        return 0.0 if moment.iteration % 3 else 3.0

    def real(self, batch: StepBatch) -> torch.Tensor:
        return batch.critiques["real"].score.mean()


def resolved(*assignments: str) -> RunConfig:
    return resolve(HOST, merge({"recipe": "tiny"}, parse_assignments(assignments)))


def built(config: RunConfig) -> LossSum:
    return build_loss(config.loss, CONTEXT, HOST.losses, HOST.schedules)


def rising(start: int = 0) -> LossSum:
    terms = {"plain": EveryThird(), "late": EveryThird()}
    schedule = {"late": lambda images: float(images > start)}
    return LossSum(terms, {"plain": 1.0, "late": 5.0}, schedule)


def test_the_weight_is_multiplied_by_schedule_and_factor_and_0_does_not_count() -> None:
    loss = rising(start=100)
    assert loss.weights_at(Moment(0, 0)) == {"plain": 3.0}
    assert loss.weights_at(Moment(200, 1)) == {}
    assert loss.weights_at(Moment(200, 3)) == {"plain": 3.0, "late": 15.0}


def test_a_part_is_evaluated_with_the_weights_of_the_moment_for_the_terms_that_count() -> None:
    empty, images = torch.zeros(2, 0), torch.zeros(2, 1, 4, 4)
    critiques = {"real": Critique(torch.tensor([1.0, 3.0]), {})}
    net = torch.nn.Identity()
    batch = StepBatch(images, empty, empty, empty, images, net, net, critiques, {})
    loss = rising()
    values = loss.evaluate("real", batch, weights=loss.weights_at(Moment(64, 3)))
    assert {name: value.item() for name, value in values.items()} == {"plain": 6.0, "late": 30.0}
    assert list(loss.evaluate("real", batch, weights={"late": 1.0})) == ["late"]


def test_phases_in_which_no_term_counts_are_passed_over_and_the_others_keep_their_places() -> None:
    critic = Phase("discriminator", ("real",), fresh_real=True)
    penalty, learn = Phase("discriminator", ("penalty",)), Phase("generator", ("generator",))
    plan = UpdatePlan((critic, penalty, learn))
    loss = LossSum({"rare": EveryThird(), "bce": HOST.losses["bce"].build(CONTEXT, _bce())}, ONES)

    found = iteration_at(plan, loss, Moment(64, 1))

    assert [place for place, _ in found.phases] == [0, 2]
    assert [phase.terms for _, phase in found.phases] == [("bce",), ("bce",)]
    assert dict(found.weights) == {"bce": 1.0}
    first = iteration_at(plan, loss, Moment(0, 0)).phases[0][1]
    assert first.terms == ("rare", "bce")


ONES = {"rare": 1.0, "bce": 1.0}


def _bce() -> Any:
    return HOST.losses["bce"].config()


def test_an_iteration_without_any_phase_is_refused_with_its_moment() -> None:
    plan = UpdatePlan((Phase("discriminator", ("real",), fresh_real=True),))
    loss = LossSum({"rare": EveryThird()}, {"rare": 1.0})
    with pytest.raises(ConfigError, match=r"\(rare\) counts in iteration 2, at 64 images seen"):
        iteration_at(plan, loss, Moment(64, 1))


def test_a_weight_follows_a_schedule_whose_horizon_is_the_runs() -> None:
    config = resolved(
        *("loss.sum=bce + 4*r1", "loss.weights.r1.name=linear"),
        *("loss.weights.r1.warmup=32", "loss.weights.r1.final=0.5"),
    )
    assert config.loss.weights["r1"]["horizon"] == 96
    loss = built(config)
    weights = [loss.weights_at(Moment(images, 0)) for images in (0, 16, 32, 96)]
    assert weights == [
        {"bce": 1.0},
        {"bce": 1.0, "r1": 2.0},
        {"bce": 1.0, "r1": 4.0},
        {"bce": 1.0, "r1": 2.0},
    ]


def test_the_horizon_of_a_weight_stays_when_a_run_is_prolonged() -> None:
    written = resolved("loss.weights.bce.name=cosine").to_settings()
    written["train"]["images"] = 1000
    again = resolve(HOST, written)
    assert again.loss.weights["bce"]["horizon"] == 96
    assert resolve(HOST, again.to_settings()) == again


def test_a_schedule_without_a_name_is_constant() -> None:
    assert resolved("loss.weights.bce.start=0").loss.weights["bce"] == {
        "name": "constant",
        "start": 0,
        "warmup": 0,
    }


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("loss.weights.hinge.name=linear", r"'loss\.weights\.hinge'.*not in the loss"),
        ("loss.weights.bce.horizn=3", r"'loss\.weights\.bce\.horizn'"),
        ("loss.weights.bce=3", r"loss\.weights\.bce.*table"),
    ],
)
def test_a_wrong_schedule_of_a_weight_is_named(assignment: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        resolved(assignment)


def test_weights_are_no_privilege_of_a_resolved_configuration() -> None:
    """A sum can be built from settings as they are written in config.toml."""
    config = LossConfig(sum="bce", weights={"bce": {"name": "constant", "start": 5}})
    loss = build_loss(config, CONTEXT, HOST.losses, HOST.schedules)
    assert [loss.weights_at(Moment(n, 0)) for n in (4, 5)] == [{}, {"bce": 1.0}]
