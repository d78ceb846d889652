"""The complete, validated configuration of a run, and how it is put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ganx.config import Config, validated
from ganx.contracts.specs import (
    AugmentationSpec,
    DatasetSpec,
    LossSpec,
    ModelSpec,
    OptimizerSpec,
    RecipeSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)
from ganx.errors import ConfigError, nearest
from ganx.remedies import Remedy
from ganx.settings.augmentations import chosen_augmentations
from ganx.settings.loss import LossConfig, chosen_terms
from ganx.settings.merging import Settings, merge, not_a_table
from ganx.settings.tables import DrawingConfig, EmaConfig, EvaluateConfig, TrainConfig

SECTIONS = ("recipe", "model", "dataset", "loss", "plan", "optimizer", "ema", "train", "evaluate")


class Registries(Protocol):
    """The kinds of ``ganx.host.kinds`` that a configuration names, and is checked against.

    ``ganx.host.PluginHost`` is one; plain mappings do as well.
    """

    @property
    def models(self) -> Mapping[str, ModelSpec]:
        """Architectures by name."""

    @property
    def datasets(self) -> Mapping[str, DatasetSpec]:
        """Data sets by name."""

    @property
    def losses(self) -> Mapping[str, LossSpec]:
        """Loss terms by name."""

    @property
    def augmentations(self) -> Mapping[str, AugmentationSpec]:
        """Augmentations by name."""

    @property
    def optimizers(self) -> Mapping[str, OptimizerSpec]:
        """Optimizers by name."""

    @property
    def schedules(self) -> Mapping[str, ScheduleSpec]:
        """Schedules of learning rates and weights by name."""

    @property
    def plans(self) -> Mapping[str, UpdatePlanSpec]:
        """Update plans by name."""

    @property
    def recipes(self) -> Mapping[str, RecipeSpec]:
        """Recipes by name."""


@dataclass(frozen=True)
class Chosen:
    """A plugin part by name, with its validated settings."""

    name: str
    config: Config

    def to_settings(self) -> Settings:
        """Write the part as a table of settings."""
        return {"name": self.name, **_plain(self.config)}


@dataclass(frozen=True)
class OptimizerChoice:
    """One owner's optimizer and its learning-rate schedule."""

    name: str
    settings: Config
    schedule: Chosen

    def to_settings(self) -> Settings:
        """Write the optimizer as a table of settings."""
        schedule = self.schedule.to_settings()
        return {"name": self.name, **_plain(self.settings), "schedule": schedule}


@dataclass(frozen=True)
class RunConfig:
    """Everything that decides a run."""

    recipe: str
    model: Chosen
    dataset: Chosen
    loss: LossConfig
    plan: Chosen
    optimizer: Mapping[str, OptimizerChoice]
    ema: EmaConfig
    train: TrainConfig
    evaluate: EvaluateConfig
    drawing: DrawingConfig = field(default_factory=DrawingConfig)

    def to_settings(self) -> Settings:
        """Write nested settings in the form of ``config.toml``."""
        optimizers = {owner: choice.to_settings() for owner, choice in self.optimizer.items()}
        # Left out where it changes nothing: a run without it is the same as one of before.
        drawing = self.drawing.model_dump(exclude_defaults=True)
        return {
            "recipe": self.recipe,
            "model": self.model.to_settings(),
            "dataset": self.dataset.to_settings() | drawing,
            "loss": _plain(self.loss),
            "plan": self.plan.to_settings(),
            "optimizer": optimizers,
            "ema": _plain(self.ema),
            "train": _plain(self.train),
            "evaluate": _plain(self.evaluate),
        }


def resolve(registries: Registries, given: Mapping[str, Any]) -> RunConfig:
    """Validate settings laid over their recipe's.

    ``given`` names a recipe, or a model whose default recipe is taken. Raises ``ConfigError`` for
    settings that are unknown or wrong, and ``PluginError`` for names that nobody provides.
    """
    _check_sections(given)
    recipe = _recipe_of(registries, given)
    settings = merge(registries.recipes[recipe].settings, given)
    train = validated(TrainConfig, _table(settings, "train"), "train")
    if train.batch_size % train.accumulate:
        raise ConfigError(
            f"train.batch_size {train.batch_size} cannot be split into "
            f"train.accumulate {train.accumulate} equal parts."
        )
    if train.freeze and not train.init_from:
        raise ConfigError(
            "train.freeze holds D's first layers at the weights that a run starts from, but "
            "train.init_from names none. Name a run there, or leave train.freeze at 0."
        )
    chosen_augmentations(train.diff_augment, train.augmentations, registries.augmentations)
    loss = _loss(registries, _table(settings, "loss"), train.images)
    data, drawing = _divided(_table(settings, "dataset"))
    return RunConfig(
        recipe=recipe,
        model=_choose(registries.models, settings, "model"),
        dataset=_choose(registries.datasets, {"dataset": data}, "dataset"),
        loss=loss,
        plan=_choose(registries.plans, {"plan": {"name": "joint"}} | settings, "plan"),
        optimizer=_optimizers(registries, settings, given, train.images),
        ema=validated(EmaConfig, _table(settings, "ema"), "ema"),
        train=train,
        evaluate=validated(EvaluateConfig, _table(settings, "evaluate"), "evaluate"),
        drawing=validated(DrawingConfig, drawing, "dataset"),
    )


def _check_sections(given: Mapping[str, Any]) -> None:
    for key in given:
        if key not in SECTIONS:
            known = ", ".join(SECTIONS)
            raise ConfigError(f"Unknown setting {key!r}.{nearest(key, SECTIONS)} Known: {known}.")


def _table(settings: Mapping[str, Any], key: str) -> Settings:
    table = settings.get(key, {})
    if not isinstance(table, Mapping):
        raise not_a_table(key, table)
    return dict(table)


def _recipe_of(registries: Registries, given: Mapping[str, Any]) -> str:
    model = _table(given, "model").get("name")
    if model and model in registries.recipes and model not in registries.models:
        raise ConfigError(
            f"{model!r} is a recipe, not a model.",
            remedy=Remedy("name-the-recipe", "Name it as the recipe.", {"recipe": model}),
        )
    # Asked for first: where a plugin is missing, its model says so better than its recipe.
    spec = None if model is None else registries.models[model]
    if "recipe" in given:
        return _known_recipe(registries, str(given["recipe"]))
    if spec is None:
        raise ConfigError(
            f"No model is named. Models: {', '.join(registries.models)}. "
            f"Recipes: {', '.join(registries.recipes)}.",
            remedy=Remedy("name-a-model", "Name a model (model.name) or a recipe (recipe)."),
        )
    without = _table(given, "dataset").get("labels") is False
    return (without and spec.unlabelled_recipe) or spec.recipe


def _known_recipe(registries: Registries, name: str) -> str:
    """Return a recipe's name, unless it is a model's."""
    if name in registries.models and name not in registries.recipes:
        raise ConfigError(
            f"{name!r} is a model, not a recipe.",
            remedy=Remedy("name-the-model", "Name it in model.name.", {"model": name}),
        )
    return name


def _choose(registry: Mapping[str, Any], settings: Mapping[str, Any], key: str) -> Chosen:
    """Validate a table that names a plugin part."""
    table = _table(settings, key)
    if "name" not in table:
        known = ", ".join(registry)
        raise ConfigError(f"No {key} is named. Available: {known}.", remedy=_naming(key))
    name = table.pop("name")
    return Chosen(name, validated(registry[name].config, table, key))


def _divided(table: Settings) -> tuple[Settings, Settings]:
    """Divide the table ``dataset`` into what is the data set's and what is the engine's."""
    own = {key: value for key, value in table.items() if key in DrawingConfig.model_fields}
    return {key: value for key, value in table.items() if key not in own}, own


def _naming(key: str) -> Remedy:
    """Say how a part is named."""
    words = f"Name one in {key}.name."
    if key == "dataset":
        return Remedy("name-a-dataset", words)
    return Remedy("name-a-part", words, {"key": key})


def _loss(registries: Registries, table: Settings, images: int) -> LossConfig:
    """Validate the loss, its terms, and the schedules that their weights follow."""
    loss = validated(LossConfig, table, "loss")
    chosen_terms(loss, registries.losses)
    tables = {f"loss.weights.{term}": schedule for term, schedule in loss.weights.items()}
    chosen = [_schedule(registries, tables, where, images) for where in tables]
    written = [schedule.to_settings() for schedule in chosen]
    return loss.model_copy(update={"weights": dict(zip(loss.weights, written, strict=True))})


def _schedule(registries: Registries, settings: Mapping[str, Any], key: str, images: int) -> Chosen:
    """Validate a table that names a schedule; one without a horizon gets the run's length.

    A run that ends within its warm-up, such as a first try of a recipe, has the decay after it.
    """
    table: Settings = {"name": "constant"} | _table(settings, key)
    fields = registries.schedules[table["name"]].config.model_fields
    if "horizon" in fields and not table.get("horizon"):
        before = (table.get(name, 0) for name in ("start", "warmup"))
        table["horizon"] = max(images, 1 + sum(one for one in before if isinstance(one, int)))
    return _choose(registries.schedules, {key: table}, key)


def check_owners(tables: Mapping[str, Any]) -> None:
    """Raise ``ConfigError`` for a setting of all optimizers at once, as each owner has its own."""
    for key, table in tables.items():
        if not isinstance(table, Mapping):
            owners = [name for name, one in tables.items() if isinstance(one, Mapping)]
            raise ConfigError(
                f"There is no setting optimizer.{key}, as each network has its own optimizer. "
                f"Set {', '.join(f'optimizer.{owner}.{key}' for owner in owners)}."
            )


def _optimizers(
    registries: Registries, settings: Mapping[str, Any], given: Mapping[str, Any], images: int
) -> dict[str, OptimizerChoice]:
    """Validate the optimizer of each owner that is named, and of G and D in any case."""
    tables: Settings = {"generator": {}, "discriminator": {}} | _table(settings, "optimizer")
    asked = _table(given, "optimizer")
    check_owners(tables)
    return {
        owner: _optimizer(registries, _table(tables, owner), _table(asked, owner), owner, images)
        for owner in tables
    }


def _optimizer(
    registries: Registries, table: Settings, asked: Settings, owner: str, images: int
) -> OptimizerChoice:
    """Validate one optimizer; one that was asked for keeps what it has of a recipe's settings."""
    where = f"optimizer.{owner}"
    key = f"{where}.schedule"
    schedule = _schedule(registries, {key: table.pop("schedule", {})}, key, images)
    name = table.pop("name", "adam")
    config = registries.optimizers[name].config
    if "name" in asked:
        known = {*config.model_fields, *asked}
        table = {setting: value for setting, value in table.items() if setting in known}
    return OptimizerChoice(name, validated(config, table, where), schedule)


def _plain(config: Config) -> Settings:
    """Dump a configuration to what TOML can hold; absent values are left out."""
    return config.model_dump(mode="json", exclude_none=True)
