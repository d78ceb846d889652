"""Passes that a plan spares: the same gradients as without, from fewer of them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab, assert_same_checkpoint
from torch import Tensor, nn

from ganx.contracts.networks import Critique
from ganx.contracts.plan import Phase, UpdatePlan
from ganx.contracts.specs import LossSpec, UpdatePlanSpec
from ganx.contracts.term import LossTerm, StepBatch
from ganx.errors import ConfigError
from ganx.training.trainer import Trainer

D_PARTS: Any = ("real", "fake", "pair", "penalty")
CRITIC = Phase("discriminator", D_PARTS, fresh_real=True)
LEARN = Phase("generator", ("generator",), fresh_latent=False)
SUM = "relativistic + bce + r1 + matching"

STILL = {
    # D stands still, so that what it said before its step is what it says after.
    "optimizer": {"discriminator": {"learning_rate": 1e-30}},
    "model": {"dropout": 0.0},
    "loss": {"sum": SUM, "terms": {"matching": {"form": "bce"}}},
}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def plan_of(lab: Lab, *phases: Phase) -> dict[str, Any]:
    lab.host.plans["own"] = UpdatePlanSpec("own", "Of a test", lambda _: UpdatePlan(phases))
    return {"name": "own"}


def gradients(trainer: Trainer) -> Mapping[str, Tensor]:
    """Take an iteration and return what each owner's parameters were last told."""
    trainer.iterate()
    return {
        f"{name}.{key}": parameter.grad.clone()
        for name, network in trainer.networks.modules().items()
        for key, parameter in network.named_parameters()
        if parameter.grad is not None
    }


def assert_same_gradients(
    lab: Lab, plain: UpdatePlan, sparing: UpdatePlan, **settings: Any
) -> None:
    found = []
    for plan in (plain, sparing):
        with lab.start(plan=plan_of(lab, *plan.phases), **(STILL | settings)) as trainer:
            found.append(gradients(trainer))

    assert found[0].keys() == found[1].keys()
    assert any(name.startswith("generator") for name in found[0])
    assert any(name.startswith("discriminator") for name in found[0])
    for name, gradient in found[0].items():
        torch.testing.assert_close(found[1][name], gradient, rtol=1e-4, atol=1e-7, msg=name)


AUGMENTED = ({}, {"diff_augment": ["translation", "cutout"]})


@pytest.mark.parametrize("accumulate", [1, 4])
@pytest.mark.parametrize("train", AUGMENTED, ids=["plain", "augmented"])
def test_judging_together_gives_d_the_gradients_of_judging_apart(
    lab: Lab, accumulate: int, train: dict[str, Any]
) -> None:
    plain = UpdatePlan((CRITIC, LEARN))
    sparing = UpdatePlan((replace(CRITIC, judge_together=True), LEARN))

    assert_same_gradients(lab, plain, sparing, train={**train, "accumulate": accumulate})


@pytest.mark.parametrize("accumulate", [1, 4])
def test_reused_images_give_g_the_gradients_of_images_made_anew(lab: Lab, accumulate: int) -> None:
    plain = UpdatePlan((CRITIC, LEARN))
    sparing = UpdatePlan(
        (replace(CRITIC, keep_fake=True), replace(LEARN, reuse_fake=True, fresh_latent=True))
    )

    assert_same_gradients(lab, plain, sparing, train={"accumulate": accumulate})


@pytest.mark.parametrize("accumulate", [1, 4])
def test_reused_images_are_augmented_anew(lab: Lab, accumulate: int) -> None:
    """Without a term that keeps what D said of real images as they were augmented before."""
    plain = UpdatePlan((CRITIC, LEARN))
    sparing = UpdatePlan((replace(CRITIC, keep_fake=True), replace(LEARN, reuse_fake=True)))
    train = {**AUGMENTED[1], "accumulate": accumulate}

    assert_same_gradients(lab, plain, sparing, train=train, loss={"sum": "hinge + r1"})


class Passes:
    """Counts the images that go through each network."""

    def __init__(self, trainer: Trainer) -> None:
        self.images = {"generator": [], "discriminator": []}
        for name, network in trainer.networks.modules().items():
            network.register_forward_pre_hook(self._count(self.images[name]))

    def _count(self, counts: list[int]) -> Any:
        return lambda _module, inputs: counts.append(len(inputs[0]))


@pytest.mark.parametrize(
    ("plan", "of_generator", "of_discriminator"),
    [
        # D on real, D on fake; then G, which also compares with real images.
        ({}, [16, 16], [16, 16, 16, 16]),
        ({"judge_together": True}, [16, 16], [32, 16, 16]),
        ({"reuse_fakes": True}, [16], [16, 16, 16]),
        ({"reuse_fakes": True, "judge_together": True}, [16], [32, 16]),
        ({"reuse_fakes": True, "generator_steps": 2}, [16, 16], [16] * 5),
        ({"reuse_fakes": True, "discriminator_steps": 2}, [16, 16], [16] * 5),
    ],
)
def test_the_settings_of_joint_spare_passes(
    lab: Lab, plan: dict[str, Any], of_generator: list[int], of_discriminator: list[int]
) -> None:
    with lab.start(plan={"name": "joint", **plan}, loss={"sum": "relativistic"}) as trainer:
        passes = Passes(trainer)
        trainer.iterate()

    assert passes.images == {"generator": of_generator, "discriminator": of_discriminator}


@pytest.mark.parametrize("plan", [{"judge_together": True}, {"reuse_fakes": True}])
def test_a_run_that_spares_passes_resumes_to_the_bit(lab: Lab, plan: dict[str, Any]) -> None:
    settings = {"plan": {"name": "joint", **plan}, "loss": {"sum": "relativistic + r1"}}
    whole = lab.run(**settings)
    with lab.start(**settings) as trainer:
        trainer.train(should_stop=lambda: trainer.images_seen >= 48)
    assert_same_checkpoint(lab.resume(trainer.run), whole)


@pytest.mark.parametrize("accumulate", [1, 4])
def test_all_that_spares_time_resumes_together_to_the_bit(lab: Lab, accumulate: int) -> None:
    lazy = {"every": 4, "share": 0.5}
    settings = {
        "plan": {"name": "joint", "judge_together": True, "reuse_fakes": True},
        "loss": {"sum": "relativistic + r1 + r2", "terms": {"r1": lazy, "r2": lazy}},
        "train": {"accumulate": accumulate},
    }
    whole = lab.run(**settings)
    with lab.start(**settings) as trainer:
        trainer.train(should_stop=lambda: trainer.images_seen >= 48)
    torch.manual_seed(999)
    assert_same_checkpoint(lab.resume(trainer.run), whole)


def test_d_with_batch_norm_does_not_see_real_and_generated_images_together(lab: Lab) -> None:
    phases = (replace(CRITIC, judge_together=True), LEARN)
    with lab.start() as trainer:
        trainer.networks.discriminator.add_module("norm", nn.BatchNorm2d(3))
        networks = trainer.networks
    spec = lab.host.models["tiny"]
    lab.host.models["tiny"] = replace(spec, build=lambda _interface, _config: networks)

    with pytest.raises(ConfigError, match=r"has BatchNorm.*plan\.judge_together=false"):
        lab.run(plan=plan_of(lab, *phases))


@pytest.mark.parametrize(
    "phases",
    [
        (CRITIC, replace(LEARN, reuse_fake=True)),
        (replace(LEARN, reuse_fake=True, fresh_real=True), CRITIC),
        (replace(CRITIC, keep_fake=True), LEARN, replace(LEARN, reuse_fake=True)),
        (
            Phase("discriminator", ("real",), fresh_real=True, keep_fake=True),
            replace(LEARN, reuse_fake=True),
        ),
    ],
)
def test_a_plan_that_reuses_what_nobody_kept_is_refused(
    lab: Lab, phases: tuple[Phase, ...]
) -> None:
    with pytest.raises(ConfigError, match=r"no phase of D right before it makes and keeps any"):
        lab.run(plan=plan_of(lab, *phases))


def test_only_g_learns_from_images_that_d_has_seen(lab: Lab) -> None:
    again = Phase("discriminator", ("real", "fake"), fresh_latent=False, reuse_fake=True)
    with pytest.raises(ConfigError, match="only a phase with nothing but the part 'generator'"):
        lab.run(plan=plan_of(lab, replace(CRITIC, keep_fake=True), again, LEARN))


class Asking(LossTerm):
    """Asks D once more, and remembers what it was given and told, and what eager D says."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[StepBatch, Critique, Critique]] = []

    def real(self, batch: StepBatch) -> Tensor:
        answer = batch.ask(batch.real, batch.c_real)
        self.seen.append((batch, answer, batch.discriminator(batch.real, batch.c_real)))
        return answer.score.mean()

    def generator(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.mean()


def asked(lab: Lab, **train: Any) -> list[tuple[StepBatch, Critique, Critique]]:
    term = Asking()
    lab.host.losses["asking"] = LossSpec("asking", "Asks once more", lambda *_: term)
    with lab.start(
        loss={"sum": "asking"}, plan={"name": "joint"}, model={"dropout": 0.0}, train=train
    ) as trainer:
        trainer.iterate()
        trainer.iterate()
    return term.seen


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_term_that_asks_is_told_what_the_phase_was_told(lab: Lab, precision: str) -> None:
    for batch, answer, eager in asked(lab, precision=precision):
        assert answer.score.dtype == torch.float32
        assert torch.equal(answer.score, batch.critiques["real"].score)
        assert torch.equal(answer.score, eager.score) == (precision == "float32")


def test_a_term_knows_how_many_images_were_seen_when_the_iteration_began(lab: Lab) -> None:
    assert [batch.images_seen for batch, *_ in asked(lab, accumulate=2)] == [0, 0, 16, 16]


def test_wrong_labels_survive_the_cutting_of_a_batch(lab: Lab) -> None:
    """Up to rounding, the parts' gradients are that of the whole."""
    plan = UpdatePlan((Phase("discriminator", ("real",), fresh_real=True), LEARN))
    found = []
    for parts in (1, 4):
        settings = {"loss": {"sum": "bce + matching"}, "train": {"accumulate": parts}}
        with lab.start(plan=plan_of(lab, *plan.phases), **(STILL | settings)) as trainer:
            found.append(gradients(trainer))

    for name, gradient in found[0].items():
        if name.startswith("discriminator"):
            torch.testing.assert_close(found[1][name], gradient, rtol=1e-4, atol=1e-7, msg=name)


class Looking(LossTerm):
    """Remembers in D's phases whose parameters learn."""

    def __init__(self) -> None:
        super().__init__()
        self.learning: list[tuple[bool, bool]] = []
        self.latents: list[Tensor] = []

    def fake(self, batch: StepBatch) -> Tensor:
        networks = batch.generator, batch.discriminator
        generator, discriminator = (
            all(parameter.requires_grad for parameter in one.parameters()) for one in networks
        )
        self.learning.append((generator, discriminator))
        self.latents.append(batch.z)
        return batch.critiques["fake"].score.mean()

    def generator(self, batch: StepBatch) -> Tensor:
        self.latents.append(batch.z)
        return -batch.critiques["fake"].score.mean()


def test_only_d_learns_in_the_phase_that_keeps_its_images_and_their_latent_for_g(lab: Lab) -> None:
    term = Looking()
    lab.host.losses["looking"] = LossSpec("looking", "Looks on", lambda *_: term)
    plan = {"name": "joint", "reuse_fakes": True}
    with lab.start(loss={"sum": "looking"}, plan=plan) as trainer:
        trainer.iterate()

    assert term.learning == [(False, True)]
    assert torch.equal(*term.latents)


def test_a_phase_keeps_images_of_its_own_where_it_could_have_used_former_ones(lab: Lab) -> None:
    """Those of the phase before have no gradients to G."""
    again = Phase("discriminator", ("penalty",), fresh_latent=False, keep_fake=True)
    first = Phase("discriminator", ("real", "fake"), fresh_real=True)
    phases = (first, again, replace(LEARN, reuse_fake=True))
    with lab.start(plan=plan_of(lab, *phases), loss={"sum": "bce + r1"}) as trainer:
        found = gradients(trainer)

    assert any(bool(one.any()) for name, one in found.items() if name.startswith("generator"))
