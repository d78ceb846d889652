"""The contracts of ganx.testing on everything that is installed: a new part is tested by existing.

Parts are taken small: of the settings below, those that they have.
"""

from typing import Any

import pytest

from ganx.config import Config
from ganx.contracts.specs import ModelSpec
from ganx.errors import ConfigError, DataError
from ganx.host import load_plugins
from ganx.settings.loss import LossConfig
from ganx.settings.tables import DrawingConfig, EmaConfig, EvaluateConfig, TrainConfig
from ganx.testing import (
    AugmentationContract,
    DatasetContract,
    EvaluatorContract,
    LossContract,
    ModelContract,
    OptimizerContract,
    PlanContract,
    RecipeContract,
    ScheduleContract,
)
from ganx.testing.settings_contract import required, undocumented

HOST = load_plugins()
SMALL = {"width": 8, "size": 12, "resolution": 32, "images": 16}
OTHER_PIXELS = ({"resolution": 16}, {"seed": 7})


def small(config: type[Config]) -> dict[str, Any]:
    return {name: value for name, value in SMALL.items() if name in config.model_fields}


def every(registry: Any) -> Any:
    return pytest.fixture(autouse=True, params=list(registry.values()), ids=list(registry))


class TestEveryModel(ModelContract):
    @every(HOST.models)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param
        self.config = small(self.spec.config)


class TestEveryDataset(DatasetContract):
    @every(HOST.datasets)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param
        fields = self.spec.config.model_fields
        self.config = small(self.spec.config)
        self.variants = [one for one in OTHER_PIXELS if set(one) <= set(fields)]
        try:
            self.open()
        except (ConfigError, DataError) as error:
            pytest.skip(f"{self.spec.name} needs data: {error}")


class TestEveryLoss(LossContract):
    @every(HOST.losses)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param


class TestEveryAugmentation(AugmentationContract):
    @every(HOST.augmentations)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param


class TestEveryEvaluator(EvaluatorContract):
    @every(HOST.evaluators)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param
        self.config = small(self.spec.config)


class TestEverySchedule(ScheduleContract):
    @every(HOST.schedules)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param


class TestEveryOptimizer(OptimizerContract):
    @every(HOST.optimizers)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param


class TestEveryPlan(PlanContract):
    @every(HOST.plans)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.spec = request.param


class TestEveryRecipe(RecipeContract):
    @every(HOST.recipes)
    def _chosen(self, request: pytest.FixtureRequest) -> None:
        self.recipe = request.param.name


@pytest.mark.parametrize(
    "settings", [TrainConfig, DrawingConfig, EmaConfig, EvaluateConfig, LossConfig]
)
def test_the_engines_own_settings_are_documented_and_have_defaults(settings: type[Config]) -> None:
    assert undocumented(settings) == []
    assert required(settings) == []


def test_every_installed_plugin_takes_part() -> None:
    assert HOST.problems == ()


@pytest.mark.parametrize("model", list(HOST.models.values()), ids=list(HOST.models))
def test_the_default_recipe_of_every_model_exists(model: ModelSpec) -> None:
    assert model.recipe in HOST.recipes
