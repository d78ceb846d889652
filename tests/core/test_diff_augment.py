"""DiffAugment against its definition. Shapes: images [B, C, H, W]."""

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.training.diff_augment import (
    NUMBERS,
    augment,
    change_color,
    cut_out,
    draw_augmentation,
    translate,
)

SIDE = 16
MOST = 2


@pytest.fixture
def images() -> Tensor:
    return torch.rand(5, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0)) * 2 - 1


def numbers(*values: float) -> Tensor:
    return torch.tensor([values] * 5)


def test_the_middle_of_each_range_changes_nothing(images: Tensor) -> None:
    torch.testing.assert_close(change_color(images, numbers(0.5, 0.5, 0.5)), images)
    assert torch.equal(translate(images, numbers(0.5, 0.5)), images)


def test_brightness_is_added(images: Tensor) -> None:
    torch.testing.assert_close(change_color(images, numbers(0.9, 0.5, 0.5)), images + 0.4)


def test_saturation_scales_the_distance_from_grey(images: Tensor) -> None:
    grey = images.mean(1, keepdim=True)
    torch.testing.assert_close(change_color(images, numbers(0.5, 0.0, 0.5)), grey.expand_as(images))
    torch.testing.assert_close(
        change_color(images, numbers(0.5, 1.0, 0.5)), grey + 2 * (images - grey)
    )


def test_contrast_scales_the_distance_from_the_mean(images: Tensor) -> None:
    mean = images.mean((1, 2, 3), keepdim=True)
    torch.testing.assert_close(
        change_color(images, numbers(0.5, 0.5, 0.0)), mean + 0.5 * (images - mean)
    )


def test_a_translation_shifts_and_fills_with_zeros(images: Tensor) -> None:
    shifted = translate(images, numbers(0.0, 0.999))

    assert torch.equal(shifted[:, :, MOST:, :-MOST], images[:, :, :-MOST, MOST:])
    assert not shifted[:, :, :MOST].any()
    assert not shifted[:, :, :, -MOST:].any()


def test_a_hole_has_half_the_side_and_is_zero() -> None:
    images = torch.ones(5, 1, SIDE, SIDE)
    middle = cut_out(images, numbers(0.5, 0.5))
    corner = cut_out(images, numbers(0.0, 0.0))

    assert (middle == 0).sum(dim=(1, 2, 3)).tolist() == [(SIDE // 2) ** 2] * 5
    assert not middle[:, :, 4:12, 4:12].any()
    assert (corner == 0).sum(dim=(1, 2, 3)).tolist() == [(SIDE // 4) ** 2] * 5


def test_each_image_is_changed_by_its_own_numbers(images: Tensor) -> None:
    draws = draw_augmentation(("color", "translation", "cutout"), 5, np.random.default_rng(0))
    tensors = {policy: torch.from_numpy(values) for policy, values in draws.items()}

    together = augment(images, tensors)

    for index in range(5):
        alone = augment(
            images[index : index + 1],
            {policy: values[index : index + 1] for policy, values in tensors.items()},
        )
        torch.testing.assert_close(together[index : index + 1], alone)
        assert not torch.equal(alone, images[index : index + 1])


@pytest.mark.parametrize("policy", NUMBERS)
def test_gradients_reach_the_image_through(policy: str, images: Tensor) -> None:
    draws = draw_augmentation((policy,), 5, np.random.default_rng(1))
    images = images.double().requires_grad_()
    small = images[:1, :, :4, :4].detach().requires_grad_()
    tensors = {policy: torch.from_numpy(draws[policy][:1]).double()}

    assert torch.autograd.gradcheck(lambda x: augment(x, tensors), small)
    assert torch.autograd.gradgradcheck(lambda x: augment(x, tensors).square(), small)


def test_nothing_is_drawn_and_nothing_changed_without_policies(images: Tensor) -> None:
    assert draw_augmentation((), 5, np.random.default_rng(0)) == {}
    assert augment(images, {}) is images
