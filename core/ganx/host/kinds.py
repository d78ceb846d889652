"""The kinds of specs, a row for each: its class, the hook that yields it, and the word for it."""

from typing import Any, Generic, Self, TypeVar, overload

from ganx.contracts.specs import (
    AugmentationSpec,
    DatasetSpec,
    EvaluatorSpec,
    ExporterSpec,
    LossSpec,
    ModelSpec,
    OptimizerSpec,
    RecipeSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)
from ganx.host.registry import Registry

S = TypeVar("S")


class Kind(Generic[S]):
    """One kind of spec. As an attribute of a host it is the registry of that kind."""

    registry: str
    """The name of the registry, which is that of the attribute."""

    def __init__(self, spec: type[S], hook: str, word: str) -> None:
        self.spec = spec
        self.hook = hook
        self.word = word
        """What people call one of these."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the attribute's name."""
        self.registry = name

    @overload
    def __get__(self, host: None, owner: type) -> Self: ...
    @overload
    def __get__(self, host: Any, owner: type) -> Registry[S]: ...
    def __get__(self, host: Any, owner: type) -> Any:
        """Return the host's registry; the kind itself where there is no host."""
        return self if host is None else host.registries[self.registry]


class Provided:
    """What plugins provide. A new kind of spec is its class, its hook, and a row here."""

    models = Kind(ModelSpec, "ganx_models", "model")
    losses = Kind(LossSpec, "ganx_losses", "loss")
    datasets = Kind(DatasetSpec, "ganx_datasets", "dataset")
    optimizers = Kind(OptimizerSpec, "ganx_optimizers", "optimizer")
    augmentations = Kind(AugmentationSpec, "ganx_augmentations", "augmentation")
    schedules = Kind(ScheduleSpec, "ganx_schedules", "schedule")
    plans = Kind(UpdatePlanSpec, "ganx_schedules", "update plan")
    evaluators = Kind(EvaluatorSpec, "ganx_evaluators", "evaluator")
    exporters = Kind(ExporterSpec, "ganx_exporters", "export format")
    recipes = Kind(RecipeSpec, "ganx_recipes", "recipe")


KINDS: tuple[Kind[Any], ...] = tuple(
    kind for kind in vars(Provided).values() if isinstance(kind, Kind)
)
"""All rows, in their order."""
