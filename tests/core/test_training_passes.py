"""Which passes an iteration makes through the networks, and what it says of them."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab
from torch import Tensor, nn

from ganx.config import Config
from ganx.interface import Interface
from ganx.latent import Latent, LatentPart
from ganx.networks import Critique, Networks
from ganx.specs import ModelSpec


class Painter(nn.Module):
    """A generator with batch norm."""

    def __init__(self, interface: Interface) -> None:
        super().__init__()
        self.paint = nn.Linear(2 + interface.condition.size, 3 * interface.resolution**2)
        self.norm = nn.BatchNorm2d(3)
        self.side = interface.resolution

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        images = self.paint(torch.cat((z, c), dim=1)).reshape(-1, 3, self.side, self.side)
        return self.norm(images).tanh()


class Looker(nn.Module):
    """A discriminator with batch norm."""

    def __init__(self, interface: Interface) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(3)
        self.judge = nn.Linear(3 * interface.resolution**2, 1)

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        del c
        return Critique(self.judge(self.norm(images).flatten(1)).squeeze(1), {})


def build_counting(interface: Interface, _: Config) -> Networks:
    return Networks(
        Painter(interface), Looker(interface), Latent((LatentPart("noise", "normal", 2),))
    )


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab(tmp_path)
    made.host.models["counting"] = ModelSpec(
        "counting", "Counts its passes", Config, build_counting, "tiny"
    )
    return made


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("plan", "loss", "of_generator", "of_discriminator"),
    [
        ({"name": "joint"}, "bce", 2, 3),
        ({"name": "joint", "generator_steps": 4}, "bce", 5, 6),
        ({"name": "joint", "discriminator_steps": 5}, "bce", 6, 11),
        ({"name": "split", "generator_steps": 2}, "bce", 3, 4),
        # A penalty looks once more, at mixtures.
        ({"name": "joint"}, "wasserstein + 10*gradient-penalty", 2, 4),
        ({"name": "separate-penalty"}, "wasserstein + 10*gradient-penalty", 2, 4),
    ],
)
def test_batch_norm_sees_each_pass_of_the_plan_once(
    lab: Lab, plan: dict[str, Any], loss: str, of_generator: int, of_discriminator: int
) -> None:
    """A plan's passes: G for each turn of D and for each step of its own; D on all of these and
    on the real images."""
    with lab.start(model={"name": "counting"}, plan=plan, loss={"sum": loss}) as trainer:
        trainer.iterate()

        networks = trainer.networks
        assert int(networks.generator.norm.num_batches_tracked) == of_generator
        assert int(networks.discriminator.norm.num_batches_tracked) == of_discriminator


def test_grids_and_checkpoints_do_not_touch_the_statistics_of_batch_norm(lab: Lab) -> None:
    with lab.start(model={"name": "counting"}) as trainer:
        trainer.iterate()
        before = {name: value.clone() for name, value in statistics(trainer.networks).items()}
        trainer.save()
        trainer._draw_grid()

        after = statistics(trainer.networks)
        assert all(torch.equal(before[name], after[name]) for name in before)


def statistics(networks: Networks) -> dict[str, Tensor]:
    return {
        f"{name}.{key}": value
        for name, network in networks.modules().items()
        for key, value in network.named_buffers()
    }


def test_the_penalty_of_its_own_is_taken_at_the_images_of_the_step_before(lab: Lab) -> None:
    """At generated images, where nothing else is drawn: other images had another penalty."""
    first = []
    for plan in ("joint", "separate-penalty"):
        settings = {
            "loss": {
                "sum": "wasserstein + 10*gradient-penalty",
                "terms": {"gradient-penalty": {"at": "fake"}},
            },
            "optimizer": {"discriminator": {"learning_rate": 1e-30}},
            "model": {"dropout": 0.0},
            "train": {"log_every": 1},
        }
        with lab.start(plan={"name": plan}, **settings) as trainer:
            trainer.iterate()
            first.append(trainer.read().rows[0])

    assert first[0].keys() == first[1].keys()
    for name in ("real.wasserstein", "fake.wasserstein", "penalty.gradient-penalty"):
        assert first[1][name] == pytest.approx(first[0][name], rel=1e-5)


def test_probabilities_are_those_of_the_scores_that_the_losses_saw(lab: Lab) -> None:
    """One image in a batch: then the loss of the mean is the mean of the losses."""
    train = {"batch_size": 1, "images": 3, "log_every": 1}
    done = lab.run(plan={"name": "joint"}, train=train)

    for row in rows_of(done.metrics):
        probabilities = [row[f"probability.{name}"] for name in ("real", "fake", "generator")]
        assert -torch.tensor(probabilities[0]).log() == pytest.approx(row["real.bce"], abs=1e-5)
        assert -torch.tensor(1 - probabilities[1]).log() == pytest.approx(row["fake.bce"], abs=1e-5)
        assert -torch.tensor(probabilities[2]).log() == pytest.approx(
            row["generator.bce"], abs=1e-5
        )
