"""Whether runs learned their labels: the figures of each checkpoint that they kept.

    python tests/benchmarks/label_learning.py runs/00003-sagan-iclevr runs/00004-slots-iclevr

Also for runs that were trained before these figures were measured. Nothing is written to a run.
"""

import argparse
import sys
from pathlib import Path

from ganx.contracts.label_figures import FIGURES, named
from ganx.contracts.results import Figure
from ganx.data.cache import cache_root
from ganx.errors import GanxError
from ganx.host import default_host
from ganx.runs.directory import RunDirectory, find_run
from ganx.sessions.label_learning import label_learning_of


def rows(run: RunDirectory, device: str) -> None:
    """Print a row of the table for each checkpoint of a run."""
    found = label_learning_of(
        default_host(),
        run,
        run.all_checkpoints(),
        overrides={"train": {"device": device}} if device else {},
        cache=cache_root(),
        progress=lambda *_: None,
    )
    for seen, figures in found:
        cells = (_cell(figures.get(named(name))) for name in FIGURES)
        print(f"| {run.path.resolve().name} | {seen:,} | {' | '.join(cells)} |", flush=True)


def _cell(figure: Figure | None) -> str:
    """Write a figure; a dash where it does not apply."""
    return f"{figure.mean:.3f}" if figure else "-"


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--device", default="", help="where to measure, if not where it trained")
    given = parser.parse_args()
    print(f"| run | images seen | {' | '.join(FIGURES)} |")
    print(f"|---|---|{'---|' * len(FIGURES)}")
    for name in given.runs:
        try:
            rows(RunDirectory(find_run(name, Path("runs"))), given.device)
        except GanxError as error:
            print(f"{name}: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
