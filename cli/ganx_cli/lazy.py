"""A click group whose commands are imported when they are called, not when they are listed."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from ganx.errors import unknown
from ganx_cli.state import AppState


class LazyGroup(click.Group):
    """The group ``ganx``: its own commands from a table, and those of plugins after them.

    The table has the line that the list shows for each; the module of its name has the command.
    """

    def __init__(self, *args: Any, table: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List ganx's own commands in the table's order, then those of plugins by name."""
        return [*self.table, *sorted(_of_plugins(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; plugins are not asked about ganx's own."""
        if cmd_name in self.table:
            command = getattr(import_module(f"ganx_cli.commands.{cmd_name}"), cmd_name)
            assert isinstance(command, click.Command)
            return command
        return _of_plugins(ctx).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a call. Raises ``click.UsageError`` with the nearest match."""
        name = args[0]
        if not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            ctx.fail(f"{unknown('command', name, self.list_commands(ctx))}{_left_out(ctx)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> None:
        """Run the command and drop its result, so that only ``ctx.exit`` sets an exit code."""
        super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing ganx's own."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))
        added = _of_plugins(ctx)
        if added:
            with formatter.section("Commands of plugins"):
                rows = [(name, added[name].get_short_help_str()) for name in sorted(added)]
                formatter.write_dl(rows)


def _of_plugins(ctx: click.Context) -> dict[str, click.Command]:
    state = ctx.find_object(AppState)
    return state.plugin_commands.commands if state else {}


def _left_out(ctx: click.Context) -> str:
    """Remind that plugins with problems may be why a command is missing."""
    state = ctx.find_object(AppState)
    return (
        " Some plugins have problems: see `ganx plugins list`." if state and state.problems else ""
    )
