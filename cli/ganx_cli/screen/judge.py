"""Judges as JSON and as text for people."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import click

from ganx.contracts.judge import Judge
from ganx.judging.measures import best_score
from ganx_cli.screen.tables import heading, table

_INDENT = 14
_SURE = 0.8
"""A judge that is right less often than this is warned of."""

_WIDTH = 80


def described(judge: Judge) -> dict[str, Any]:
    """Describe a judge as JSON."""
    interface = judge.interface
    return {
        "name": judge.name,
        "digest": judge.digest,
        "resolution": interface.resolution,
        "channels": interface.channels,
        **interface.condition.to_json(),
        "parameters": sum(value.numel() for value in judge.network.parameters()),
        "threshold": judge.threshold,
        "held_out": dict(judge.held_out),
        **({"caution": judge.caution} if judge.caution else {}),
        "record": dict(judge.record),
    }


def print_json(data: Mapping[str, Any]) -> None:
    """Print JSON."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_trained(found: Mapping[str, Any]) -> None:
    """Tell how good a new judge is, and how to use it."""
    _print_scores(found)
    click.echo(f"{found['file']}: judge {found['name']} {found['digest']}")
    if best_score(found["held_out"]) < _SURE:
        click.secho(
            "This judge is often wrong, so that scores by it say little. Train it on more images "
            "or for more epochs.",
            fg="yellow",
        )
    _print_use(found)


def print_judge(found: Mapping[str, Any]) -> None:
    """Print what ``described`` found, and the file."""
    heading(f"judge {found['name']} {found['digest']}")
    for title, text in _facts(found):
        for number, line in enumerate(textwrap.wrap(text, _WIDTH - _INDENT)):
            click.echo(f"{'' if number else title:{_INDENT}}{line}")
    click.echo()
    _print_scores(found)
    _print_use(found)


def print_comparison(found: Mapping[str, Any]) -> None:
    """Print two judges' scores side by side, then how far they agree."""
    judges = found["judges"]
    click.echo(f"{found['images']:,} images of {found['resolution']} px that neither learned from")
    names = [f"{judge['name']} {judge['digest']}" for judge in judges]
    measures = judges[0]["scores"]
    rows = [(one, *(f"{judge['scores'][one]:.4f}" for judge in judges)) for one in measures]
    table(("score", *names), rows)
    for judge in judges:
        if "caution" in judge:
            click.secho(judge["caution"], fg="yellow")
    click.echo()
    shares = [(name, f"{value:.4f}") for name, value in found["agreement"].items()]
    table(("agreement", "both"), shares)


def _facts(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "file", found["file"]
    groups = [f"{group['name']} ({len(group['values'])})" for group in found["groups"]]
    yield "knows", f"{found['kind']}: {', '.join(groups)}"
    side, channels = found["resolution"], found["channels"]
    plural = "" if channels == 1 else "s"
    yield "looks at", f"{side}x{side}, {channels} channel{plural}; other sizes are resized"
    yield "parameters", f"{found['parameters']:,}"
    if found["kind"] == "labels":
        yield "threshold", f"{found['threshold']:g}, above which it sees a label"
    record = found["record"]
    if "dataset" in record:
        yield "learned from", _origin(record["dataset"])
    if "settings" in record:
        yield "settings", _pairs(record["settings"])


def _origin(data: Mapping[str, Any]) -> str:
    about = {key: value for key, value in data["provenance"].items() if _is_plain(value)}
    return f"{data['images']:,} images" + (f" of: {_pairs(about)}" if about else "")


def _is_plain(value: object) -> bool:
    """Tell what fits into a line."""
    return isinstance(value, str | int | float)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _print_scores(found: Mapping[str, Any]) -> None:
    """Print the scores on held-out images, or that there are none."""
    record, scores = found["record"], found["held_out"]
    if not scores:
        click.echo("It was never examined by ganx: how well it judges is not known here.")
        return
    images = record["held_out"]["images"]
    click.echo(f"On {images:,} images that it did not learn from:")
    for name, score in scores.items():
        click.echo(f"  {name:24} {score:.4f}")
    if "caution" in found:
        click.secho(found["caution"], fg="yellow")


def _print_use(found: Mapping[str, Any]) -> None:
    click.echo(f"\nScore a run with it: ganx evaluate RUN --judge {found['file']}")
