"""``ganx doctor``: what this machine offers, in a form to paste into a bug report."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ganx_cli.commands.options import json_option, runs_option
from ganx_cli.state import current_state

EXAMPLES = """\b
Examples:
  ganx doctor                  read it, or paste it into a bug report
  ganx doctor --compile        also compile a small function (takes a while)
  ganx doctor --json           for programs

\b
JSON: an object with the sections that the text has, each an object of named
facts. What could not be found out is {"failed": "the reason"}.
"""


@click.command("doctor", epilog=EXAMPLES)
@json_option
@click.option("--compile", "compiles", is_flag=True, help="Try torch.compile for real.")
@runs_option
def doctor(as_json: bool, compiles: bool, runs: Path) -> None:
    """Show what this machine offers.

    The versions that matter, the processor and graphics cards, which number formats are fast,
    what really runs exported models, and which plugins work. A part that cannot be examined says
    why; the others are shown all the same.
    """
    from ganx_cli.work.machine import examine

    state = current_state()
    state.shows_problems = True
    found = examine(state, runs, compiles=compiles)
    text = json.dumps(found, indent=2, default=str) if as_json else in_lines(found)
    # Nobody needs the name of a user in a bug report.
    click.echo(text.replace(str(Path.home()), "~"))


def in_lines(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Write the sections as aligned lines of plain text."""
    width = max(len(fact) for section in found.values() for fact in section)
    lines = []
    for section, facts in found.items():
        lines.append(section)
        for fact, value in facts.items():
            shown = [_shown(one) for one in value] if isinstance(value, list) else [_shown(value)]
            lines += [f"  {fact:<{width}}  {one}" for one in shown[:1] or ["none"]]
            lines += [f"  {'':<{width}}  {one}" for one in shown[1:]]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping) and set(value) == {"failed"}:
        return f"could not be found out: {value['failed']}"
    return "unknown" if value is None else str(value)
