"""An evaluation for people: a table of figures for each scope, then their protocol."""

import itertools
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from ganx_cli.screen.tables import heading, table

if TYPE_CHECKING:
    from ganx.contracts.results import Evaluation, Figure, Result

_WIDTH = 100


def print_evaluation(found: "Evaluation") -> None:
    """Print every figure, and the protocol."""
    origin = found.origin
    heading(f"{origin.run} after {origin.images_seen:,} images seen, weights {origin.weights}")
    for note in found.notes:
        click.secho(note, fg="yellow")
    for result in found.results:
        click.echo()
        _print_result(result, _ceilings(found, result))
    click.echo()
    for line in _protocol(found):
        click.echo(line)


def _ceilings(found: "Evaluation", result: "Result") -> Mapping[str, float]:
    """Find what real images score, by the judge, where prompts are asked for."""
    protocol = found.protocol
    return protocol.judge.held_out if protocol.judge and result.scope in protocol.prompts else {}


def _print_result(result: "Result", ceilings: Mapping[str, float]) -> None:
    """Print one result's figures; what all of them depend on stands above."""
    common = _common([figure.qualifier for figure in result.figures])
    heading(f"{result.scope}: {common}" if common else result.scope)
    rows = [_row(figure, common, ceilings.get(figure.name)) for figure in result.figures]
    table(("", "mean ± sd", "shuffled", "z", "real" if ceilings else "", ""), rows)
    for caution, titles in result.cautions.items():
        for line in textwrap.wrap(f"! {', '.join(titles)}: {caution}", _WIDTH):
            click.secho(line, fg="yellow")


def _common(qualifiers: Sequence[str]) -> str:
    """Return the parts between commas with which all qualifiers begin."""
    columns = zip(*(qualifier.split(", ") for qualifier in qualifiers), strict=False)
    alike = itertools.takewhile(lambda parts: len(set(parts)) == 1, columns)
    return ", ".join(parts[0] for parts in alike)


def _row(figure: "Figure", common: str, ceiling: float | None) -> tuple[str, ...]:
    chance = _spread(figure.chance.mean, figure.chance.sd) if figure.chance else ""
    z = "" if math.isnan(figure.z) else f"{figure.z:.1f}"
    has_spread = figure.draws > 1 or figure.sd
    mean = _spread(figure.mean, figure.sd) if has_spread else _spread(figure.mean)
    mean += " !" if figure.caution else ""
    own = figure.qualifier.removeprefix(common).removeprefix(", ")
    real = "" if ceiling is None else _spread(ceiling)
    return figure.title, mean, chance, z, real, own


def _spread(mean: float, *sd: float) -> str:
    """Write a mean, with its standard deviation if it has one; large numbers with fewer digits."""
    digits = 4 if abs(mean) < 10 else 2  # noqa: PLR2004 -- shares and small distances get four
    return " ± ".join(f"{value:.{digits}f}" for value in (mean, *sd))


def _protocol(found: "Evaluation") -> Iterator[str]:
    """Say under which judge and seeds the figures were taken, and where shuffled ones come from."""
    protocol = found.protocol
    judge = protocol.judge
    if judge:
        scores = ", ".join(f"{name} {value:.4f}" for name, value in judge.held_out.items())
        yield f"judge {judge.name} {judge.digest}, which took no part in the training"
        told = f"on real images that it did not learn from (real): {scores}"
        yield from textwrap.wrap(told, _WIDTH, subsequent_indent="  ")
    draws = len(protocol.seeds)
    yield f"± over {draws} draws of noise; shuffled: what was asked for, shuffled among the images"
