"""The page on exported files, whose tables are written by programs."""

from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "exports.md"


def write(name: str, lines: Sequence[str]) -> None:
    """Put lines between the marks of a name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = PAGE.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text("\n".join((f"{before}{begin}", *lines, f"{end}{after}")), "utf-8")
