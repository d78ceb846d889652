"""The contract of an augmentation.

A plugin's author writes::

    class TestFlip(AugmentationContract):
        spec = FLIP
"""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.contracts.augmentation import Augmentation
from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.specs import AugmentationSpec
from ganx.testing.settings_contract import SettingsContract

SIZES = ((32, 3), (32, 1), (64, 3))
"""Side and channels of the images that it is tried with."""

BATCH = 6


class AugmentationContract(SettingsContract):
    """All that ganx asks of an augmentation; inherit it and set ``spec``."""

    spec: AugmentationSpec
    """The augmentation under test."""

    def build(self, side: int = 32, channels: int = 3) -> Augmentation:
        """Build it for images of a size."""
        return self.spec.build(Interface(side, channels, UNCONDITIONAL), self.settings())

    def taught(self) -> Augmentation:
        """Build it and let it hear D's opinion of real images, which it is sure of."""
        augmentation = self.build()
        for step in range(64):
            augmentation.observe(torch.full((BATCH,), 3.0), step * 1000)
        return augmentation

    @pytest.mark.parametrize(("side", "channels"), SIZES)
    def test_images_keep_their_form(self, side: int, channels: int) -> None:
        """Form and type stay, values are finite, and the given images are not written to."""
        augmentation, given = self.build(side, channels), images(side, channels)
        before = given.clone()
        changed = augmentation(given, numbers(augmentation))
        assert changed.shape == given.shape, f"Images became {tuple(changed.shape)}."
        assert changed.dtype == given.dtype, f"Images became {changed.dtype}."
        assert changed.isfinite().all(), f"{self.spec.name!r} makes values that are not finite."
        assert torch.equal(given, before), f"{self.spec.name!r} writes to the images it is given."

    def test_it_draws_a_row_for_each_image(self) -> None:
        """What is random comes from the generator that is handed in, and from nowhere else."""
        augmentation = self.build()
        drawn, again = (augmentation.draw(BATCH, np.random.default_rng(1)) for _ in range(2))
        assert drawn.shape[0] == BATCH, f"{len(drawn)} rows were drawn for {BATCH} images."
        assert drawn.dtype == np.float32, f"Numbers are {drawn.dtype} instead of float32."
        assert np.array_equal(drawn, again), "The same generator drew other numbers."
        rows, given = torch.from_numpy(drawn), images()
        state = torch.get_rng_state()
        same = torch.equal(augmentation(given, rows), augmentation(given, rows))
        assert same, f"{self.spec.name!r} changes images by more than the numbers say."
        untouched = torch.equal(state, torch.get_rng_state())
        assert untouched, f"{self.spec.name!r} draws from torch's own random state."

    def test_each_image_is_changed_by_its_own_numbers(self) -> None:
        """A batch may be cut into pieces."""
        augmentation, given = self.taught(), images()
        rows = numbers(augmentation)
        whole = augmentation(given, rows)
        cut = torch.cat([augmentation(given[:2], rows[:2]), augmentation(given[2:], rows[2:])])
        torch.testing.assert_close(whole, cut, msg="An image depends on others of its batch.")

    def test_gradients_go_through_it_twice(self) -> None:
        """G learns through it, and penalties differentiate D's gradient."""
        augmentation, given = self.taught(), images().requires_grad_()
        score = augmentation(given, numbers(augmentation)).square().sum()
        (gradient,) = torch.autograd.grad(score, given, create_graph=True)
        assert gradient.abs().sum() > 0, f"No gradient goes through {self.spec.name!r}."
        assert gradient.requires_grad, f"{self.spec.name!r} has no second derivative."
        torch.autograd.grad(gradient.square().sum(), given)

    def test_what_it_learns_is_in_its_state(self) -> None:
        """Buffers are kept in checkpoints, so that a run resumes to the bit."""
        one, other = self.taught(), self.build()
        other.load_state_dict(copy.deepcopy(one.state_dict()))
        for augmentation in (one, other):
            augmentation.observe(torch.full((BATCH,), -3.0), 100_000)
        rows, given = numbers(one), images()
        same = torch.equal(one(given, rows), other(given, rows))
        assert same, f"{self.spec.name!r} remembers something that is not in a buffer."

    def test_readings_are_scalars(self) -> None:
        """The log and its curves take numbers."""
        for name, value in self.taught().readings().items():
            assert value.ndim == 0, f"The reading {name!r} has the shape {tuple(value.shape)}."
            assert value.isfinite(), f"The reading {name!r} is not finite."


def images(side: int = 32, channels: int = 3) -> Tensor:
    """Make the same images [B, C, H, W] in [-1, 1] every time."""
    generator = torch.Generator().manual_seed(0)
    return torch.rand(BATCH, channels, side, side, generator=generator) * 2 - 1


def numbers(augmentation: Augmentation) -> Tensor:
    """Draw what the augmentation needs for them."""
    return torch.from_numpy(augmentation.draw(BATCH, np.random.default_rng(0)))
