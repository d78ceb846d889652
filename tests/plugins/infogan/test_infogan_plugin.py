from typing import Any

import pytest
import torch

from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.errors import ConfigError
from ganx_infogan.config import InfoganConfig
from ganx_infogan.networks import build
from ganx_infogan.plugin import ganx_models, ganx_recipes

CLASSES = Condition("classes", (Group("digit", tuple("0123456789")),))


def built(
    resolution: int = 32, channels: int = 1, condition: Condition = UNCONDITIONAL, **settings: Any
) -> Networks:
    config = validated(InfoganConfig, settings, "model")
    return build(Interface(resolution, channels, condition), config)


def test_labels_are_refused_with_the_way_to_leave_them_out() -> None:
    with pytest.raises(ConfigError, match=r"'infogan' takes no labels.*dataset\.labels=false"):
        built(condition=CLASSES)


def test_a_latent_without_codes_is_refused_before_any_weight_is_drawn() -> None:
    before = torch.get_rng_state()
    with pytest.raises(ConfigError, match=r"'model\.categories' and 'model\.style_size' are both"):
        built(categories=0, style_size=0)
    assert torch.equal(before, torch.get_rng_state())


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
        {"noise_size": 0},
        {"categories": -1},
        {"style_size": -1},
        {"q_hidden": 0},
        {"q_features": 0},
        {"init_sigma": -0.1},
        {"widht": 64},
    ],
)
def test_wrong_settings_are_named(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=rf"'model\.{next(iter(values))}'"):
        built(**values)


def test_a_code_of_one_value_is_refused_with_the_reason() -> None:
    with pytest.raises(ConfigError, match=r"'model\.categories': a code of one value says nothing"):
        built(categories=1)


@pytest.mark.parametrize("name", ["noise", "style", "", "two words", "a.b", "1st"])
def test_a_category_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(ConfigError, match=r"'model\.category_name': give a word"):
        built(category_name=name)


def test_the_plugin_provides_the_model_and_the_reports_recipe() -> None:
    (model,), (recipe,) = ganx_models(), ganx_recipes()
    assert (model.name, model.recipe, recipe.name) == ("infogan", "infogan", "infogan")
    assert isinstance(
        model.build(Interface(32, 3, UNCONDITIONAL), InfoganConfig(width=8)), Networks
    )
    assert recipe.settings["dataset"] == {"name": "mnist", "labels": False, "resolution": 64}
    assert recipe.settings["loss"] == {"sum": "bce + mutual-information"}
    assert recipe.settings["plan"] == {"name": "joint"}
    assert recipe.settings["optimizer"] == {
        "generator": {"learning_rate": 1e-3, "betas": [0.5, 0.999]},
        "discriminator": {"learning_rate": 2e-4, "betas": [0.5, 0.999]},
    }
    assert recipe.settings["train"] == {"images": 9_000_000, "batch_size": 100}
