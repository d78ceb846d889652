import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ImageFont

from ganx.contracts.dataset import Dataset
from ganx.data.manifest import pixels_fingerprint
from ganx.errors import DataError
from ganx.judging.material import open_for_judge
from ganx_mnist.config import MnistConfig
from ganx_mnist.dataset import open_dataset
from ganx_mnist.draw import draw_digit, glyphs
from ganx_mnist.draw.glyphs import WEIGHTS, glyph
from ganx_mnist.draw.warp import CELLS, POSE_NUMBERS, WAVE_NUMBERS, mesh, warp
from ganx_mnist.plugin import ganx_datasets
from ganx_mnist.rendered import RenderedDigits


def opened(**settings: Any) -> Dataset:
    return open_dataset(MnistConfig(**{"resolution": 16, "size": 10, **settings}))


def drawn(count: int, resolution: int, seed: int = 0) -> NDArray[np.float64]:
    digits = RenderedDigits(seed, count, resolution).read(0, count, "cpu").numpy()
    return digits[..., 0] / 255


def test_without_a_folder_digits_are_drawn_and_it_is_said() -> None:
    assert opened(size=10_000).notice == (
        "No folder of MNIST's files was given (--data DIR), so 10,000 digits are drawn from a font "
        "instead; figures on them are not comparable to published ones."
    )


def test_digits_that_were_asked_for_are_not_comparable_either() -> None:
    notice = opened(source="rendered").notice
    assert "No folder" not in notice
    assert "10 digits are drawn" in notice
    assert "not comparable" in notice


@pytest.mark.parametrize("failure", [ImportError("no _imagingft"), TypeError("no argument")])
def test_a_pillow_without_scalable_font_is_refused_on_opening(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(size: int) -> None:
        del size
        raise failure

    glyphs._font.cache_clear()
    monkeypatch.setattr(ImageFont, "load_default", fail)
    with pytest.raises(DataError, match=rf"no scalable font \({failure}\).*--data DIR"):
        opened()


def test_an_image_depends_on_seed_and_index_alone() -> None:
    few, more = RenderedDigits(3, 4, 16), RenderedDigits(3, 40, 16)
    np.testing.assert_array_equal(few.read(0, 4, "cpu"), more.read(0, 4, "cpu"))
    np.testing.assert_array_equal(few.read(2, 3, "cpu"), more.read(2, 3, "cpu"))


def test_another_seed_draws_other_images() -> None:
    assert (drawn(10, 16, seed=1) != drawn(10, 16, seed=2)).any(axis=(1, 2)).all()


def test_no_two_images_of_a_digit_are_the_same() -> None:
    digits = drawn(200, 16)
    for digit in range(10):
        assert len({image.tobytes() for image in digits[digit::10]}) == 20


@pytest.mark.parametrize("resolution", [8, 28, 33, 64, 200])
def test_any_resolution_shows_the_same_picture(resolution: int) -> None:
    picture = draw_digit(0, 3, resolution)
    assert picture.shape == (resolution, resolution)
    assert picture.max() > 230
    cells = np.array_split(np.arange(resolution), 4)
    coarse = [[picture[np.ix_(rows, columns)].mean() for columns in cells] for rows in cells]
    large = draw_digit(0, 3, 128).reshape(4, 32, 4, 32).mean(axis=(1, 3))
    assert np.corrcoef(np.ravel(coarse), large.ravel())[0, 1] > 0.9


def test_pixels_are_distributed_as_those_of_mnist() -> None:
    digits = drawn(400, 28)
    assert digits.mean() == pytest.approx(0.131, abs=0.015)
    assert digits.std() == pytest.approx(0.308, abs=0.015)


def test_digits_stand_in_the_middle_and_seldom_touch_the_edge() -> None:
    digits = drawn(400, 28)
    places = np.arange(28) + 0.5
    ink = digits.sum(axis=(1, 2))
    across = digits.sum(axis=1) @ places / ink
    down = digits.sum(axis=2) @ places / ink
    assert across.mean() == pytest.approx(14, abs=0.3)
    assert down.mean() == pytest.approx(14, abs=0.3)
    assert max(across.std(), down.std()) < 1.5
    edges = (digits[:, 0], digits[:, -1], digits[:, :, 0], digits[:, :, -1])
    touching = np.concatenate(edges, axis=1).max(axis=1) > 0.25
    assert touching.mean() < 0.04


def test_digits_can_be_told_apart_by_their_nearest_neighbours() -> None:
    known = drawn(600, 16).reshape(600, -1)
    asked = drawn(100, 16, seed=1).reshape(100, -1)
    distances = ((asked[:, None] - known) ** 2).sum(axis=2)
    assert (distances.argmin(axis=1) % 10 == np.arange(100) % 10).mean() > 0.75


@pytest.mark.parametrize("digit", range(10))
def test_each_weight_is_thicker_than_the_one_before(digit: int) -> None:
    ink = [np.asarray(glyph(digit, weight, 128).image).mean() for weight in WEIGHTS]
    assert ink == sorted(ink)
    assert ink[-1] > 1.5 * ink[0]


def test_the_centre_of_a_glyph_is_its_centre_of_mass() -> None:
    upright = glyph(7, 0, 128)
    ink = np.asarray(upright.image, dtype=float)
    rows, columns = np.nonzero(ink > 127)
    assert upright.x == pytest.approx(columns.mean() + 0.5, abs=0.3)
    assert upright.y == pytest.approx(rows.mean() + 0.5, abs=0.3)


def test_the_mesh_covers_the_canvas_and_its_cells_meet() -> None:
    waves = np.random.default_rng(0).random(WAVE_NUMBERS)
    cells = list(mesh(warp(np.full(POSE_NUMBERS, 0.3), waves), 128, (60.0, 70.0)))
    assert len(cells) == CELLS * CELLS
    assert sum((right - left) * (lower - upper) for (left, upper, right, lower), _ in cells) == (
        128 * 128
    )
    corner: dict[tuple[int, int], tuple[float, ...]] = {}
    for (left, upper, right, lower), quad in cells:
        for place, start in (((left, upper), 0), ((left, lower), 2), ((right, lower), 4)):
            assert corner.setdefault(place, quad[start : start + 2]) == quad[start : start + 2]


def test_without_chance_the_digit_is_upright_but_for_its_mean_slant() -> None:
    places = warp(np.zeros(POSE_NUMBERS), np.full(WAVE_NUMBERS, 0.5))
    np.testing.assert_allclose(places[..., 1], places[::-1, :, 1] * -1)
    np.testing.assert_allclose(np.diff(places[..., 1], axis=1), 0, atol=1e-12)
    assert places[0, 0, 0] < places[-1, 0, 0]


def test_the_fingerprint_depends_on_all_that_decides_the_pixels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prints = {RenderedDigits(*one).fingerprint() for one in ((0, 9, 16), (1, 9, 16), (0, 8, 16))}
    prints.add(RenderedDigits(0, 9, 17).fingerprint())
    monkeypatch.setattr("ganx_mnist.rendered.RenderedDigits.drawn_with", "0.0")
    prints.add(RenderedDigits(0, 9, 16).fingerprint())
    monkeypatch.setattr("ganx_mnist.rendered.RenderedDigits.version", 1_000)
    prints.add(RenderedDigits(0, 9, 16).fingerprint())
    assert len(prints) == 6


def test_the_provenance_tells_how_to_draw_the_same_again() -> None:
    provenance = opened(seed=4).provenance
    assert provenance["source"] == "rendered"
    assert provenance["renderer"] >= 1
    assert (provenance["seed"], provenance["images"], provenance["resolution"]) == (4, 10, 16)
    assert json.loads(json.dumps(provenance)) == provenance


def test_a_run_without_labels_has_a_judge_of_other_images_with_labels() -> None:
    datasets = {spec.name: spec for spec in ganx_datasets()}
    table = {"name": "mnist", "seed": 5, "size": 9, "resolution": 16, "labels": False}
    found = open_for_judge(datasets, table, {})
    assert found.interface.condition.size > 0
    assert (found.provenance["seed"], len(found.images)) == (1005, 9)


def test_the_cache_is_the_same_for_every_device() -> None:
    images = RenderedDigits(0, 9, 16)
    assert pixels_fingerprint(images, "cuda") == images.fingerprint()
