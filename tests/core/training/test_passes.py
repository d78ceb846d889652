"""Which passes an iteration makes through the networks, and what it says of them."""

import json
from pathlib import Path
from typing import Any, Literal

import pytest
import torch
from lab import Lab
from torch import Tensor, nn

from ganx.config import Config
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks
from ganx.contracts.plan import Phase, UpdatePlan
from ganx.contracts.specs import LossSpec, ModelSpec, UpdatePlanSpec
from ganx.contracts.term import LossTerm, StepBatch


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
        trainer.upkeep.save()
        trainer.upkeep.draw_grid()

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
            first.append(trainer.upkeep.read().rows[0])

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


class Watching(LossTerm):
    """Remembers every batch that it is called with."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, StepBatch]] = []

    def real(self, batch: StepBatch) -> Tensor:
        self.seen.append(("real", batch))
        return batch.critiques["real"].score.mean()

    def fake(self, batch: StepBatch) -> Tensor:
        self.seen.append(("fake", batch))
        return batch.critiques["fake"].score.mean()

    def penalty(self, batch: StepBatch) -> Tensor:
        self.seen.append(("penalty", batch))
        return 0 * batch.discriminator(batch.fake, batch.c_fake).score.mean()

    def generator(self, batch: StepBatch) -> Tensor:
        self.seen.append(("generator", batch))
        return batch.critiques["fake"].score.mean()


def watched(lab: Lab, **settings: Any) -> dict[str, StepBatch]:
    """Take one iteration and return what each part of a loss was given."""
    term = Watching()
    lab.host.losses["watching"] = LossSpec("watching", "Looks on", lambda *_: term)
    with lab.start(loss={"sum": "watching"}, **settings) as trainer:
        trainer.iterate()
    return dict(term.seen)


def test_d_and_its_losses_see_images_after_diffaugment_and_g_learns_through_it(lab: Lab) -> None:
    plain = watched(lab, plan={"name": "joint"})
    holes = watched(lab, plan={"name": "joint"}, train={"diff_augment": ["cutout"]})

    assert holes["generator"].fake.requires_grad
    for part, name in (("real", "real"), ("fake", "fake"), ("penalty", "real")):
        changed = getattr(holes[part], name) != getattr(plain[part], name)
        assert changed.any()
        assert not getattr(holes[part], name)[changed].any()
    masks = [(getattr(holes["real"], name) == 0).all(dim=1) for name in ("real", "fake")]
    assert not torch.equal(*masks)


@pytest.mark.parametrize("accumulate", [1, 4])
@pytest.mark.parametrize("kind", ["real", "fake"])
def test_losses_see_images_before_diffaugment_and_how_d_came_to_see_them(
    lab: Lab, kind: Literal["real", "fake"], accumulate: int
) -> None:
    policies = ["color", "translation", "cutout"]
    plain = watched(lab, plan={"name": "joint"}, train={"accumulate": accumulate})["penalty"]
    train = {"accumulate": accumulate, "diff_augment": policies}
    batch = watched(lab, plan={"name": "joint"}, train=train)["penalty"]
    original, seen = batch.original(kind), getattr(batch, kind)

    assert torch.equal(original.images, getattr(plain, kind))
    assert torch.equal(original.augment(original.images), seen)
    torch.testing.assert_close(original.augment(original.images[:2]), seen[:2])
    assert torch.equal(plain.original(kind).augment(seen), seen)


def test_reused_critiques_come_with_the_images_that_they_are_of(lab: Lab) -> None:
    plan = {"name": "joint", "reuse_fakes": True}
    seen = watched(lab, plan=plan, train={"diff_augment": ["translation"]})
    original = seen["generator"].original("real")
    assert torch.equal(original.images, seen["real"].original("real").images)
    assert torch.equal(original.augment(original.images), seen["real"].real)


def plan_of(lab: Lab, *phases: Phase) -> dict[str, Any]:
    lab.host.plans["own"] = UpdatePlanSpec("own", "Of a test", lambda _: UpdatePlan(phases))
    return {"name": "own"}


LEARN = Phase("generator", ("generator",))


def test_a_phase_may_keep_the_latent_of_one_that_generated_nothing(lab: Lab) -> None:
    real = Phase("discriminator", ("real",), fresh_real=True)
    fake = Phase("discriminator", ("fake",), fresh_latent=False)

    seen = watched(lab, plan=plan_of(lab, real, fake, LEARN))

    assert len(seen["fake"].fake) == 16
    assert torch.equal(seen["fake"].z, seen["real"].z)


def test_images_are_made_anew_for_another_condition(lab: Lab) -> None:
    first = Phase("discriminator", ("fake",), fresh_real=True)
    other = Phase("discriminator", ("penalty",), fresh_real=True, fresh_latent=False)

    seen = watched(lab, plan=plan_of(lab, first, other, LEARN))

    assert torch.equal(seen["penalty"].z, seen["fake"].z)
    assert not torch.equal(seen["penalty"].c_fake, seen["fake"].c_fake)
    assert not torch.equal(seen["penalty"].fake, seen["fake"].fake)


def test_a_score_that_is_no_log_odds_is_not_called_a_probability(lab: Lab) -> None:
    done = lab.run(loss={"sum": "hinge"}, plan={"name": "joint"}, train={"log_every": 1})

    for row in rows_of(done.metrics):
        assert not [name for name in row if name.startswith("probability")]
        assert row["generator.hinge"] == pytest.approx(-row["score.generator"], abs=1e-6)
