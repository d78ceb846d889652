"""What the commands of one call share: the options of ``ganx`` itself, and the plugins."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ganx.host import PluginHost, PluginProblem
    from ganx_cli.plugin_commands import PluginCommands


@dataclass
class AppState:
    """The options before the command's name; reach it with ``current_state()``."""

    block: tuple[str, ...] = ()
    strict: bool = False
    debug: bool = False
    shows_problems: bool = False
    """Whether the command itself shows what is wrong with plugins (else a warning does)."""

    @cached_property
    def host(self) -> "PluginHost":
        """The plugins, loaded when they are first asked for.

        Raises ``PluginError`` in strict mode when there is a problem with any.
        """
        from ganx.host import default_host

        host = default_host(self.block, self.strict)
        self._warn(host.problems)
        return host

    @cached_property
    def plugin_commands(self) -> "PluginCommands":
        """The commands that plugins add. Raises ``PluginError`` as ``host`` does."""
        from ganx.host.problems import refuse
        from ganx_cli.plugin_commands import collect_commands

        found = collect_commands(self.host)
        if self.host.strict:
            refuse(found.problems)
        self._warn(found.problems)
        return found

    @property
    def problems(self) -> "tuple[PluginProblem, ...]":
        """All that is wrong with the plugins, their commands included."""
        return (*self.host.problems, *self.plugin_commands.problems)

    def _warn(self, problems: "tuple[PluginProblem, ...]") -> None:
        """Print a line for each problem, for commands that do not show them."""
        if not self.shows_problems:
            for problem in problems:
                mark = click.style("warning:", fg="yellow")
                click.echo(f"{mark} {problem.summary} See `ganx plugins list`.", err=True)


def current_state() -> AppState:
    """Return the state of the running call; a fresh one for a command that is called alone."""
    context = click.get_current_context(silent=True)
    return (context.find_object(AppState) if context else None) or AppState()
