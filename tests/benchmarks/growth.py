"""How scores grow with images seen: score checkpoints of several runs under one judge.

    python tests/benchmarks/growth.py runs/00003-sagan-iclevr runs/00004-dcgan-iclevr -o growth.png

Each evaluation is kept in its run's folder, as ``ganx evaluate`` does, and not made again.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ganx.comparing.gathering import kept_on
from ganx.comparing.naming import distinct_names
from ganx.contracts.results import Evaluation, Figure
from ganx.data.cache import cache_root
from ganx.errors import GanxError
from ganx.host import default_host
from ganx.runs.directory import RunDirectory, find_run
from ganx.scoring.kept import save_evaluation
from ganx.scoring.opening import Request, open_run
from ganx.scoring.running import checked_settings, evaluate

EVALUATOR = "prompt-accuracy"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--points", type=int, default=8, help="checkpoints of each run, about")
    parser.add_argument("--prompts", default="validation")
    parser.add_argument("--figures", nargs="+", default=["top-k", "colour", "shape"])
    parser.add_argument("--weights", choices=["ema", "raw"], default="ema")
    parser.add_argument("--judge", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("growth.png"))
    return parser.parse_args()


def moments(run: RunDirectory, count: int) -> list[int]:
    """Choose checkpoints at about even distances, the last among them."""
    every = [int(path.name) for path in run.all_checkpoints()]
    last = every[-1]
    wanted = [last * (index + 1) / count for index in range(count)]
    return sorted({min(every, key=lambda seen: abs(seen - goal)) for goal in wanted})


def scored(run: Path, moment: int, given: argparse.Namespace) -> Evaluation:
    """Return the evaluation of one checkpoint: the kept one by the same protocol, or a new one."""
    host = default_host()
    request = Request(
        checkpoint=moment, weights=given.weights, seeds=given.seeds, judge=given.judge
    )
    opened = open_run(host, run, request, cache=cache_root(), progress=lambda *_: None)
    chosen = {EVALUATOR: host.evaluators[EVALUATOR]}
    settings = {EVALUATOR: checked_settings(chosen, {})[EVALUATOR].model_dump(mode="json")}
    kept = kept_on(opened, settings)
    if kept:
        return kept
    found = evaluate(chosen, [EVALUATOR], opened.subject, opened.protocol, notes=opened.notes)
    return save_evaluation(opened.run, found)


def rows(run: Path, given: argparse.Namespace) -> Iterator[tuple[int, dict[str, Figure]]]:
    """Yield images seen, and the figures asked for by name."""
    for moment in moments(RunDirectory(run), given.points):
        figures = dict(scored(run, moment, given).figures())
        yield moment, {name: figures[f"{given.prompts}.{name}"] for name in given.figures}


def labels(paths: Sequence[Path]) -> list[str]:
    """Name runs by their recipes, and by their folders too where a recipe comes twice."""
    recipes = [str(RunDirectory(path).read_config()["recipe"]) for path in paths]
    return [
        recipe if recipes.count(recipe) == 1 else f"{recipe} {name}"
        for recipe, name in zip(recipes, distinct_names(paths), strict=True)
    ]


def draw(found: dict[str, list[tuple[int, dict[str, Figure]]]], given: argparse.Namespace) -> None:
    """Draw a panel for each figure: mean and sd of each run, and the mean of shuffled prompts."""
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(4.2 * len(given.figures), 3.8), layout="constrained")
    axes = canvas.subplots(1, len(given.figures), squeeze=False)[0]
    for axis, name in zip(axes, given.figures, strict=True):
        for number, (run, points) in enumerate(found.items()):
            seen = [moment / 1000 for moment, _ in points]
            means = [figures[name].mean for _, figures in points]
            spread = [figures[name].sd for _, figures in points]
            axis.errorbar(seen, means, spread, marker="o", ms=3, lw=1.2, capsize=2, label=run)
            shown = [figures[name] for _, figures in points]
            chance = [one.chance.mean for one in shown if one.chance]
            axis.plot(seen, chance, lw=0.8, ls=":", color=f"C{number}")
        axis.set(title=name, xlabel="thousand images seen")
        axis.grid(alpha=0.25)
    axes[0].legend(fontsize=8)
    canvas.savefig(given.output, dpi=110)


def table(found: dict[str, list[tuple[int, dict[str, Figure]]]], names: Sequence[str]) -> None:
    """Print a table in Markdown."""
    print(f"| run | images seen | {' | '.join(names)} |")
    print(f"|---|---|{'---|' * len(names)}")
    for run, points in found.items():
        for moment, figures in points:
            cells = [
                f"{one.mean:.3f} ± {one.sd:.3f} ({one.chance.mean:.3f} ± {one.chance.sd:.3f})"
                for one in figures.values()
                if one.chance
            ]
            print(f"| {run} | {moment:,} | {' | '.join(cells)} |")


def main() -> None:
    """Score, print and draw."""
    given = arguments()
    paths = [find_run(run, Path("runs")) for run in given.runs]
    found = {
        label: list(rows(path, given)) for label, path in zip(labels(paths), paths, strict=True)
    }
    table(found, given.figures)
    draw(found, given)


if __name__ == "__main__":
    try:
        main()
    except GanxError as error:
        sys.exit(f"Error: {error}")
