"""The plugin host: finds installed plugins, isolates the broken ones, offers what they provide.

Loading imports neither torch nor numpy unless a plugin's entry module does.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import pluggy

from ganx.host.discovery import (
    Candidate,
    chosen,
    find_candidates,
    shown_names,
    unknown_names,
    without_duplicates,
)
from ganx.host.kinds import KINDS, Provided
from ganx.host.loading import LoadedPlugin, Manager
from ganx.host.observers import Observers
from ganx.host.problems import PluginProblem, refuse
from ganx.host.providers import collect
from ganx.host.registry import ProviderInfo, Registry

__all__ = ["LoadedPlugin", "PluginHost", "PluginProblem", "default_host", "load_plugins"]


@dataclass(frozen=True)
class PluginHost(Provided):
    """What the installed plugins provide, and what is wrong with them."""

    registries: Mapping[str, Registry[Any]]
    """By name, such as ``models``, by which they are attributes too."""

    plugins: tuple[LoadedPlugin, ...]
    """The plugins that take part, in the order in which they were loaded."""

    left_out: tuple[str, ...]
    """Installed plugins that the allow-list or a block left out.

    A name that several installed plugins have is followed by its distribution.
    """

    problems: tuple[PluginProblem, ...]
    strict: bool
    """Whether problems are errors; what asks the plugins later keeps to it."""

    manager: pluggy.PluginManager
    observers: Observers

    @property
    def hook(self) -> pluggy.HookRelay:
        """Pluggy's relay, for hooks that are neither providers nor observers."""
        return self.manager.hook

    def decided(
        self, decide: Callable[[str, str, Sequence[ProviderInfo]], ProviderInfo | None]
    ) -> "PluginHost":
        """Return a host in which ``decide`` chose who provides ambiguous names.

        It is called as ``decide(registry, name, providers)``; None leaves a name ambiguous.
        """
        settled = {
            name: registry.decided(partial(decide, name))
            for name, registry in self.registries.items()
        }
        return replace(self, registries=settled)

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

    ``allow`` lists what to load besides ganx's own (None: everything), and ``block`` what to leave
    out, by the names of entry points or of their distributions. With ``strict``, raises
    ``PluginError`` that lists every problem; otherwise they are in ``PluginHost.problems`` and
    everything that works is offered.
    """
    problems: list[PluginProblem] = []
    installed = without_duplicates(find_candidates(problems))
    problems += unknown_names(allow or (), installed, "GANX_PLUGINS")
    problems += unknown_names(block, installed, "--block")
    wanted = chosen(installed, allow, block)
    rest = [one for one in installed if one not in wanted]
    host = _host(wanted, shown_names(rest, installed), problems, strict)
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
    offers = collect(manager, manager.origins, problems)
    hints = _Hints(tuple(problems), left_out)
    return PluginHost(
        registries={
            kind.registry: Registry(kind.word, offers[kind.registry], hints) for kind in KINDS
        },
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
