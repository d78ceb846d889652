"""Whose parameters move, and what teaches them. Q is a head of D, but G's optimizer's."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.builtin.losses.adversarial import BinaryCrossEntropy
from ganx.builtin.losses.mutual_information import MutualInformation
from ganx.builtin.losses.settings import BceConfig, MutualInformationConfig
from ganx.builtin.plans import JointConfig, joint
from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.contracts.term import StepBatch
from ganx.device import Execution
from ganx.training.loss import LossSum
from ganx.training.phase import PhaseInputs
from ganx.training.step import Stepper
from ganx_infogan.config import InfoganConfig
from ganx_infogan.networks import build

GENERATOR_OWNS = {"generator", "discriminator.recognition"}
DISCRIMINATOR_OWNS = {"discriminator.trunk", "discriminator.head"}
EAGER = Execution(torch.device("cpu"), "float32", compile=False, channels_last=False)


@pytest.fixture
def pair() -> Networks:
    torch.manual_seed(0)
    return build(Interface(32, 1, UNCONDITIONAL), InfoganConfig(width=8))


def pieces(pair: Networks) -> dict[str, nn.Module]:
    discriminator = pair.discriminator
    assert set(dict(discriminator.named_children())) == {"trunk", "head", "recognition"}
    children = {f"discriminator.{name}": one for name, one in discriminator.named_children()}
    return {"generator": pair.generator, **children}


def inputs(pair: Networks, count: int = 6) -> PhaseInputs:
    z = torch.from_numpy(pair.latent.draw(count, np.random.default_rng(0)))
    nothing = torch.zeros(count, 0)
    real = torch.rand(count, 1, 32, 32) * 2 - 1
    return PhaseInputs(real=real, c_real=nothing, z=z, c_fake=nothing, draws={})


def losses(pair: Networks, term: str, owner: str) -> Tensor:
    """Compute one term of an owner's phase with the engine's own step."""
    terms = {
        "bce": BinaryCrossEntropy(BceConfig()),
        "mutual-information": MutualInformation(pair.latent, MutualInformationConfig()),
    }
    stepper = Stepper(pair, LossSum(terms, dict.fromkeys(terms, 1.0)), EAGER)
    (phase,) = (one for one in joint(JointConfig()).phases if one.owner == owner)
    pair.let_learn(owner)
    found = stepper.evaluate(phase, inputs(pair)).losses
    return torch.stack([loss for name, loss in found.items() if name.endswith(f".{term}")]).sum()


@torch.no_grad()
def descend(pair: Networks, owner: str, rate: float) -> None:
    """Take a step of one owner, as Adam's first is: by the sign of the gradient."""
    for parameter in pair.parameters(owner):
        assert parameter.grad is not None
        parameter.sub_(rate * parameter.grad.sign())


def moved(pair: Networks, before: dict[str, list[Tensor]]) -> dict[str, list[bool]]:
    return {
        name: [
            not torch.equal(old, new)
            for old, new in zip(before[name], piece.parameters(), strict=True)
        ]
        for name, piece in pieces(pair).items()
    }


@pytest.mark.parametrize(
    ("owner", "owned"), [("generator", GENERATOR_OWNS), ("discriminator", DISCRIMINATOR_OWNS)]
)
def test_a_step_moves_all_that_its_owner_owns_and_nothing_else(
    pair: Networks, owner: str, owned: set[str]
) -> None:
    before = {
        name: [one.detach().clone() for one in piece.parameters()]
        for name, piece in pieces(pair).items()
    }
    both = ["bce", "mutual-information"][: 2 if owner == "generator" else 1]
    torch.autograd.backward([losses(pair, term, owner) for term in both])
    descend(pair, owner, 1e-3)
    for name, changes in moved(pair, before).items():
        assert all(changes) if name in owned else not any(changes), name


def taught(pair: Networks) -> Iterator[str]:
    for name, piece in pieces(pair).items():
        if any(one.grad is not None and bool(one.grad.any()) for one in piece.parameters()):
            yield name


def test_what_q_finds_teaches_g_and_q_and_not_d(pair: Networks) -> None:
    losses(pair, "mutual-information", "generator").backward()
    assert set(taught(pair)) == GENERATOR_OWNS


def test_even_unfrozen_d_would_learn_from_q_by_its_trunk_alone(pair: Networks) -> None:
    given = inputs(pair)
    fake = pair.generator(given.z)
    batch = StepBatch(
        real=given.real,
        c_real=given.c_real,
        z=given.z,
        c_fake=given.c_fake,
        fake=fake,
        generator=pair.generator,
        discriminator=pair.discriminator,
        critiques={"fake": pair.discriminator(fake)},
        draws={},
    )
    MutualInformation(pair.latent, MutualInformationConfig()).generator(batch).backward()
    assert set(taught(pair)) == {*GENERATOR_OWNS, "discriminator.trunk"}


def test_the_score_teaches_g_and_not_q(pair: Networks) -> None:
    losses(pair, "bce", "generator").backward()
    assert set(taught(pair)) == {"generator"}


def test_ds_step_teaches_trunk_and_head_alone(pair: Networks) -> None:
    losses(pair, "bce", "discriminator").backward()
    assert set(taught(pair)) == DISCRIMINATOR_OWNS


def test_g_and_q_learn_to_pass_the_codes_through_the_image(pair: Networks) -> None:
    first = float(losses(pair, "mutual-information", "generator").detach())
    for _ in range(40):
        pair.generator.zero_grad()
        pair.discriminator.zero_grad()
        losses(pair, "mutual-information", "generator").backward()
        descend(pair, "generator", 1e-3)
    assert float(losses(pair, "mutual-information", "generator").detach()) < 0.5 * first
