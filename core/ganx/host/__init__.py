"""The plugin host: finds installed plugins, isolates the broken ones, offers what they provide.

Loading imports neither torch nor numpy unless a plugin's entry module does.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pluggy

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
from ganx.host.discovery import (
    Candidate,
    chosen,
    find_candidates,
    unknown_names,
    without_duplicates,
)
from ganx.host.loading import LoadedPlugin, Manager
from ganx.host.observers import Observers
from ganx.host.problems import PluginProblem, refuse
from ganx.host.providers import Collection, collect
from ganx.host.registry import Registry

__all__ = ["LoadedPlugin", "PluginHost", "PluginProblem", "default_host", "load_plugins"]


@dataclass(frozen=True)
class PluginHost:
    """What the installed plugins provide, and what is wrong with them."""

    models: Registry[ModelSpec]
    losses: Registry[LossSpec]
    datasets: Registry[DatasetSpec]
    optimizers: Registry[OptimizerSpec]
    schedules: Registry[ScheduleSpec]
    plans: Registry[UpdatePlanSpec]
    evaluators: Registry[EvaluatorSpec]
    exporters: Registry[ExporterSpec]
    recipes: Registry[RecipeSpec]
    plugins: tuple[LoadedPlugin, ...]
    """The plugins that take part, in the order in which they were loaded."""

    left_out: tuple[str, ...]
    """Installed plugins that the allow-list or a block left out."""

    problems: tuple[PluginProblem, ...]
    strict: bool
    """Whether problems are errors; what asks the plugins later keeps to it."""

    manager: pluggy.PluginManager
    observers: Observers

    @property
    def hook(self) -> pluggy.HookRelay:
        """Pluggy's relay, for hooks that are neither providers nor observers."""
        return self.manager.hook

    @property
    def registries(self) -> dict[str, Registry[Any]]:
        """The registries by name: ``models``, ``losses`` and so on."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in fields.items() if isinstance(value, Registry)}

    def notify(self, hook_name: str, event: object) -> None:
        """Tell the observers of ``hook_name`` about an event of ``ganx.contracts.events``.

        An observer that raises is reported once, by the logger ``ganx``, and left out for the
        rest of the run. What observers do to global random state is undone.
        """
        self.observers.notify(hook_name, event)


def load_plugins(
    allow: Sequence[str] | None = None, block: Sequence[str] = (), strict: bool = False
) -> PluginHost:
    """Load the installed plugins one by one.

    ``allow`` lists the entry points to load besides ganx's own (None: all); ``block`` lists those
    to leave out. With ``strict``, raises ``PluginError`` that lists every problem; otherwise they
    are in ``PluginHost.problems`` and everything that works is offered.
    """
    problems: list[PluginProblem] = []
    installed = without_duplicates(find_candidates(problems), problems)
    problems += unknown_names(allow or (), installed, "GANX_PLUGINS")
    problems += unknown_names(block, installed, "--block")
    wanted = [one for one in chosen(installed, allow) if one.origin.plugin not in block]
    host = _host(wanted, _names_left_out(installed, wanted), problems, strict)
    if strict:
        refuse(host.problems)
    return host


def default_host(block: Sequence[str] = (), strict: bool = False) -> PluginHost:
    """Load the plugins as the environment says, once for the same settings in a process.

    ``GANX_PLUGINS=a,b`` is the allow-list (unset or empty: all); ``GANX_STRICT_PLUGINS=1`` turns
    strict mode on. Raises ``PluginError`` in strict mode.
    """
    names = os.environ.get("GANX_PLUGINS", "").split(",")
    allow = tuple(name.strip() for name in names if name.strip())
    demanded = os.environ.get("GANX_STRICT_PLUGINS", "").lower() not in {"", "0", "false", "no"}
    return _cached_host(allow or None, tuple(block), strict or demanded)


@cache
def _cached_host(allow: tuple[str, ...] | None, block: tuple[str, ...], strict: bool) -> PluginHost:
    """Load once per settings."""
    return load_plugins(allow, block, strict=strict)


def _host(
    wanted: Sequence[Candidate],
    left_out: tuple[str, ...],
    problems: list[PluginProblem],
    strict: bool,
) -> PluginHost:
    """Load the wanted plugins and ask them for what they provide."""
    manager = Manager(problems)
    loaded = [manager.add(candidate) for candidate in wanted]
    collections = collect(manager, manager.origins, problems)
    hints = _Hints(tuple(problems), left_out)
    registries: Mapping[str, Any] = {
        name: _registry(collection, hints) for name, collection in collections.items()
    }
    return PluginHost(
        **registries,
        plugins=tuple(plugin for plugin in loaded if plugin is not None),
        left_out=left_out,
        problems=tuple(problems),
        strict=strict,
        manager=manager,
        observers=Observers(manager.hook),
    )


@dataclass(frozen=True)
class _Hints:
    """Tells what is known about a name that no plugin provides."""

    problems: tuple[PluginProblem, ...]
    left_out: tuple[str, ...]

    def __call__(self, name: str) -> str:
        """Say that the plugin of that name failed to load, or that it was left out."""
        about = [
            problem
            for problem in self.problems
            if name in {problem.plugin, problem.distribution.removeprefix("ganx-")}
        ]
        if about:
            return f"The {about[0]}"
        if name in self.left_out:
            return f"The plugin {name!r} is installed, but --block or GANX_PLUGINS leaves it out."
        return ""


def _registry(collection: Collection, hints: _Hints) -> Registry[Any]:
    """Close a collection."""
    return Registry(collection.kind, collection.specs, collection.providers, hints)


def _names_left_out(installed: Sequence[Candidate], wanted: Sequence[Candidate]) -> tuple[str, ...]:
    """Name the installed plugins that are not wanted."""
    kept = {one.origin.plugin for one in wanted}
    return tuple(one.origin.plugin for one in installed if one.origin.plugin not in kept)
