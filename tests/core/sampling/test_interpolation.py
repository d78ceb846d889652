"""The way from one latent and condition to another."""

from pathlib import Path

import numpy as np
import pytest
import torch
from codes import LATENT, SHAPES, SIDE, c_of, several, written, z_of
from numpy.typing import NDArray
from PIL import Image

from ganx.contracts.latent import Latent, LatentPart
from ganx.errors import ConfigError, DataError
from ganx.pictures.animation import save_animation
from ganx.pictures.labelled_grid import morph_picture
from ganx.sampling.interpolation import between, ends, interpolate
from ganx.sampling.samples import sample_images

NORMAL = Latent((LatentPart("noise", "normal", 2),))


def drawn(latent: Latent, seed: int, count: int = 6) -> NDArray[np.float32]:
    return latent.draw(count, np.random.default_rng(seed))


@pytest.mark.parametrize("latent", [NORMAL, LATENT])
def test_both_ends_are_met(latent: Latent) -> None:
    first, last = drawn(latent, 1), drawn(latent, 2)
    assert between(latent, first, last, 0) == pytest.approx(first, abs=1e-6)
    assert between(latent, first, last, 1) == pytest.approx(last, abs=1e-6)


def test_normal_noise_moves_on_the_arc() -> None:
    first, last = (np.array([row], np.float32) for row in ([2, 0], [0, 2]))
    half = 2 * np.cos(np.pi / 4)
    assert between(NORMAL, first, last, 0.5)[0] == pytest.approx([half, half])
    third = between(NORMAL, first, last, 1 / 3)[0]
    assert third == pytest.approx([2 * np.cos(np.pi / 6), 2 * np.sin(np.pi / 6)])


@pytest.mark.parametrize("last", [[3.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
def test_noise_without_an_arc_between_moves_straight(last: list[float]) -> None:
    first = np.array([[1, 0]], np.float32)
    middle = between(NORMAL, first, np.array([last], np.float32), 0.5)[0]
    assert middle == pytest.approx([(1 + last[0]) / 2, 0])


def test_uniform_noise_and_continuous_codes_move_straight() -> None:
    first, last = drawn(LATENT, 1), drawn(LATENT, 2)
    moved = between(LATENT, first, last, 0.25)
    straight = 0.75 * first + 0.25 * last
    for part in ("noise", "style"):
        where = LATENT.slices[part]
        assert moved[:, where] == pytest.approx(straight[:, where])


@pytest.mark.parametrize(("share", "seed"), [(0.49, 1), (0.5, 2)])
def test_a_category_changes_halfway(share: float, seed: int) -> None:
    where = LATENT.slices["digit"]
    moved = between(LATENT, drawn(LATENT, 1), drawn(LATENT, 2), share)
    assert moved[:, where].tolist() == drawn(LATENT, seed)[:, where].tolist()


def test_the_ends_are_what_sampling_with_their_seeds_gives() -> None:
    frozen = written(SHAPES)
    images = interpolate(frozen, *ends(frozen, 3, (1, 2), ("red cube",) * 2), 4)
    assert images.shape == (4, 3, 1, SIDE, SIDE)
    for step, seed in ((0, 1), (-1, 2)):
        sampled = sample_images(frozen, ["red cube"], 3, seed)
        assert torch.allclose(images[step], sampled, atol=1e-6)


def test_labels_move_straight_while_the_noise_stays() -> None:
    frozen = written(SHAPES)
    images = interpolate(frozen, *ends(frozen, 2, (5, 5), ("red cube", "blue sphere")), 3)
    assert c_of(images, SHAPES)[:, 0].tolist() == [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0]]
    assert torch.allclose(z_of(images[0]), z_of(images[1]))


def test_without_labels_both_ends_show_what_training_did() -> None:
    frozen = written(SHAPES)
    images = interpolate(frozen, *ends(frozen, 2, (1, 2), None), 3)
    assert torch.equal(c_of(images, SHAPES), torch.tensor([0.0, 0.0, 1.0]).expand(3, 2, 3))


def test_without_labels_the_ends_are_images_of_the_first_seed_and_its_conditions() -> None:
    frozen = several()
    images = interpolate(frozen, *ends(frozen, 8, (1, 2), None), 2)
    assert torch.allclose(images[0], sample_images(frozen, [], 8, 1), atol=1e-6)
    assert torch.equal(c_of(images[1], SHAPES), c_of(images[0], SHAPES))


def test_an_unconditional_generator_has_its_noise_alone() -> None:
    frozen = written()
    assert interpolate(frozen, *ends(frozen, 2, (1, 2), None), 3).shape[:2] == (3, 2)
    with pytest.raises(DataError, match="takes no labels"):
        ends(frozen, 2, (1, 2), ("red cube",) * 2)


@pytest.mark.parametrize("texts", [None, ("red cube, gray cube", "gray cube, red cube")])
def test_ends_that_are_the_same_are_refused(texts: tuple[str, str] | None) -> None:
    with pytest.raises(ConfigError, match="Both ends are the same image"):
        ends(written(SHAPES), 2, (1, 1), texts)


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(DataError, match=r"no object 'red cub'.*'red cube'"):
        ends(written(SHAPES), 2, (1, 1), ("red cub", "blue sphere"))


def test_a_picture_has_a_row_for_each_image_and_a_column_for_each_step() -> None:
    steps = torch.linspace(-1, 1, 3)[:, None, None, None, None].expand(3, 2, 1, SIDE, SIDE)
    pixels = np.asarray(morph_picture(steps, ""))
    below = pixels[-2 * (SIDE + 2) :, -3 * (SIDE + 2) :]
    assert below[::10, ::10].tolist() == [[0, 128, 255]] * 2


@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_an_animation_goes_there_and_back_for_ever(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"new/morph{ending}"
    images = torch.linspace(-1, 1, 4)[:, None, None, None, None].expand(4, 2, 3, 16, 16)
    save_animation(images, path, frames_per_second=20)
    with Image.open(path) as animation:
        assert getattr(animation, "n_frames", 1) == 6
        assert animation.info["loop"] == 0
        levels, durations = [], []
        for frame in range(6):
            animation.seek(frame)
            levels.append(int(np.asarray(animation.convert("L"))[9, 9]))
            durations.append(animation.info["duration"])
    assert levels == pytest.approx([0, 85, 170, 255, 170, 85], abs=4)
    assert durations == [50] * 6
    assert list(path.parent.iterdir()) == [path]
