"""The other contracts of ganx.testing refuse what breaks them, and take what does not."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import tiny
from refusal import refused

from ganx.config import Config
from ganx.contracts.plan import Phase, UpdatePlan
from ganx.contracts.specs import ModelSpec, RecipeSpec, ScheduleSpec, UpdatePlanSpec
from ganx.errors import ConfigError
from ganx.testing import (
    ModelContract,
    PlanContract,
    RecipeContract,
    ScheduleContract,
    SettingsContract,
)


def schedule(factor: Callable[[int], float]) -> ScheduleContract:
    contract = ScheduleContract()
    contract.spec = ScheduleSpec("factor", "For tests", lambda _config: factor)
    return contract


@pytest.mark.parametrize("factor", [-1.0, float("nan"), float("inf")])
def test_a_factor_that_no_optimizer_takes_is_refused(factor: float) -> None:
    contract = schedule(lambda _images_seen: factor)
    refused(contract, "test_the_factor_is_finite_and_not_negative", "The factor after 0 images")


def test_a_schedule_that_remembers_is_refused() -> None:
    calls = iter(range(1000))
    contract = schedule(lambda _images_seen: next(calls) / 1000)
    refused(contract, "test_the_factor_depends_on_images_seen_alone", "asked before")


def plan(*phases: Phase) -> PlanContract:
    contract = PlanContract()
    contract.spec = UpdatePlanSpec("plan", "For tests", lambda _config: UpdatePlan(phases))
    return contract


@pytest.mark.parametrize(
    ("phases", "test", "sentence"),
    [
        ((), "test_the_first_phase_takes_real_images", "no phases"),
        (
            (
                Phase("discriminator", ("real",), fresh_real=True, keep_fake=True),
                Phase("generator", ("generator",), reuse_fake=True),
            ),
            "test_a_phase_reuses_only_what_the_one_before_keeps",
            "no phase of D right before it makes and keeps any",
        ),
        (
            (Phase("generator", ("generator",)),),
            "test_the_first_phase_takes_real_images",
            "does not take a fresh real batch",
        ),
        ((Phase("critic", ("real",)),), "test_phases_belong_to_known_owners", "'critic' is none"),
        (
            (Phase("discriminator", ("genuine",)),),  # type: ignore[arg-type] # the defect under test
            "test_phases_sum_parts_that_their_owner_minimises",
            "no parts",
        ),
        (
            (Phase("discriminator", ("generator",)),),
            "test_phases_sum_parts_that_their_owner_minimises",
            "does not minimise",
        ),
        (
            (Phase("generator", ("generator", "generator")),),
            "test_phases_sum_parts_that_their_owner_minimises",
            "twice",
        ),
        (
            (Phase("discriminator", ("real", "fake")),),
            "test_no_part_of_a_loss_is_forgotten",
            r"'generator', 'pair', 'penalty'",
        ),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(
    phases: tuple[Phase, ...], test: str, sentence: str
) -> None:
    refused(plan(*phases), test, sentence)


def recipe(settings: Mapping[str, Any], default: str = "tiny") -> RecipeContract:
    host = tiny.tiny_host()
    model_spec = ModelSpec("tiny", "", tiny.TinyModelConfig, tiny.build_tiny, default)
    recipes = {**host.recipes, "mine": RecipeSpec("mine", "For tests", settings)}
    fields = {name: getattr(host, name) for name in host.__dataclass_fields__}
    changed = tiny.TinyHost(**{**fields, "models": {"tiny": model_spec}, "recipes": recipes})

    class Mine(RecipeContract):
        recipe = "mine"

        def registries(self) -> Any:
            return changed

    return Mine()


def test_a_sound_recipe_keeps_the_contract() -> None:
    contract = recipe(tiny.TINY_RECIPE)
    for name in (name for name in dir(contract) if name.startswith("test_")):
        getattr(contract, name)()


def test_a_recipe_with_a_wrong_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="hight"):
        recipe({**tiny.TINY_RECIPE, "train": {"hight": 3}}).test_it_is_complete()


def test_a_model_without_its_default_recipe_is_refused() -> None:
    contract = recipe(tiny.TINY_RECIPE, default="gone")
    refused(contract, "test_its_model_has_a_default_recipe", "the recipe 'gone', not there")


def test_settings_without_meaning_or_default_are_refused() -> None:
    class Inner(Config):
        deep: int = 1

    class Silent(Config):
        inner: Inner = Inner()
        """Has settings of its own."""

        width: int
        """Has no default."""

    contract = SettingsContract()
    contract.spec = UpdatePlanSpec("silent", "", lambda _config: UpdatePlan(()), Silent)
    refused(contract, "test_every_setting_is_documented", r"below them: inner\.deep\.")
    refused(contract, "test_every_setting_has_a_default", "no default: width")
    refused(contract, "test_the_part_says_what_it_is", "no summary")


AUTHORS_TESTS = """
from ganx.contracts.interface import Interface
from ganx.contracts.plan import UpdatePlan
from ganx.contracts.specs import ModelSpec, NoConfig, UpdatePlanSpec
from ganx.testing import ModelContract, PlanContract
from ganx.testing.interfaces import CONDITIONS
from ganx.testing.stand_in import stand_in


class TestMyNet(ModelContract):
    spec = ModelSpec("mynet", "Mine", NoConfig, lambda form, config: stand_in(form, {}), "none")
    interfaces = [Interface(8, 3, condition) for condition in CONDITIONS]
    exporters = ()


class TestEmptyPlan(PlanContract):
    spec = UpdatePlanSpec("empty", "Does nothing", lambda config: UpdatePlan(()))
"""


class Outcomes:
    """Remembers how each test of another run of pytest ended."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.partition("::")[2]
        if report.when == "call":
            (self.passed if report.passed else self.failed).append(name)


def test_an_author_inherits_the_tests_by_naming_a_spec(tmp_path: Path) -> None:
    file = tmp_path / "test_an_authors_plugin.py"
    file.write_text(AUTHORS_TESTS)
    settings = tmp_path / "pytest.ini"
    settings.write_text("[pytest]\naddopts = -q --import-mode=importlib -p no:faulthandler\n")
    seen = Outcomes()
    pytest.main(["-c", str(settings), str(file)], plugins=[seen])
    assert seen.failed == [
        "TestEmptyPlan::test_the_first_phase_takes_real_images",
        "TestEmptyPlan::test_no_part_of_a_loss_is_forgotten",
    ]
    mine = {name.partition("[")[0] for name in seen.passed if name.startswith("TestMyNet")}
    contract = {f"TestMyNet::{name}" for name in dir(ModelContract) if name.startswith("test_")}
    assert contract - mine == {
        "TestMyNet::test_the_generator_survives_every_format",
        "TestMyNet::test_the_generator_survives_float16_and_levels",
    }
