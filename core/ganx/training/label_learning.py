"""Whether a run learns its labels: figures that tell within minutes, long before pictures do.

Shapes: images [N, C, H, W] in [-1, 1]; c [N, K]; z [N, Z].
"""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.contracts.heads import HEAD
from ganx.contracts.label_figures import GRADIENT_RATIO, named
from ganx.contracts.networks import Networks, generate
from ganx.contracts.results import Figure
from ganx.contracts.term import Drawing, Moment
from ganx.data.images import ImageStore, upload
from ganx.device import Execution, matmul_policy
from ganx.randomness import keyed_rng
from ganx.training.label_gradient import Spread, gradient_ratio
from ganx.training.label_preference import label_preferences, rotation_of
from ganx.training.phase import PhaseInputs
from ganx.training.pixel_variance import variance_shares
from ganx.training.resume import capture_rng, restore_rng
from ganx.training.setup import Setup

IMAGES = 64
"""Real images that D is asked about."""

SIDE = 8
"""Conditions, and latents, of which each is drawn with each."""

LEARNED_FROM = 16
"""Images that G's loss is taken of."""

_log = logging.getLogger("ganx")


class LabelLearning:
    """Measures a run's raw networks, always on the same images and draws.

    Everything is done with copies, and random states are put back: not one bit of the run changes.
    D and G are as they train: batch statistics, power iterations, number format. The images whose
    variance is parted are drawn in eval mode and in float32, as a user's pictures are.
    """

    def __init__(self, setup: Setup, store: ImageStore, execution: Execution) -> None:
        self._setup = setup
        self._store = store
        # Float16 needs gradients to be scaled; compiled for other shapes, networks take minutes.
        exact = execution.precision == "float16"
        precision = "float32" if exact else execution.precision
        self._execution = replace(execution, precision=precision, compile=False)
        rng = self._rng("label learning")
        count = min(IMAGES, len(setup.training_range))
        chosen = rng.choice(len(setup.training_range), count, replace=False)
        self._indices = np.sort(chosen) + setup.training_range.start
        self._z = setup.networks.latent.draw(LEARNED_FROM + SIDE, rng)
        self._fails = False

    @classmethod
    def of(cls, setup: Setup, store: ImageStore, execution: Execution) -> Self | None:
        """Measure a run that has labels, unless its settings say no."""
        wanted = setup.config.evaluate.label_learning and setup.dataset.interface.condition.size
        return cls(setup, store, execution) if wanted else None

    def figures(self, moment: Moment) -> dict[str, Figure]:
        """Measure, as ``measured``; a failure is reported once, and nothing is measured after."""
        if self._fails:
            return {}
        try:
            return self.measured(moment)
        except Exception as error:  # noqa: BLE001 - isolation: figures must not end a training
            self._fails = True
            _log.warning(
                "Whether labels are learned cannot be measured: %s: %s Training goes on without "
                "these figures.",
                type(error).__name__,
                error,
            )
            return {}

    def measured(self, moment: Moment) -> dict[str, Figure]:
        """Measure what applies, by ``labels.NAME``; what is undefined at this moment is left out.

        Raises whatever the networks and terms raise.
        """
        device = self._execution.device
        conditions = self._store.conditions.take(self._indices, axis=0).astype(np.float32)
        images = self._store.batch(self._indices, device)
        with _untouched(device):
            with matmul_policy(self._execution):
                preferences = self._preferences(images, conditions)
                gradient = self._gradient(images, conditions, moment)
            with matmul_policy():
                shares = self._shares(conditions)
        found = {**preferences, **shares, **gradient}
        return {
            named(name): Figure(name, value, better="neither", is_share=name.startswith("share"))
            for name, value in found.items()
            if math.isfinite(value)
        }

    def _preferences(self, images: Tensor, conditions: NDArray[np.float32]) -> dict[str, float]:
        setup = self._setup
        is_taught = any(HEAD in heads for heads in setup.loss.heads().values())
        with self._execution.autocast():
            return label_preferences(
                setup.networks.discriminator,
                images,
                self._near(conditions),
                rotation_of(conditions),
                pieces=self._pieces(len(images)),
                head=setup.dataset.interface.condition if is_taught else None,
            )

    @torch.no_grad()
    def _shares(self, conditions: NDArray[np.float32]) -> dict[str, float]:
        """Draw different conditions of the batch with the same latents, each with each."""
        different = np.array([*{row.tobytes(): row for row in conditions}.values()][:SIDE])
        if len(different) < 2:  # noqa: PLR2004 - nothing to compare
            return {}
        generator = deepcopy(self._setup.networks.generator).eval()
        c = self._near(different).repeat_interleave(SIDE, 0)
        z = self._near(self._z[LEARNED_FROM:]).repeat(len(different), 1)
        torch.manual_seed(0)
        pieces = self._pieces(len(c))
        drawn = zip(z.chunk(pieces), c.chunk(pieces), strict=True)
        images = torch.cat([generate(generator, *inputs) for inputs in drawn])
        return variance_shares(images.view(len(different), SIDE, *images.shape[1:]))

    def _gradient(
        self, images: Tensor, conditions: NDArray[np.float32], moment: Moment
    ) -> dict[str, float]:
        setup, rows = self._setup, conditions[:LEARNED_FROM]
        networks = Networks(
            deepcopy(setup.networks.generator),
            deepcopy(setup.networks.discriminator),
            setup.networks.latent,
        )
        loss = deepcopy(setup.loss)
        rng = self._rng("label learning terms")
        draws = loss.draws(Drawing(len(rows), rng, rows, setup.drawn))
        c = self._near(rows)
        inputs = PhaseInputs(
            real=images[: len(rows)],
            c_real=c,
            z=self._near(self._z[: len(rows)]),
            c_fake=c,
            draws={name: self._near(draw) for name, draw in draws.items()},
            images_seen=moment.images_seen,
            weights=loss.weights_at(moment),
        )
        spread = Spread.of(setup.drawn, setup.networks.latent, self._execution.device)
        torch.manual_seed(0)
        pieces = self._pieces(len(rows))
        ratio = gradient_ratio(networks, loss, self._execution, inputs, spread, pieces=pieces)
        return {} if ratio is None else {GRADIENT_RATIO: ratio}

    def _near(self, array: NDArray[np.float32]) -> Tensor:
        return upload(array, self._execution.device)

    def _pieces(self, count: int) -> int:
        """Cut images into the fewest equal pieces that are no larger than those of training."""
        train = self._setup.config.train
        most = train.batch_size // train.accumulate
        return next(n for n in range(1, count + 1) if count % n == 0 and count // n <= most)

    def _rng(self, purpose: str) -> np.random.Generator:
        return keyed_rng(self._setup.config.train.seed, 0, purpose)


@contextmanager
def _untouched(device: torch.device) -> Iterator[None]:
    """Put the random states back, whatever happens inside."""
    states = capture_rng(device)
    try:
        yield
    finally:
        restore_rng(states, device)
