"""``ganx plugins``: what is installed, where it is from, what it provides and how to set it."""

import json
import textwrap
from typing import Any

import click

from ganx.host.kinds import KINDS
from ganx_cli.commands.options import json_option
from ganx_cli.state import AppState, current_state

EXAMPLES = """\b
Examples:
  ganx plugins                  the same as: ganx plugins list
  ganx plugins show sagan       every setting of a plugin, model, loss, ...
  ganx plugins show train       ganx's own settings, in the tables
                                train, dataset, ema, optimizer, loss, evaluate, judge
  ganx plugins list --json      for programs
"""

_KINDS = textwrap.fill(
    f"provides: {{{', '.join(kind.registry for kind in KINDS)},",
    width=75,
    initial_indent=" " * 15,
    subsequent_indent=" " * 26,
)

LIST_JSON = f"""\b
JSON: an object with
  plugins    [{{name, distribution, version, module, hooks: [NAME],
{_KINDS}
                          commands: [NAME]}}}}]
             (kinds of which a plugin provides none are absent)
  left_out   [NAME] of plugins left out by --block or GANX_PLUGINS
  problems   [{{plugin, distribution, version, what, remedy}}]

\b
A name that several plugins provide is there for each of them, and among the
problems.
"""

SHOW_HELP = """\b
Examples:
  ganx plugins show sagan              the plugin and the model
  ganx plugins show gradient-penalty   a loss
  ganx plugins show adam               an optimizer
  ganx plugins show sagan-bce          the settings that a recipe makes
  ganx plugins show train              ganx's own settings, in the tables
                                       train, dataset, ema, optimizer, loss, evaluate, judge

\b
JSON: an object with
  plugins    as in `ganx plugins list --json`, those of that name
  problems   as there, of these plugins
  specs      [{kind, name, summary, provider: {plugin, distribution, version},
               fields: [{name, type, required, default, allowed, meaning}]}]
             with `recipe` for a model, `suffix` for an export format,
             `settings` for a recipe; ganx's own settings have the kind
             "settings" and the plugin null
"""


def _state() -> AppState:
    """Return the state of this call; these commands show problems themselves."""
    state = current_state()
    state.shows_problems = True
    return state


@click.group("plugins", invoke_without_command=True, epilog=EXAMPLES)
@json_option
@click.pass_context
def plugins(ctx: click.Context, as_json: bool) -> None:
    """Show what is installed and its settings."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_plugins, as_json=as_json)


@plugins.command("list", epilog=LIST_JSON)
@json_option
def list_plugins(as_json: bool) -> None:
    """List plugins with their distributions, and what is wrong with them."""
    from ganx_cli.work.describe import describe_all

    found = describe_all(_state())
    if as_json:
        _print_json(found)
        return
    from ganx_cli.screen.plugins import print_list

    print_list(found)


@plugins.command("show", epilog=SHOW_HELP)
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show everything about NAME: a plugin, model, data set, recipe, ... or a table of settings.

    The tables of ganx itself are train, ema, optimizer, loss, evaluate and judge.
    """
    from ganx_cli.work.describe import describe_name

    found = describe_name(_state(), name)
    if as_json:
        _print_json(found)
        return
    from ganx_cli.screen.plugins import print_name

    print_name(found)


def _print_json(data: dict[str, Any]) -> None:
    """Print JSON; what has no JSON form, such as a path in a recipe, is printed as text."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
