"""Each contract of ganx.testing refuses a part that breaks it, and takes one that does not."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch
from torch import Tensor

from ganx.condition import Condition, Group
from ganx.config import Config
from ganx.dataset import Dataset
from ganx.errors import ConfigError
from ganx.interface import Interface
from ganx.losses.term import LossTerm, StepBatch
from ganx.plan import Phase, UpdatePlan
from ganx.specs import (
    DatasetSpec,
    LossSpec,
    ModelSpec,
    RecipeSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)
from ganx.testing import (
    DatasetContract,
    LossContract,
    ModelContract,
    PlanContract,
    RecipeContract,
    ScheduleContract,
    SettingsContract,
)
from ganx.testing.interfaces import LABELS

FORM = Interface(8, 3, LABELS)


def refused(contract: Any, test: str, sentence: str, *arguments: Any) -> None:
    with pytest.raises(AssertionError, match=sentence):
        getattr(contract, test)(*arguments)


class Squares(tiny.ColourSquares):
    """A sound source of images, whose methods the tests below replace."""

    parallel = True

    def fingerprint(self) -> str:
        return f"{len(self):016x}" * 4


def dataset(size: int = 12, **changes: Any) -> DatasetContract:
    contract = DatasetContract()

    def open_(config: tiny.TinyDatasetConfig) -> Dataset:
        made = tiny.open_tiny(config)
        fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
        return Dataset(**{**fields, "images": Squares(config.size), **changes})

    contract.spec = DatasetSpec("squares", "For tests", tiny.TinyDatasetConfig, open_)
    contract.config = {"size": size}
    contract.variants = ({"size": 13},)
    return contract


def replace(monkeypatch: pytest.MonkeyPatch, name: str, method: Any) -> None:
    monkeypatch.setattr(Squares, name, method)


def test_a_sound_data_set_keeps_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = dataset()
    tests = [name for name in dir(contract) if name.startswith("test_") and "opening" not in name]
    for name in tests:
        getattr(contract, name)()
    contract.test_opening_reads_no_pixel(monkeypatch)


ONE_HOT = np.eye(3, dtype=np.uint8)[np.arange(12) % 3]


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        (ONE_HOT[:, :2], r"\(12, 2\), not \(12, 3\)"),
        (ONE_HOT[:11], r"\(11, 3\)"),
        (ONE_HOT.astype(np.float32), "float32, not uint8"),
        (ONE_HOT * 2, "other than 0 and 1"),
        (np.ones_like(ONE_HOT), "exactly one value of 'colour'"),
        (np.zeros_like(ONE_HOT), "exactly one value of 'colour'"),
    ],
)
def test_conditions_that_do_not_fit_are_refused(conditions: Any, sentence: str) -> None:
    contract = dataset(conditions=conditions)
    refused(contract, "test_conditions_are_what_the_vocabulary_allows", sentence)


@pytest.mark.parametrize(
    ("changes", "test", "sentence"),
    [
        ({"prompts": {"test": ()}}, "test_prompts_can_be_read", "is empty"),
        ({"splits": {"train": slice(50, 60)}}, "test_splits_are_ranges_of_images", "is empty"),
        ({"splits": {"train": slice(0, 9, 2)}}, "test_splits_are_ranges_of_images", "leaves"),
        ({"augmentation": "spin"}, "test_declarations_are_valid", "'spin' is not of"),
        (
            {"interface": Interface(8, 1, Condition("classes", (Group("colour", tiny.COLOURS),)))},
            "test_images_have_the_declared_form",
            "An image is",
        ),
    ],
)
def test_declarations_that_do_not_hold_are_refused(changes: Any, test: str, sentence: str) -> None:
    refused(dataset(**changes), test, sentence)


def test_a_source_whose_pixels_depend_on_the_block_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = tiny.ColourSquares.read

    def shifted(self: Squares, start: int, stop: int, device: str) -> Tensor:
        return whole(self, start, stop, device) + (stop - start)

    replace(monkeypatch, "read", shifted)
    test = "test_an_image_does_not_depend_on_the_block_it_is_read_in"
    refused(dataset(), test, "depend on the block")


def test_a_parallel_source_that_is_not_safe_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tiny.ColourSquares.read
    replace(
        monkeypatch,
        "read",
        lambda self, start, stop, device: whole(self, 0, stop - start, device),
    )
    refused(dataset(), "test_blocks_can_be_read_side_by_side", "side by side get other pixels")


def test_a_fingerprint_that_changes_by_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = iter(range(100))
    replace(monkeypatch, "fingerprint", lambda _self: f"{next(counter):064x}")
    test = "test_the_fingerprint_stays_while_nothing_changes"
    refused(dataset(), test, "changes from call to call")


def test_a_fingerprint_that_never_changes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, "fingerprint", lambda _self: "0" * 64)
    refused(dataset(), "test_the_fingerprint_changes_with_the_pixels", "share a fingerprint")


def test_a_fingerprint_that_reads_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, "fingerprint", lambda self: str(self.read(0, 1, "cpu").sum().item()))
    refused(dataset(), "test_opening_reads_no_pixel", "reads pixels", monkeypatch)


class Nothing(LossTerm):
    """Has no part."""


class Scoring(LossTerm):
    def generator(self, batch: StepBatch) -> Tensor:
        return -batch.critiques["fake"].score.mean()


class OfTheImages(LossTerm):
    def real(self, batch: StepBatch) -> Tensor:
        return batch.real.mean()


class Detached(LossTerm):
    def generator(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.detach().mean()


class Blind(LossTerm):
    def generator(self, batch: StepBatch) -> Tensor:
        return 0 * batch.critiques["fake"].score.mean()


class EachImage(LossTerm):
    def fake(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score


class Exploding(LossTerm):
    def fake(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.mean() / 0


class Rolling(LossTerm):
    def fake(self, batch: StepBatch) -> Tensor:
        return batch.critiques["fake"].score.mean() * torch.rand(())


class WildDraws(Scoring):
    def draws(self, count: int, rng: np.random.Generator) -> dict[str, Any]:
        del rng
        return {"mix": np.random.default_rng().random(count, dtype=np.float32)}


class WideDraws(Scoring):
    def draws(self, count: int, rng: np.random.Generator) -> dict[str, Any]:
        return {"mix": rng.random((1, count), dtype=np.float32)}


def loss(term: type[LossTerm]) -> LossContract:
    contract = LossContract()
    contract.spec = LossSpec("term", "For tests", lambda _context, _config: term())
    return contract


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        (OfTheImages, "no gradient in the discriminator"),
        (Detached, "no gradient in the generator"),
        (Blind, "no gradient in the generator"),
        (EachImage, "not a scalar"),
        (Exploding, "'fake' is -?(inf|nan)"),
    ],
)
def test_a_part_that_does_not_teach_its_owner_is_refused(
    term: type[LossTerm], sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        loss(term).test_every_part_teaches_its_owner(term(), FORM, "float32")


@pytest.mark.parametrize(
    ("term", "test", "sentence"),
    [
        (Nothing, "test_it_has_a_part", "defines none of real, fake"),
        (WildDraws, "test_draws_are_decided_by_their_generator", "ignores its generator"),
        (WideDraws, "test_draws_are_decided_by_their_generator", r"not \[B, ...\]"),
    ],
)
def test_a_term_that_breaks_the_contract_is_refused(
    term: type[LossTerm], test: str, sentence: str
) -> None:
    refused(loss(term), test, sentence, term())


def test_a_term_that_draws_inside_the_step_is_refused() -> None:
    test = "test_equal_inputs_give_equal_losses"
    refused(loss(Rolling), test, "changes from call to call", Rolling(), FORM)


def test_a_sound_term_keeps_the_contract() -> None:
    loss(Scoring).test_every_part_teaches_its_owner(Scoring(), FORM, "bfloat16")


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
from ganx.interface import Interface
from ganx.plan import UpdatePlan
from ganx.specs import ModelSpec, NoSettings, UpdatePlanSpec
from ganx.testing import ModelContract, PlanContract
from ganx.testing.interfaces import CONDITIONS
from ganx.testing.stand_in import stand_in


class TestMyNet(ModelContract):
    spec = ModelSpec("mynet", "Mine", NoSettings, lambda form, config: stand_in(form, {}), "none")
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
    assert contract - mine == {"TestMyNet::test_the_generator_survives_every_format"}
