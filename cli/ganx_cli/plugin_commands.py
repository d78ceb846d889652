"""Commands that plugins add through the hook ``ganx_commands``, each plugin by itself."""

from dataclasses import dataclass, field

import click
import pluggy

from ganx.errors import PluginError
from ganx.host import PluginHost
from ganx.host.faults import contained, told
from ganx.host.problems import PluginProblem, mend_or_block, or_block, problem
from ganx.host.registry import Offer, ProviderInfo, ambiguous, ways_out
from ganx_cli.own_commands import COMMANDS


@dataclass
class PluginCommands:
    """What plugins offer as commands, by name, and what went wrong."""

    offers: dict[str, list[Offer[click.Command]]] = field(default_factory=dict)
    problems: tuple[PluginProblem, ...] = ()

    @property
    def commands(self) -> dict[str, click.Command]:
        """The command of each name; one that refuses to run where several plugins add it."""
        return {
            name: offers[0].spec if len(offers) == 1 else _refusing(name, _providers(offers))
            for name, offers in self.offers.items()
        }


def collect_commands(host: PluginHost) -> PluginCommands:
    """Ask every plugin for its commands, in the order in which the plugins were loaded."""
    implementations = {impl.plugin_name: impl for impl in host.hook.ganx_commands.get_hookimpls()}
    found = PluginCommands()
    for plugin in host.plugins:
        if str(plugin.origin) in implementations:
            _ask(implementations[str(plugin.origin)], plugin.origin, found)
    for name, offers in found.offers.items():
        if len(offers) > 1:
            found.problems += (_contested(name, _providers(offers)),)
    return found


def _ask(implementation: pluggy.HookImpl, origin: ProviderInfo, found: PluginCommands) -> None:
    """Let one plugin add its commands to a group of its own, then take them over."""
    group = click.Group("ganx")

    def record(error: BaseException) -> None:
        what = f"fails in 'ganx_commands' with {told(error)}"
        found.problems += (problem(origin, what, mend_or_block(origin)),)

    with contained(record):
        implementation.function(*[group for _ in implementation.argnames])
    for name, command in group.commands.items():
        _take(name, command, origin, found)


def _take(name: str, command: click.Command, origin: ProviderInfo, found: PluginCommands) -> None:
    """Take a command over unless ganx itself has one of that name."""
    if name not in COMMANDS:
        found.offers.setdefault(name, []).append(Offer(command, origin))
        return
    what = f"adds the command {name!r}, a name that ganx itself has already; it is not used"
    remedy = f"Ask its author for another name, {or_block(origin)}."
    found.problems += (problem(origin, what, remedy),)


def _providers(offers: list[Offer[click.Command]]) -> list[ProviderInfo]:
    """List who makes some offers."""
    return [offer.provider for offer in offers]


def _contested(name: str, providers: list[ProviderInfo]) -> PluginProblem:
    """Report that several plugins add a command of one name."""
    *first, last = providers
    what = (
        f"adds the command {name!r}, and so does {' and '.join(map(str, first))}; "
        "the name is ambiguous and refused where it is used"
    )
    return problem(last, what, ways_out(providers))


def _refusing(name: str, providers: list[ProviderInfo]) -> click.Command:
    """Make a command that raises ``PluginError``, whatever it is given."""

    def refuse(rest: tuple[str, ...]) -> None:
        del rest
        raise PluginError(ambiguous("command", name, providers))

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        short_help="Ambiguous: several plugins add it.",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )
