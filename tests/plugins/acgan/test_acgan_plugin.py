from typing import Any

import pytest

from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.errors import ConfigError
from ganx_acgan.config import AcganConfig
from ganx_acgan.networks import build
from ganx_acgan.plugin import ganx_models, ganx_recipes

CLASSES = Condition("classes", (Group("digit", tuple("0123456789")),))

RECIPES = {recipe.name: recipe.settings for recipe in ganx_recipes()}


def built(
    resolution: int = 64, channels: int = 3, condition: Condition = CLASSES, **settings: Any
) -> Networks:
    config = validated(AcganConfig, settings, "model")
    return build(Interface(resolution, channels, condition), config)


def test_a_data_set_without_labels_is_refused() -> None:
    with pytest.raises(ConfigError, match="'acgan' learns from labels, but the data set has none"):
        built(64, 3, UNCONDITIONAL)


@pytest.mark.parametrize("resolution", [16, 48])
def test_another_resolution_is_refused_with_those_that_exist(resolution: int) -> None:
    with pytest.raises(ConfigError, match=rf"32, 64, 128, 256 pixels, not {resolution}"):
        built(resolution)


@pytest.mark.parametrize("channels", [0, 5])
def test_another_number_of_channels_is_refused(channels: int) -> None:
    with pytest.raises(ConfigError, match=f"1 to 4 channels, not {channels}"):
        built(64, channels)


@pytest.mark.parametrize(
    "values",
    [
        {"width": 0},
        {"latent_size": 0},
        {"condition_features": 0},
        {"momentum": 0.0},
        {"padding": "valid"},
        {"widht": 64},
    ],
)
def test_wrong_settings_are_named(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{next(iter(values))}'"):
        built(64, **values)


def test_the_plugin_provides_the_model_and_both_recipes() -> None:
    (model,) = ganx_models()
    assert (model.name, model.recipe, list(RECIPES)) == (
        "acgan",
        "acgan",
        [model.recipe, "acgan-iclevr"],
    )
    assert isinstance(model.build(Interface(32, 3, CLASSES), AcganConfig(width=8)), Networks)


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipes_learn_source_and_classes_together(name: str) -> None:
    recipe = RECIPES[name]
    assert recipe["loss"] == {
        "sum": "bce + auxiliary",
        "terms": {"bce": {"real_target": 0.9}},
    }
    assert recipe["plan"] == {"name": "joint"}
    adam = {"learning_rate": 2e-4, "betas": [0.5, 0.999]}
    assert recipe["optimizer"] == {"generator": adam, "discriminator": adam}


def test_the_recipes_take_their_data_sets_and_lengths() -> None:
    faces, scenes = RECIPES["acgan"], RECIPES["acgan-iclevr"]
    assert (faces["dataset"], scenes["dataset"]) == ({"name": "animefaces"}, {"name": "iclevr"})
    assert faces["train"] == {"images": 3_673_600, "batch_size": 64}
    assert scenes["train"] == {"images": 5_402_700, "batch_size": 64}
