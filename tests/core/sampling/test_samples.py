"""Drawing from a frozen generator."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from codes import SHAPES, c_of, several, z_of
from PIL import Image
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.errors import ConfigError, DataError
from ganx.pictures.captions import prompt_picture
from ganx.sampling.samples import sample_images

COLOURS = Condition("classes", (Group("colour", ("red", "green", "blue")),))


class Tell(nn.Module):
    """Writes the condition into the pixels' colour and the noise into their brightness."""

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        colour = torch.ones(len(z), 3) if c is None else c
        return (colour * z[:, :1].sigmoid())[:, :, None, None].expand(-1, -1, 4, 4)


def frozen(condition: Condition = COLOURS) -> FrozenGenerator:
    rows = np.array([[0, 0, 1], [0, 1, 0]], np.uint8)[:, : condition.size]
    distribution = ConditionDistribution(rows, np.array([9, 1]))
    latent = Latent((LatentPart("noise", "normal", 2),))
    metadata = {"distribution": distribution.to_json()}
    return FrozenGenerator(Tell().eval(), Interface(4, 3, condition), latent, metadata)


def test_each_text_gets_as_many_images_in_the_order_of_the_texts() -> None:
    images = sample_images(frozen(), ["red", "blue"], 3, seed=0)
    assert images.shape == (6, 3, 4, 4)
    assert images[:3, 1:].abs().max() == 0
    assert images[3:, :2].abs().max() == 0


def test_the_texts_share_their_noise() -> None:
    images = sample_images(frozen(), ["red", "blue"], 3, seed=0)
    assert torch.equal(images[:3, 0], images[3:, 2])
    assert not torch.equal(images[0, 0], images[1, 0])


def test_without_texts_conditions_are_drawn_as_in_training() -> None:
    images = sample_images(frozen(), [], 200, seed=0)
    shares = (images[:, :, 0, 0] > 0).float().mean(0)
    assert shares[0] == 0
    assert shares[1] == pytest.approx(0.1, abs=0.06)
    assert shares[2] == pytest.approx(0.9, abs=0.06)


def test_many_images_are_drawn_in_batches_that_do_not_show() -> None:
    many, few = (sample_images(frozen(), ["red"], count, seed=5) for count in (130, 10))
    assert many.shape[0] == 130
    assert torch.equal(many[:10], few)


@pytest.mark.parametrize("texts", [(), ("red cube",)])
@pytest.mark.parametrize("count", [1, 8, 16, 64, 65, 130])
def test_the_first_images_of_a_seed_are_the_same_however_many_are_drawn(
    texts: tuple[str, ...], count: int
) -> None:
    most, some = (sample_images(several(), texts, images, seed=3) for images in (200, count))
    assert torch.equal(some, most[:count])
    assert len(most.unique(dim=0)) == 200


def test_another_seed_has_other_images_and_conditions() -> None:
    first, second = (sample_images(several(), [], 32, seed) for seed in (3, 4))
    assert not torch.equal(z_of(first), z_of(second))
    assert not torch.equal(c_of(first, SHAPES), c_of(second, SHAPES))


def test_without_its_distribution_a_generator_asks_for_labels() -> None:
    known = replace(frozen(), metadata={})
    assert len(sample_images(known, ["red"], 3, seed=0)) == 3
    with pytest.raises(DataError, match=r"how often each label occurred.*Say by labels what"):
        sample_images(known, [], 3, seed=0)


def test_an_unconditional_generator_needs_no_distribution() -> None:
    bare = replace(frozen(UNCONDITIONAL), metadata={})
    expected = sample_images(frozen(UNCONDITIONAL), [], 3, seed=0)
    assert torch.equal(sample_images(bare, [], 3, seed=0), expected)


@pytest.mark.parametrize("texts", [[], ["red"]])
def test_a_seed_that_is_none_is_refused(texts: list[str]) -> None:
    with pytest.raises(ConfigError, match="A seed is a whole number from 0 to"):
        sample_images(frozen(), texts, 3, seed=2**64)


def test_an_unconditional_generator_is_generator_is_sampled_by_noise_alone() -> None:
    images = sample_images(frozen(UNCONDITIONAL), [], 5, seed=0)
    assert images.shape == (5, 3, 4, 4)
    with pytest.raises(DataError, match="takes no labels"):
        sample_images(frozen(UNCONDITIONAL), ["red"], 5, seed=0)


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
def test_pictures_keep_the_colours_of_their_images(channels: int, mode: str) -> None:
    picture = prompt_picture(torch.ones(4, channels, 8, 8), ["7", "8"])
    assert isinstance(picture, Image.Image)
    assert picture.mode == mode


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_text_is_not_taken_for_any_condition(text: str) -> None:
    with pytest.raises(DataError, match="text of labels is empty"):
        sample_images(frozen(), ["red", text], 3, seed=0)
