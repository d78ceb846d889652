"""Plugins and specs as JSON: what ``ganx plugins`` prints, and what its ``--json`` promises."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ganx.config import Config
from ganx.errors import PluginError, unknown
from ganx.host import LoadedPlugin, PluginHost
from ganx.host.registry import Offer
from ganx_cli.state import AppState
from ganx_cli.work.own_settings import OWN_TABLES, describe_own


def describe_all(state: AppState) -> dict[str, Any]:
    """Describe every plugin and every problem (``ganx plugins list --json``)."""
    return {
        "plugins": [describe_plugin(state, plugin) for plugin in state.host.plugins],
        "left_out": list(state.host.left_out),
        "problems": [asdict(problem) for problem in state.problems],
    }


def describe_plugin(state: AppState, plugin: LoadedPlugin) -> dict[str, Any]:
    """Describe one plugin: its origin, its hooks, and the names that it provides."""
    provides = {
        kind: [name for name, offers in registry.offers.items() if _is_among(plugin, offers)]
        for kind, registry in state.host.registries.items()
    }
    added = state.plugin_commands.offers
    provides["commands"] = [name for name, offers in added.items() if _is_among(plugin, offers)]
    return {
        **asdict(plugin),
        "hooks": list(plugin.hooks),
        "provides": {name: specs for name, specs in provides.items() if specs},
    }


def _is_among(plugin: LoadedPlugin, offers: Iterable[Offer[Any]]) -> bool:
    """Tell whether one of the offers is a plugin's."""
    return plugin.origin in [offer.provider for offer in offers]


def describe_name(state: AppState, name: str) -> dict[str, Any]:
    """Describe whatever has this name: plugins, specs of any kind, and ganx's own settings.

    Raises ``PluginError`` when nothing has it.
    """
    plugins = [plugin for plugin in state.host.plugins if plugin.name == name]
    problems = [problem for problem in state.problems if problem.plugin == name]
    specs = [
        describe_spec(registry.kind, offer)
        for registry in state.host.registries.values()
        for offer in registry.offers.get(name, ())
    ]
    if name in OWN_TABLES:
        specs.append(describe_own(name, state.host))
    if not (plugins or specs or problems):
        raise PluginError(_nothing(state.host, name))
    return {
        "plugins": [describe_plugin(state, plugin) for plugin in plugins],
        "problems": [asdict(problem) for problem in problems],
        "specs": specs,
    }


def describe_spec(kind: str, offer: Offer[Any]) -> dict[str, Any]:
    """Describe one spec with every setting; recipes carry the settings that they make."""
    from ganx_cli.work.describe_fields import describe_fields

    spec = offer.spec
    config: type[Config] | None = getattr(spec, "config", None)
    found = {
        "kind": kind,
        "name": spec.name,
        "summary": spec.summary,
        "provider": asdict(offer.provider),
        "fields": describe_fields(config) if config else [],
    }
    for extra in ("recipe", "suffix", "settings"):
        if hasattr(spec, extra):
            found[extra] = getattr(spec, extra)
    return found


def _nothing(host: PluginHost, name: str) -> str:
    known = {plugin.name for plugin in host.plugins} | set(OWN_TABLES)
    known.update(*(registry.offers for registry in host.registries.values()))
    left_out = f" The plugin {name!r} is left out." if name in host.left_out else ""
    return f"{unknown('plugin, model, dataset or other part', name, known)}{left_out}"
