"""DiffAugment against its definition. Shapes: images [B, C, H, W]."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

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


def indexed(images: Tensor, numbers: Tensor) -> Tensor:
    """Shift by reading at places that autograd takes for any places."""
    shift = (numbers * (2 * MOST + 1)).floor().long()
    places = torch.arange(SIDE)
    rows, columns = (places + shift[:, axis, None] for axis in (0, 1))
    padded = functional.pad(images, (MOST, MOST, MOST, MOST)).permute(0, 2, 3, 1)
    chosen = torch.arange(len(images))[:, None, None]
    return padded[chosen, rows[:, :, None], columns[:, None]].permute(0, 3, 1, 2)


def test_a_translation_and_its_gradient_have_the_bits_of_reading_at_places() -> None:
    count = (2 * MOST + 1) ** 2
    every = torch.cartesian_prod(*[torch.arange(2 * MOST + 1)] * 2)
    numbers = (every + 0.5) / (2 * MOST + 1)
    images = torch.randn(count, 3, SIDE, SIDE, requires_grad=True)
    weight = torch.randn(count, 3, SIDE, SIDE)

    found, expected = translate(images, numbers), indexed(images, numbers)

    assert torch.equal(found, expected)
    gradients = [torch.autograd.grad((one * weight).sum(), images)[0] for one in (found, expected)]
    assert torch.equal(*gradients)


def test_no_gradient_of_a_translation_adds_in_any_order(images: Tensor) -> None:
    """On CUDA autograd's ``index_put`` does, and so does ``scatter_add``."""
    shifted = translate(images.requires_grad_(), numbers(0.9, 0.1))
    with torch.profiler.profile() as profile:
        (gradient,) = torch.autograd.grad(shifted.square().sum(), images, create_graph=True)
        gradient.square().sum().backward()
    called = {event.key for event in profile.key_averages()}
    assert "aten::index" in called
    assert not [name for name in called if "index_put" in name or "scatter" in name]


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
