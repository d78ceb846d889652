"""What the engine does with a model: every plan takes its steps, and moves what it should."""

import math
from pathlib import Path

import pytest
import torch

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.host import default_host
from ganx.testing.model_base import ModelBase
from ganx.testing.probe import critique, draw, reached, weighted
from ganx.testing.workbench import WatchedTrainer, trainer

LOSSES = ("bce", "hinge", "wasserstein + 10*gradient-penalty")
"""Losses that ganx itself provides and that every model is trained with."""

NOISE = 1e-4
"""Gradients below this share of the largest are rounding, which may move nothing."""


class ModelTraining(ModelBase):
    """The engine's own loop on images of noise, for one iteration of each plan."""

    @pytest.mark.parametrize("loss", LOSSES)
    def test_every_plan_moves_what_its_steps_own(
        self, conditional: bool, loss: str, tmp_path: Path
    ) -> None:
        """Losses are finite, and a step moves its owner's parameters and no others."""
        for plan in default_host().plans:
            session = self._iterated(conditional, loss, plan, tmp_path)
            losses = session.upkeep.read().means
            assert losses, f"Plan {plan!r} computes nothing of the loss {loss!r}."
            assert all(map(math.isfinite, losses.values())), f"Not finite: {losses}."
            owners = {phase.owner for phase in session.setup.plan.phases}
            assert session.stepped == owners, f"Only {session.stepped} took a step, not {owners}."

    def test_an_iteration_moves_all_that_the_score_depends_on(
        self, conditional: bool, tmp_path: Path
    ) -> None:
        """No parameter that could learn from the score is left behind by its optimizer."""
        session = self._iterated(conditional, "bce", "joint", tmp_path)
        for name in taught_by_score(session.networks, session.setup.dataset.interface):
            if name not in self.idle:
                assert name in session.moved, f"An iteration of bce leaves {name} where it was."

    def _iterated(self, conditional: bool, loss: str, plan: str, folder: Path) -> WatchedTrainer:
        """Train for one iteration."""
        interface = self.first(conditional=conditional)
        session = trainer(self.spec, self.config, interface, loss=loss, plan=plan, folder=folder)
        session.iterate()
        return session


def taught_by_score(networks: Networks, interface: Interface) -> list[str]:
    """Name the parameters on which D's score of G's images depends by more than rounding."""
    for network in networks.modules().values():
        network.requires_grad_(True).zero_grad()
    score = critique(networks, interface, draw(networks, interface, 4)).score
    torch.autograd.backward(weighted(score))
    sizes = reached(networks)
    largest = max(sizes.values())
    return [name for name, size in sizes.items() if size > NOISE * largest]
