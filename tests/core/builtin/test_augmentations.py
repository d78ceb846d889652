"""DiffAugment against its definition. Shapes: images [B, C, H, W]."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from ganx.builtin.augmentations.diff_augment import Color, Cutout, Translation
from ganx.builtin.augmentations.settings import CutoutConfig, TranslationConfig
from ganx.contracts.augmentation import Augmentation
from ganx.training.augmenting import Augmentations

SIDE = 16
MOST = 2
change_color = Color()
translate = Translation(TranslationConfig())
cut_out = Cutout(CutoutConfig())
ALL = Augmentations({"color": change_color, "translation": translate, "cutout": cut_out})


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


def test_settings_change_the_shift_and_the_hole(images: Tensor) -> None:
    far = Translation(TranslationConfig(shift=0.25))(images, numbers(0.0, 0.0))
    assert not far[:, :, :4].any()
    assert torch.equal(far[:, :, 4:, 4:], images[:, :, :-4, :-4])
    small = Cutout(CutoutConfig(hole=0.25))(torch.ones(5, 1, SIDE, SIDE), numbers(0.5, 0.5))
    assert (small == 0).sum(dim=(1, 2, 3)).tolist() == [(SIDE // 4) ** 2] * 5


def test_each_image_is_changed_by_its_own_numbers(images: Tensor) -> None:
    draws = {k: torch.from_numpy(v) for k, v in ALL.draw(5, np.random.default_rng(0)).items()}

    together = ALL.by(draws)(images)

    for index in range(5):
        own = {name: values[index : index + 1] for name, values in draws.items()}
        alone = ALL.by(own)(images[index : index + 1])
        torch.testing.assert_close(together[index : index + 1], alone)
        assert not torch.equal(alone, images[index : index + 1])


def test_the_first_of_the_images_are_changed_as_among_all(images: Tensor) -> None:
    change = ALL.by(
        {k: torch.from_numpy(v) for k, v in ALL.draw(5, np.random.default_rng(0)).items()}
    )
    torch.testing.assert_close(change(images[:2]), change(images)[:2])
    assert change(images[:0]).shape == (0, 3, SIDE, SIDE)


def test_they_are_applied_in_their_order(images: Tensor) -> None:
    rows = {"cutout": numbers(0.5, 0.5), "translation": numbers(0.0, 0.0)}
    one, other = (
        Augmentations(dict(parts)).by(rows)(images)
        for parts in (
            (("cutout", cut_out), ("translation", translate)),
            (("translation", translate), ("cutout", cut_out)),
        )
    )
    assert torch.equal(one, translate(cut_out(images, rows["cutout"]), rows["translation"]))
    assert not torch.equal(one, other)


@pytest.mark.parametrize("augmentation", [change_color, translate, cut_out], ids=type)
def test_gradients_reach_the_image_through(augmentation: Augmentation, images: Tensor) -> None:
    drawn = torch.from_numpy(augmentation.draw(5, np.random.default_rng(1))[:1]).double()
    small = images.double()[:1, :, :4, :4].detach().requires_grad_()

    assert torch.autograd.gradcheck(lambda x: augmentation(x, drawn), small)
    assert torch.autograd.gradgradcheck(lambda x: augmentation(x, drawn).square(), small)


def test_nothing_is_drawn_and_nothing_changed_without_any(images: Tensor) -> None:
    assert Augmentations({}).draw(5, np.random.default_rng(0)) == {}
    assert Augmentations({}).by({})(images) is images
