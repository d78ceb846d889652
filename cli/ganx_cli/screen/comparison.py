"""A comparison for people: who is compared, what must be known, and the figures side by side."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ganx.comparing.verdict import HOW
from ganx.pages.wording import chance, measured

if TYPE_CHECKING:
    from ganx.comparing.comparison import Comparison
    from ganx.comparing.table import Row

_NO_LIMIT = 10_000
"""Columns of a line in a pipe or a file, where nothing is wrapped."""

_HEAD_WIDTH = 30
"""Columns for the name of a figure, which wraps when it is longer."""


def print_comparison(found: "Comparison") -> None:
    """Print the legend, what must be known, the table, and how the best is told."""
    console = _console()
    with console.capture() as written:
        _draw(console, found)
    # Tables fill their lines with spaces, which nobody needs in a file.
    click.echo("\n".join(line.rstrip() for line in written.get().splitlines()))


def _draw(console: Console, found: "Comparison") -> None:
    letters = _letters(len(found.names))
    console.print(_legend(found, letters))
    for text in _notes(found):
        console.print()
        console.print(text)
    console.print()
    marks = _marks(found.rows)
    console.print(_table(found, letters, marks))
    console.print()
    for qualifier, mark in marks.items():
        console.print(Text(f"{mark} {qualifier}", style="dim"))
    for caution, titles in _cautions(found.rows).items():
        console.print(Text(f"! {', '.join(titles)}: {caution}", style="yellow"))
    console.print(_protocol(found))
    console.print(Text(HOW, style="dim"))


def _console() -> Console:
    """Write to standard output: as wide as the terminal, or without wrapping anywhere else."""
    is_terminal = sys.stdout.isatty()
    return Console(highlight=False, width=None if is_terminal else _NO_LIMIT)


def _letters(count: int) -> list[str]:
    """Name columns A, B, C, ...; after Z they are counted."""
    return [ascii_uppercase[i] if i < len(ascii_uppercase) else f"#{i + 1}" for i in range(count)]


def _legend(found: "Comparison", letters: Sequence[str]) -> Table:
    """List the runs under their letters."""
    legend = Table.grid(padding=(0, 2, 0, 0))
    for letter, name in zip(letters, found.names, strict=True):
        legend.add_row(Text(letter, style="bold"), Text(name, overflow="fold"))
    return legend


def _notes(found: "Comparison") -> Iterator[Text]:
    """Write why it is not like for like, what else must be known, and the notes on each run."""
    for reason in found.reasons:
        yield Text.assemble(("NOT LIKE FOR LIKE ", "bold red"), str(reason))
    for caution in found.cautions:
        yield Text.assemble((caution.text, "bold"), f" {caution.advice}")
    for one in found.contenders:
        for note in one.evaluation.notes:
            yield Text(f"{one.name}: {note}", style="yellow")


def _marks(rows: Sequence["Row"]) -> dict[str, str]:
    """Give a mark to each text of what figures depend on, too long to stand beside them."""
    qualifiers = dict.fromkeys(row.sample.qualifier for row in rows if row.sample.qualifier)
    return {qualifier: f"[{number}]" for number, qualifier in enumerate(qualifiers, start=1)}


def _cautions(rows: Sequence["Row"]) -> dict[str, dict[str, None]]:
    """Gather the figures that each caution is of, each once."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.caution:
            found.setdefault(row.caution, {})[row.sample.title] = None
    return found


def _table(found: "Comparison", letters: Sequence[str], marks: Mapping[str, str]) -> Table:
    """Draw head rows and figures."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", max_width=_HEAD_WIDTH)
    for letter in letters:
        table.add_column(letter, justify="right")
    table.add_column("best")
    for head, cells, style in _heads(found):
        table.add_row(head, *[Text(cell, style=style) for cell in cells], "")
    scope = ""
    for row in found.rows:
        if row.scope != scope:
            scope = row.scope
            table.add_section()
            table.add_row(Text(_scope(found, scope), style="bold"))
        _add(table, row, letters, marks.get(row.sample.qualifier, ""))
    return table


def _heads(found: "Comparison") -> Iterator[tuple[str, list[str], str]]:
    """Yield what stands above the figures: name, cells, style."""
    runs = found.contenders
    yield "recipe", [one.recipe for one in runs], ""
    seen_style = "" if found.evenly_trained else "bold"
    yield "images seen", [f"{one.images_seen:,}" for one in runs], seen_style
    yield "parameters of G", [f"{one.parameters:,}" for one in runs], ""
    yield "weights", [one.checkpoint for one in runs], ""


def _scope(found: "Comparison", scope: str) -> str:
    prompts = found.contenders[0].evaluation.protocol.prompts.get(scope)
    return f"{scope} ({prompts.count})" if prompts else scope


def _add(table: Table, row: "Row", letters: Sequence[str], mark: str) -> None:
    """Add a figure, and below it what shuffled conditions give."""
    best = row.verdict.best
    doubt = " !" if row.caution else ""
    cells = [
        Text(f"{measured(one)}{doubt}" if one else "", style="bold green" if at == best else "")
        for at, one in enumerate(row.figures)
    ]
    lower = ", lower is better" if row.sample.better == "lower" else ""
    head = Text.assemble(f"{row.sample.title}{lower}", (f" {mark}" if mark else "", "dim"))
    verdict = Text(row.verdict.text(letters), style="" if best is not None else "dim")
    table.add_row(head, *cells, verdict)
    if row.has_chance:
        shuffled = [Text(chance(one) if one else "", style="dim") for one in row.figures]
        table.add_row(Text("  shuffled", style="dim"), *shuffled, "")


def _protocol(found: "Comparison") -> Text:
    """Say under which judge and noise the figures were taken."""
    protocol = found.contenders[0].evaluation.protocol
    who = f"Judge: {protocol.judge}" if protocol.judge else "No judge"
    draws = f"mean ± standard deviation over {len(protocol.seeds)} draws of noise"
    return Text(f"{who}; {draws}; shuffled: the same with labels shuffled among the images.")
