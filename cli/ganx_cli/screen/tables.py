"""Tables: drawn by rich on a terminal, aligned plain text in a pipe or a file."""

import sys
from collections.abc import Sequence

import click

Rows = Sequence[Sequence[str]]


def heading(text: str) -> None:
    """Print a heading, bold on a terminal."""
    click.echo(click.style(text, bold=True))


def table(headers: Sequence[str], rows: Rows) -> None:
    """Print a table; the last column takes the room that is left and wraps on a terminal."""
    if sys.stdout.isatty():
        _drawn(headers, rows)
    else:
        click.echo(aligned(headers, rows))


def aligned(headers: Sequence[str], rows: Rows) -> str:
    """Align columns with spaces: two between columns, no wrapping, one row a line."""
    lines = [[" ".join(cell.split()) for cell in row] for row in [headers, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    return "\n".join("  ".join(line).rstrip() for line in padded)


def _drawn(headers: Sequence[str], rows: Rows) -> None:
    """Draw with rich, which is imported only here because it takes as long as the plugins."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for position, header in enumerate(headers):
        # A name is there to be copied, so it stays in one piece.
        drawn.add_column(header, overflow="fold", no_wrap=position == 0)
    for row in rows:
        drawn.add_row(*[Text(" ".join(cell.split())) for cell in row])
    Console().print(drawn)
