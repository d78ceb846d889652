"""What each of ACGAN's losses teaches, computed by the engine's own step."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.builtin.losses.adversarial import BinaryCrossEntropy
from ganx.builtin.losses.auxiliary import AuxiliaryClassification
from ganx.builtin.losses.settings import AuxiliaryConfig, BceConfig
from ganx.builtin.plans import JointConfig, joint
from ganx.contracts.condition import Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.device import Execution
from ganx.training.loss import LossSum
from ganx.training.phase import PhaseInputs
from ganx.training.step import Stepper
from ganx_acgan.config import AcganConfig
from ganx_acgan.networks import build

COUNT = 6
EAGER = Execution(torch.device("cpu"), "float32", compile=False, channels_last=False)
ATTRIBUTES = Condition(
    "attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green", "gray")))
)
LABELS = Condition("labels", (Group("object", ("cube", "ball", "cone")),))


def built(condition: Condition) -> Networks:
    torch.manual_seed(0)
    return build(Interface(32, 3, condition), AcganConfig(width=8))


def pieces(pair: Networks) -> dict[str, nn.Module]:
    children = {f"D.{name}": one for name, one in pair.discriminator.named_children()}
    assert set(children) == {"D.layers", "D.source", "D.classes"}
    return {"G": pair.generator, **children}


def inputs(pair: Networks, condition: Condition) -> PhaseInputs:
    c = torch.zeros(COUNT, condition.size)
    for where in condition.slices.values():
        for row in range(COUNT):
            c[row, where.start + row % (where.stop - where.start)] = 1
    z = torch.from_numpy(pair.latent.draw(COUNT, np.random.default_rng(0)))
    rng = torch.Generator().manual_seed(1)
    # Each real image has one colour, so that what it shows can be told from it.
    real = (torch.rand(COUNT, 3, 1, 1, generator=rng) * 2 - 1).expand(COUNT, 3, 32, 32)
    return PhaseInputs(real=real, c_real=c, z=z, c_fake=c, draws={})


def losses(pair: Networks, condition: Condition, owner: str) -> dict[str, Tensor]:
    """Compute the losses of an owner's step in the recipes' plan."""
    terms = {
        "bce": BinaryCrossEntropy(BceConfig(real_target=0.9)),
        "auxiliary": AuxiliaryClassification(condition, AuxiliaryConfig()),
    }
    stepper = Stepper(pair, LossSum(terms, dict.fromkeys(terms, 1.0)), EAGER)
    (phase,) = (one for one in joint(JointConfig()).phases if one.owner == owner)
    pair.let_learn(owner)
    pair.discriminator.zero_grad()
    pair.generator.zero_grad()
    return dict(stepper.evaluate(phase, inputs(pair, condition)).losses)


@torch.no_grad()
def descend(pair: Networks, owner: str, rate: float) -> None:
    """Take a step of one owner, as Adam's first is: by the sign of the gradient."""
    for parameter in pair.parameters(owner):
        assert parameter.grad is not None
        parameter.sub_(rate * parameter.grad.sign())


def taught(pair: Networks) -> Iterator[str]:
    for name, piece in pieces(pair).items():
        if any(one.grad is not None and bool(one.grad.any()) for one in piece.parameters()):
            yield name


@pytest.mark.parametrize(
    ("owner", "loss", "pupils"),
    [
        ("discriminator", "real.bce", {"D.layers", "D.source"}),
        ("discriminator", "fake.bce", {"D.layers", "D.source"}),
        ("discriminator", "real.auxiliary", {"D.layers", "D.classes"}),
        ("discriminator", "fake.auxiliary", {"D.layers", "D.classes"}),
        ("generator", "generator.bce", {"G"}),
        ("generator", "generator.auxiliary", {"G"}),
    ],
)
def test_each_loss_teaches_the_network_that_steps_and_the_head_that_it_reads(
    owner: str, loss: str, pupils: set[str]
) -> None:
    pair = built(ATTRIBUTES)
    losses(pair, ATTRIBUTES, owner)[loss].backward()
    assert set(taught(pair)) == pupils


@pytest.mark.parametrize("owner", ["discriminator", "generator"])
def test_a_step_moves_all_of_its_owner_and_nothing_else(owner: str) -> None:
    pair = built(ATTRIBUTES)
    before = {name: one.detach().clone() for name, one in named(pair)}
    torch.autograd.backward(list(losses(pair, ATTRIBUTES, owner).values()))
    descend(pair, owner, 1e-3)
    moved = {name for name, one in named(pair) if not torch.equal(before[name], one)}
    assert moved == {name for name in before if name.startswith(owner)}


def named(pair: Networks) -> Iterator[tuple[str, nn.Parameter]]:
    for owner, network in pair.modules().items():
        for name, parameter in network.named_parameters():
            yield f"{owner}.{name}", parameter


@pytest.mark.parametrize("condition", [ATTRIBUTES, LABELS], ids=lambda condition: condition.kind)
def test_d_learns_the_classes_of_real_images_while_g_stands_still(condition: Condition) -> None:
    pair = built(condition)
    errors = []
    for _ in range(30):
        found = losses(pair, condition, "discriminator")
        torch.autograd.backward(list(found.values()))
        descend(pair, "discriminator", 1e-3)
        errors.append(float(found["real.auxiliary"].detach()))
    assert errors[-1] < 0.2 * errors[0]
