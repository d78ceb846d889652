"""What is known of the reports' trainings, on disk: ``reports.json``, and a table to read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports_plan import REPORTS, Report

from ganx.errors import RunError
from ganx.files import replace_text

FILE = "reports.json"
TABLE = "reports.md"
_HEAD = (
    "| recipe | images | the report's epochs | images/s | score | the report's score | minutes |"
)


class Record:
    """Seconds and findings by recipe, which outlive a kill."""

    def __init__(self, folder: Path) -> None:
        """Open the record of a folder, or begin it. Raises ``RunError`` where it is damaged."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.recipes: dict[str, dict[str, Any]] = {}
        path = folder / FILE
        if path.is_file():
            try:
                self.recipes = dict(json.loads(path.read_text("utf-8"))["recipes"])
            except (ValueError, KeyError, TypeError) as error:
                raise RunError(
                    f"Cannot read {path}: {error}. Remove it: the runs are not lost, and speeds "
                    "are measured again."
                ) from None

    @property
    def seconds(self) -> float:
        """How long all slices took until now."""
        return float(sum(one.get("seconds", 0.0) for one in self.recipes.values()))

    def of(self, recipe: str) -> dict[str, Any]:
        """Return what is known of a recipe; changes are on disk after the next ``write``."""
        return self.recipes.setdefault(recipe, {})

    def write(self) -> None:
        """Have record and table on disk, each whole."""
        content = {"seconds": round(self.seconds, 1), "recipes": self.recipes}
        replace_text(self.folder / FILE, json.dumps(content, indent=1, default=str) + "\n")
        replace_text(self.folder / TABLE, table(self.recipes))


def table(recipes: Mapping[str, Mapping[str, Any]]) -> str:
    """Write a row for each recipe that has trained."""
    rows = [_row(one, recipes[one.recipe]) for one in REPORTS if recipes.get(one.recipe)]
    return "\n".join([_HEAD, "|---" * 7 + "|", *rows, ""])


def _row(report: Report, known: Mapping[str, Any]) -> str:
    """Write what is known of one."""
    seen, length = known.get("images_seen", 0), known.get("length")
    epochs = f"{report.epochs * seen / length:.1f} of {report.epochs}" if length else ""
    speed = known.get("images_per_second")
    cells = [
        report.recipe,
        f"{seen:,}",
        epochs,
        f"{speed:,.0f}" if speed else "",
        told(known) + (f" ({known['error'].splitlines()[0]})" if known.get("error") else ""),
        report.figure,
        f"{known.get('seconds', 0.0) / 60:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def told(known: Mapping[str, Any]) -> str:
    """Write the newest score: top-k of both tests, or else the first figure that there is."""
    scores = dict(known["scores"][-1]) if known.get("scores") else {}
    tests = {name: scores.get(f"{name}.top-k") for name in ("test", "new_test")}
    there = {name: value for name, value in tests.items() if value is not None}
    if not there:
        figures = {name: value for name, value in scores.items() if "." in name}
        there = dict(list(figures.items())[:1])
    return ", ".join(f"{name} {value:.3f}" for name, value in there.items())
