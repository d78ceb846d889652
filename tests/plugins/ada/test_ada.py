"""Adaptive augmentation against plain computations. Shapes: images [B, C, H, W]."""

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch
from lab import Lab, assert_same_checkpoint
from tiny import tiny_host
from torch import Tensor

from ganx import UNCONDITIONAL, ConfigError, Interface
from ganx.runs.directory import RunDirectory
from ganx.testing import AugmentationContract
from ganx_ada.adaptive import AdaptiveAugmentation
from ganx_ada.color import color_matrix, recolored
from ganx_ada.config import AdaConfig
from ganx_ada.geometry import blit_matrix, composed, geometry_matrix, resampled
from ganx_ada.plugin import ADA

SIDE = 16
SURE = torch.ones(())
NEVER = torch.zeros(())
NO = 0.999999
"""A number that opens no gate but a certain one."""


class TestAda(AugmentationContract):
    spec = ADA
    config = MappingProxyType(
        {"start": 0.5, "groups": ("blit", "geometry", "color"), "mirror": True}
    )


class TestAdaAsItComes(AugmentationContract):
    spec = ADA


@pytest.fixture
def images() -> Tensor:
    return torch.rand(4, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0)) * 2 - 1


def rows(*values: float) -> Tensor:
    return torch.tensor([values] * 4)


def ada(**settings: object) -> AdaptiveAugmentation:
    return AdaptiveAugmentation(AdaConfig(**settings))  # type: ignore[arg-type]


def test_nothing_changes_while_the_probability_is_0(images: Tensor) -> None:
    augmentation = ada(groups=("blit", "geometry", "color"), mirror=True)
    numbers = torch.from_numpy(augmentation.draw(4, np.random.default_rng(0)))
    assert torch.equal(augmentation(images, numbers), images)


@pytest.mark.parametrize("quarters", range(4))
def test_a_turn_is_that_of_rot90(images: Tensor, quarters: int) -> None:
    numbers = rows(NO, NO, 0.0, (quarters + 0.5) / 4, NO, 0.5, 0.5)
    half = torch.full((), 0.5)
    turned = resampled(images, blit_matrix(numbers, half, SIDE, mirror=True))
    torch.testing.assert_close(turned, torch.rot90(images, quarters, (2, 3)), rtol=0, atol=0)


def test_a_mirror_is_a_flip_for_one_side_of_the_coin(images: Tensor) -> None:
    half = torch.full((), 0.5)
    for coin, expected in ((0.1, images.flip(3)), (0.9, images)):
        numbers = rows(0.0, coin, NO, 0.0, NO, 0.5, 0.5)
        changed = resampled(images, blit_matrix(numbers, half, SIDE, mirror=True))
        assert torch.equal(changed, expected)
        without = resampled(images, blit_matrix(numbers, half, SIDE, mirror=False))
        assert torch.equal(without, images)


def test_a_shift_moves_whole_pixels_and_goes_on_as_in_a_mirror(images: Tensor) -> None:
    numbers = rows(NO, 0.5, NO, 0.0, 0.0, NO, 0.5)  # 2 to the left, none down
    shifted = resampled(images, blit_matrix(numbers, torch.full((), 0.5), SIDE, mirror=False))
    assert torch.equal(shifted[..., : SIDE - 2], images[..., 2:])
    assert torch.equal(shifted[..., SIDE - 2], images[..., SIDE - 2])
    assert torch.equal(shifted[..., SIDE - 1], images[..., SIDE - 3])


def test_places_between_pixels_are_read_linearly() -> None:
    ramp = torch.arange(SIDE, dtype=torch.float32).expand(1, 1, SIDE, SIDE)
    matrix = torch.eye(3)[None].clone()
    matrix[0, 0, 2] = 0.25
    found = resampled(ramp, matrix)[0, 0, :, :-1]
    torch.testing.assert_close(found, ramp[0, 0, :, :-1] + 0.25)


def test_geometry_is_the_product_of_its_changes() -> None:
    """Scale by 2**(0.2 sd), once turned by half a circle."""
    one_sd = 0.8413447
    numbers = torch.tensor([[0.0, one_sd, 0.0, 0.999999, NO, 0.5, NO, 0.5, NO, 0.5, 0.5]])
    scale = 2**0.2
    expected = torch.diag(torch.tensor([-scale, -scale, 1.0]))
    found = geometry_matrix(numbers, torch.full((), 0.5), SIDE)
    torch.testing.assert_close(found[0], expected, atol=1e-4, rtol=1e-4)


def test_matrices_are_multiplied_as_matmul_does() -> None:
    one, other = torch.randn(2, 5, 3, 3)
    torch.testing.assert_close(composed(one, other), one @ other)


def colors(**gates: tuple[float, float]) -> Tensor:
    names = ("lighten", "sharpen", "invert", "turn", "stain")
    return rows(*(value for name in names for value in gates.get(name, (NO, 0.5))))


@pytest.mark.parametrize(
    ("gates", "expected"),
    [
        ({"lighten": (0.0, 0.8413447)}, lambda x: x + 0.2),
        ({"sharpen": (0.0, 0.8413447)}, lambda x: x * 2**0.5),
        ({"invert": (0.0, 0.1)}, lambda x: x - 2 * x.mean(1, keepdim=True)),
        ({"invert": (0.0, 0.9)}, lambda x: x),
        ({"turn": (0.0, (1 + 2 / 3) / 2)}, lambda x: x[:, [2, 0, 1]]),
        (
            {"stain": (0.0, 0.8413447)},
            lambda x: x.mean(1, keepdim=True) + 2 * (x - x.mean(1, keepdim=True)),
        ),
    ],
    ids=["brightness", "contrast", "inverted", "not inverted", "hue", "saturation"],
)
def test_colours_change_as_the_paper_says(
    images: Tensor, gates: dict[str, tuple[float, float]], expected: object
) -> None:
    assert callable(expected)
    changed = recolored(images, color_matrix(colors(**gates), torch.full((), 0.5)))
    torch.testing.assert_close(changed, expected(images), atol=1e-4, rtol=1e-4)


def test_grey_images_are_changed_by_what_changes_grey(images: Tensor) -> None:
    grey = images[:, :1]
    gates = colors(lighten=(0.0, 0.8413447), invert=(0.0, 0.1), turn=(0.0, 0.8))
    changed = recolored(grey, color_matrix(gates, torch.full((), 0.5)))
    torch.testing.assert_close(changed, -(grey + 0.2), atol=1e-4, rtol=1e-4)


def test_the_probability_follows_the_signs_of_ds_scores() -> None:
    augmentation = ada(interval=8, rise=80, target=0.5, most=0.25)
    scores = torch.tensor([3.0, 1.0, 2.0, -1.0])
    found = []
    for _ in range(4):  # 3 of 4 are real: r = 0.5 is no more than the target
        augmentation.observe(scores, 0)
        found.append(augmentation.probability.item())
    assert found == [0.0] * 4
    assert augmentation.overfitting.item() == 0.5
    for _ in range(6):
        augmentation.observe(torch.ones(4), 0)
        found.append(augmentation.probability.item())
    assert found[4:] == pytest.approx([0.0, 0.1, 0.1, 0.2, 0.2, 0.25])
    assert augmentation.overfitting.item() == 1.0
    for _ in range(8):
        augmentation.observe(-torch.ones(4), 0)
    assert augmentation.probability.item() == 0.0
    assert augmentation.overfitting.item() == -1.0


def test_a_score_that_overflowed_says_nothing() -> None:
    augmentation = ada(interval=4)
    augmentation.observe(torch.tensor([torch.nan, 1.0, 1.0, 1.0]), 0)
    assert augmentation.overfitting.item() == 0.75


def test_watching_only_hands_the_images_on(images: Tensor) -> None:
    augmentation = ada(most=0.0, start=0.5, interval=4)
    assert augmentation(images, torch.zeros(4, augmentation.numbers)) is images
    augmentation.observe(torch.ones(4), 0)
    assert augmentation.readings()["ada.overfitting"] == 1.0


@pytest.mark.parametrize("channels", [2, 4])
def test_colours_of_images_without_colours_are_refused(channels: int) -> None:
    interface = Interface(32, channels, UNCONDITIONAL)
    with pytest.raises(ConfigError, match=f"not {channels}.*groups"):
        ADA.build(interface, AdaConfig(groups=("color",)))
    ADA.build(interface, AdaConfig())


def test_readings_do_not_change_later() -> None:
    augmentation = ada(interval=4)
    before = augmentation.readings()["ada.overfitting"]
    augmentation.observe(torch.ones(4), 0)
    assert before == 0


def trained(lab: Lab, **train: object) -> dict[str, object]:
    del lab
    own = {"interval": 16, "rise": 64, "target": -0.5, "start": 0.1}
    return {"train": {"diff_augment": ["ada"], "augmentations": {"ada": own}, **train}}


def test_a_resumed_run_has_the_bits_of_one_that_was_not_stopped(tmp_path: Path) -> None:
    host = tiny_host()
    lab = Lab(tmp_path, replace(host, augmentations={**host.augmentations, "ada": ADA}))
    whole = lab.run(**trained(lab))
    with lab.start(**trained(lab)) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    state = trainer.setup.augmentations.state_dict()
    assert state["chosen.ada.probability"] > 0.1
    assert_same_checkpoint(whole, lab.resume(trainer.run))


def test_the_log_has_the_probability_and_the_figure_of_overfitting(tmp_path: Path) -> None:
    host = tiny_host()
    lab = Lab(tmp_path, replace(host, augmentations={**host.augmentations, "ada": ADA}))
    run: RunDirectory = lab.run(**trained(lab, log_every=1))
    found = [json.loads(line) for line in run.metrics.read_text().splitlines()]
    there = [row for row in found if "augmentation.ada.probability" in row]
    assert there
    assert all(-1 <= row["augmentation.ada.overfitting"] <= 1 for row in there)
    assert there[-1]["augmentation.ada.probability"] != there[0]["augmentation.ada.probability"]
