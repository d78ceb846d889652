"""Commands that plugins add through the hook ``ganx_commands``, each plugin by itself."""

from dataclasses import dataclass, field

import click
import pluggy

from ganx.host import PluginHost
from ganx.host.problems import PluginProblem, mend_or_block, problem, told
from ganx.host.registry import ProviderInfo
from ganx_cli.own_commands import COMMANDS


@dataclass
class PluginCommands:
    """The commands by name, where each is from, and what went wrong."""

    commands: dict[str, click.Command] = field(default_factory=dict)
    providers: dict[str, ProviderInfo] = field(default_factory=dict)
    problems: tuple[PluginProblem, ...] = ()


def collect_commands(host: PluginHost) -> PluginCommands:
    """Ask every plugin for its commands, in the order in which the plugins were loaded."""
    implementations = {impl.plugin_name: impl for impl in host.hook.ganx_commands.get_hookimpls()}
    found = PluginCommands()
    for plugin in host.plugins:
        if plugin.name in implementations:
            origin = ProviderInfo(plugin.name, plugin.distribution, plugin.version)
            _ask(implementations[plugin.name], origin, found)
    return found


def _ask(implementation: pluggy.HookImpl, origin: ProviderInfo, found: PluginCommands) -> None:
    """Let one plugin add its commands to a group of its own, then take them over."""
    group = click.Group("ganx")
    try:
        implementation.function(*[group for _ in implementation.argnames])
    except (Exception, SystemExit) as error:  # noqa: BLE001 - isolation: a stranger's hook may raise anything
        what = f"fails in 'ganx_commands' with {told(error)}"
        found.problems += (problem(origin, what, mend_or_block(origin)),)
    for name, command in group.commands.items():
        _take(name, command, origin, found)


def _take(name: str, command: click.Command, origin: ProviderInfo, found: PluginCommands) -> None:
    """Take a command over unless its name is taken."""
    first = "ganx itself" if name in COMMANDS else found.providers.get(name)
    if first is None:
        found.commands[name] = command
        found.providers[name] = origin
        return
    what = f"adds the command {name!r}, a name that {first} has already; it is not used"
    remedy = (
        f"Ask its author for another name, or leave it out (`ganx --block {origin.plugin} ...`)."
    )
    found.problems += (problem(origin, what, remedy),)
