"""An evaluation for people: a table of figures for each subject, then their terms."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ganx_cli.console import heading, table

if TYPE_CHECKING:
    from ganx.evaluation.results import Evaluation, Figure, Result


def print_evaluation(found: "Evaluation") -> None:
    """Print every figure, and the terms."""
    origin = found.origin
    heading(
        f"{origin['run']} after {origin['images_seen']:,} images seen, weights {origin['weights']}"
    )
    for note in found.notes:
        click.secho(note, fg="yellow")
    for result in found.results:
        click.echo()
        _print_result(found, result)
    click.echo()
    for line in _terms(found):
        click.echo(line)


def _print_result(found: "Evaluation", result: "Result") -> None:
    """Print one subject's figures."""
    prompts = found.terms["prompts"].get(result.subject)
    what = f"{prompts['count']} prompts" if prompts else result.evaluator
    heading(f"{result.subject} ({what})")
    rows = [_row(figure) for figure in result.figures]
    table(("", "mean ± sd", "shuffled", "z", ""), rows)


def _row(figure: "Figure") -> tuple[str, ...]:
    """Write a figure as a row."""
    chance = _spread(figure.chance.mean, figure.chance.sd) if figure.chance else ""
    z = "" if math.isnan(figure.z) else f"{figure.z:.1f}"
    return figure.name, _spread(figure.mean, figure.sd), chance, z, figure.qualifier


def _spread(mean: float, sd: float) -> str:
    """Write a mean with its standard deviation; large numbers with fewer digits."""
    digits = 4 if abs(mean) < 10 else 2  # noqa: PLR2004 -- shares and small distances get four
    return f"{mean:.{digits}f} ± {sd:.{digits}f}"


def _terms(found: "Evaluation") -> Iterator[str]:
    """Say under which judge and seeds the figures were taken, and where shuffled ones come from."""
    terms = found.terms
    judge = terms["judge"]
    if judge:
        scores = ", ".join(f"{name} {value:.4f}" for name, value in judge["held_out"].items())
        yield f"judge {judge['name']} {judge['digest']}; on real images held out: {scores}"
        yield "It took no part in the training."
    draws = len(terms["seeds"])
    yield f"± over {draws} draws of noise; shuffled: what was asked for, shuffled among the images"
