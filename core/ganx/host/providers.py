"""Asking provider hooks for specs, one implementation at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pluggy

from ganx.config import Config
from ganx.contracts.specs import (
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
from ganx.host.problems import PluginProblem, mend_or_block, or_block, problem, told
from ganx.host.registry import ProviderInfo

PROVIDES: Mapping[str, Mapping[type, str]] = {
    "ganx_models": {ModelSpec: "models"},
    "ganx_losses": {LossSpec: "losses"},
    "ganx_datasets": {DatasetSpec: "datasets"},
    "ganx_optimizers": {OptimizerSpec: "optimizers"},
    "ganx_schedules": {ScheduleSpec: "schedules", UpdatePlanSpec: "plans"},
    "ganx_evaluators": {EvaluatorSpec: "evaluators"},
    "ganx_exporters": {ExporterSpec: "exporters"},
    "ganx_recipes": {RecipeSpec: "recipes"},
}
"""Each provider hook, what it may yield, and the registry that takes it."""

_FUNCTIONS = ("build", "open", "unseen", "suited", "evaluate", "hindrance", "export", "load")
"""Fields of specs that are called."""

KINDS: Mapping[str, str] = {
    "models": "model",
    "losses": "loss",
    "datasets": "dataset",
    "optimizers": "optimizer",
    "schedules": "schedule",
    "plans": "update plan",
    "evaluators": "evaluator",
    "exporters": "export format",
    "recipes": "recipe",
}
"""Each registry, and the word for one of its entries."""


@dataclass
class Collection:
    """The specs of one registry as they come in, the first of each name."""

    kind: str
    specs: dict[str, Any] = field(default_factory=dict)
    providers: dict[str, ProviderInfo] = field(default_factory=dict)


def collect(
    manager: pluggy.PluginManager,
    origins: Mapping[str, ProviderInfo],
    problems: list[PluginProblem],
) -> dict[str, Collection]:
    """Call every provider in the order of ``origins`` and sort what they yield by registry."""
    collections = {name: Collection(kind) for name, kind in KINDS.items()}
    for hook, accepted in PROVIDES.items():
        implementations = {impl.plugin_name: impl for impl in _implementations(manager, hook)}
        for plugin, origin in origins.items():
            if plugin in implementations:
                for spec in _specs(implementations[plugin], hook, origin, problems):
                    target = collections[accepted[type(spec)]]
                    _add(target, spec, origin, problems)
    return collections


def _implementations(manager: pluggy.PluginManager, hook: str) -> list[pluggy.HookImpl]:
    """List the implementations of a hook."""
    caller: pluggy.HookCaller = getattr(manager.hook, hook)
    return caller.get_hookimpls()


def _specs(
    implementation: pluggy.HookImpl,
    hook: str,
    origin: ProviderInfo,
    problems: list[PluginProblem],
) -> Iterator[Any]:
    """Yield the valid specs of one provider, recording what is wrong with the others."""
    accepted = tuple(PROVIDES[hook])
    wanted = " or ".join(one.__name__ for one in accepted)
    remedy = f"Write `yield {accepted[0].__name__}(...)` in {hook}, {or_block(origin)}."
    for item in _items(implementation, hook, origin, problems):
        fault = _fault(item) if type(item) in accepted else f"is no {wanted}"
        if fault:
            what = f"yields {_shown(item)} from {hook!r}, which {fault}; it is not used"
            problems.append(problem(origin, what, remedy))
        else:
            yield item


def _items(
    implementation: pluggy.HookImpl,
    hook: str,
    origin: ProviderInfo,
    problems: list[PluginProblem],
) -> Iterator[object]:
    """Yield whatever a provider yields, until it raises."""
    try:
        result: object = implementation.function()
        if not isinstance(result, Iterable) or isinstance(result, (str, bytes, Mapping)):
            what = f"returns {_shown(result)} from {hook!r} instead of yielding specs"
            problems.append(problem(origin, what, f"Use `yield` in {hook}, {or_block(origin)}."))
            return
        yield from result
    except Exception as error:  # noqa: BLE001 - isolation: a stranger's hook may raise anything
        what = f"fails in {hook!r} with {told(error)}; what it had not yielded yet is missing"
        problems.append(problem(origin, what, mend_or_block(origin)))


def _fault(spec: Any) -> str:
    """Say what is wrong with the fields of a spec, or nothing."""
    if not isinstance(spec.name, str) or not spec.name or set(spec.name) & set(" \t\n,"):
        return "needs a name without spaces and commas"
    config = getattr(spec, "config", Config)
    if not (isinstance(config, type) and issubclass(config, Config)):
        return "needs a subclass of ganx.config.Config as its config"
    if isinstance(spec, OptimizerSpec) and "learning_rate" not in spec.config.model_fields:
        return "needs a setting 'learning_rate' in its config"
    for attribute in _FUNCTIONS:
        if not callable(getattr(spec, attribute, print)):
            return f"needs a function as its {attribute!r}"
    if not isinstance(getattr(spec, "settings", {}), Mapping):
        return "needs a mapping as its settings"
    return ""


def _add(
    target: Collection, spec: Any, origin: ProviderInfo, problems: list[PluginProblem]
) -> None:
    """Register a spec unless its name is taken."""
    first = target.providers.get(spec.name)
    if first is None:
        target.specs[spec.name] = spec
        target.providers[spec.name] = origin
        return
    what = (
        f"provides the {target.kind} {spec.name!r}, a name that {first} has already; "
        f"the one of {first.plugin!r} is used"
    )
    remedy = f"Rename one of the two, or leave one out (`ganx --block {origin.plugin} ...`)."
    problems.append(problem(origin, what, remedy))


def _shown(value: object) -> str:
    """Show a value in few words."""
    if value is None:
        return "nothing"
    name = getattr(value, "name", None)
    kind = type(value).__name__
    return f"the {kind} {name!r}" if isinstance(name, str) else f"a value of type {kind!r}"
