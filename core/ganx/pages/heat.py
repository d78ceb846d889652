"""Tables of results as heat maps: what each cell says, and how strongly it is coloured."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganx.contracts.results import Cell, Table
from ganx.pages.wording import number, percent, whole

_PAIR = 2
"""Words of a head that are told apart, as in ``red cube``."""


@dataclass(frozen=True)
class HeatCell:
    """One cell."""

    text: str
    heat: float | None = None
    """From 0 to 1; None where colour would say nothing."""


@dataclass(frozen=True)
class HeatRow:
    """One row and its head."""

    head: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True)
class HeatMap:
    """A table with colours."""

    title: str
    columns: Sequence[str]
    rows: Sequence[HeatRow]


def heat_map(table: Table) -> HeatMap:
    """Colour the shares of a table, or the counts of a confusion as shares of their row."""
    cells = _confusion_cells if table.kind == "confusion" else _share_cells
    rows = [HeatRow(str(head), cells(row)) for head, *row in table.rows]
    return HeatMap(table.title, table.columns, rows)


def crossed(table: Table) -> Table | None:
    """Lay the first shares of pairs such as ``red cube`` out as colours by shapes.

    None where the heads are no pairs, or pairs would not fill such a map.
    """
    pairs = {tuple(str(row[0]).split(" ")): _first_share(row[1:]) for row in table.rows}
    if table.kind != "shares" or any(len(pair) != _PAIR for pair in pairs):
        return None
    firsts = list(dict.fromkeys(pair[0] for pair in pairs))
    seconds = list(dict.fromkeys(pair[1] for pair in pairs))
    if min(len(firsts), len(seconds)) < _PAIR or 2 * len(pairs) < len(firsts) * len(seconds):
        return None
    rows = [[first, *[pairs.get((first, second)) for second in seconds]] for first in firsts]
    return Table(table.title, ["", *seconds], rows)


def _first_share(row: Sequence[Cell]) -> float | None:
    """Find the first cell that is a share and no count."""
    return next((cell for cell in row if isinstance(cell, float)), None)


def _share_cells(row: Sequence[Cell]) -> list[HeatCell]:
    """Colour what is a share; counts are whole numbers and stay plain."""
    return [_share_cell(cell) for cell in row]


def _share_cell(cell: Cell) -> HeatCell:
    """Write one cell of a table of shares."""
    if isinstance(cell, float):
        inside = 0 <= cell <= 1
        return HeatCell(percent(cell) if inside else number(cell), cell if inside else None)
    if isinstance(cell, int):
        return HeatCell(whole(cell))
    return HeatCell("–" if cell is None else cell)  # noqa: RUF001 -- a dash, for no number


def _confusion_cells(row: Sequence[Cell]) -> list[HeatCell]:
    """Colour counts by their share of the row."""
    counts = [cell if isinstance(cell, int | float) else 0 for cell in row]
    total = sum(counts)
    return [HeatCell(f"{count:g}", count / total if total else None) for count in counts]
