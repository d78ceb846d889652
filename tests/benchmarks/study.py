"""Runs of a study side by side: a table, curves, and what they draw.

    python tests/benchmarks/study.py "cdcgan printed=runs/00000-cdcgan-iclevr" ... -o study

Scores over images seen are those that runs wrote while they trained (``evaluate.every``). What
shuffled prompts would have is not among them, so some checkpoints of each run are scored, and kept
in its folder as ``ganx evaluate`` does; those that are kept already are not scored again. The rule
by which labels show is in ``study_rule.py``.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from study_curves import draw_curves
from study_grids import PROMPTS, draw_grids
from study_runs import Course, named_runs, read_course, read_figures
from study_scoring import moments, scored
from study_table import table

from ganx.errors import GanxError
from ganx.files import replace_text
from ganx.scoring.opening import Request


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("runs", nargs="+", metavar="NAME=RUN")
    parser.add_argument("-o", "--output", type=Path, default=Path("study"), help="a folder")
    parser.add_argument("--points", type=int, default=4, help="checkpoints to score, at least 1")
    parser.add_argument("--seeds", type=int, default=10, help="draws of noise for these scores")
    parser.add_argument("--judge", type=Path, help="instead of the one that comes with the data")
    parser.add_argument("--figures", type=Path, help="JSON with label preferences by NAME")
    parser.add_argument("--figure", default="top-k", help="what the curves show")
    parser.add_argument("--log", action="store_true", help="images seen on a logarithmic axis")
    parser.add_argument("--text", action="append", default=[], help="a prompt of the grids")
    parser.add_argument("--noise", type=int, default=0, help="the seed of the grids' noise")
    return parser.parse_args(words)


def courses(given: argparse.Namespace) -> list[Course]:
    """Score what has to be, and read all runs. Raises ``RunError`` for one without checkpoint."""
    request = Request(seeds=given.seeds, judge=given.judge)
    found = []
    for name, run in named_runs(given.runs).items():
        print(name, flush=True)
        new = scored(run, moments(run, max(1, given.points)), request)
        found.append(read_course(name, run, new[-1].protocol.judge))
    return found


def main() -> None:
    """Write the table and both pictures."""
    given = arguments()
    preferences = read_figures(given.figures)
    found = courses(given)
    given.output.mkdir(parents=True, exist_ok=True)
    replace_text(given.output / "table.md", table(found, preferences))
    print(table(found, preferences))
    draw_curves(found, given.figure, given.output / "curves.png", log=given.log)
    texts = given.text or PROMPTS
    draw_grids(found, texts, given.output / "grids.png", seed=given.noise)


if __name__ == "__main__":
    try:
        main()
    except GanxError as error:
        sys.exit(f"Error: {error}")
