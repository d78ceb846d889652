"""Plugins and specs as JSON: what ``ganx plugins`` prints, and what its ``--json`` promises."""

from dataclasses import asdict
from typing import Any

from ganx.config import Config
from ganx.errors import PluginError, unknown
from ganx.host import LoadedPlugin, PluginHost
from ganx.host.registry import Registry
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
        name: [spec for spec in registry if registry.provider(spec).plugin == plugin.name]
        for name, registry in state.host.registries.items()
    }
    added = state.plugin_commands.providers
    provides["commands"] = [name for name, origin in added.items() if origin.plugin == plugin.name]
    return {
        **asdict(plugin),
        "hooks": list(plugin.hooks),
        "provides": {name: specs for name, specs in provides.items() if specs},
    }


def describe_name(state: AppState, name: str) -> dict[str, Any]:
    """Describe whatever has this name: a plugin, every spec of any kind, and ganx's own settings.

    Raises ``PluginError`` when nothing has it.
    """
    plugins = [plugin for plugin in state.host.plugins if plugin.name == name]
    problems = [problem for problem in state.problems if problem.plugin == name]
    registries = state.host.registries.values()
    specs = [describe_spec(registry, name) for registry in registries if name in registry]
    if name in OWN_TABLES:
        specs.append(describe_own(name, state.host))
    if not (plugins or specs or problems):
        raise PluginError(_nothing(state.host, name))
    return {
        "plugin": describe_plugin(state, plugins[0]) if plugins else None,
        "problems": [asdict(problem) for problem in problems],
        "specs": specs,
    }


def describe_spec(registry: Registry[Any], name: str) -> dict[str, Any]:
    """Describe one spec with every setting; recipes carry the settings that they make."""
    from ganx_cli.work.describe_fields import describe_fields

    spec = registry[name]
    config: type[Config] | None = getattr(spec, "config", None)
    found = {
        "kind": registry.kind,
        "name": name,
        "summary": spec.summary,
        "provider": asdict(registry.provider(name)),
        "fields": describe_fields(config) if config else [],
    }
    for extra in ("recipe", "suffix", "settings"):
        if hasattr(spec, extra):
            found[extra] = getattr(spec, extra)
    return found


def _nothing(host: PluginHost, name: str) -> str:
    known = {plugin.name for plugin in host.plugins} | set(OWN_TABLES)
    known.update(*host.registries.values())
    left_out = f" The plugin {name!r} is left out." if name in host.left_out else ""
    return f"{unknown('plugin, model, dataset or other part', name, known)}{left_out}"
