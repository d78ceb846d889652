"""``ganx datasets show`` for people."""

import textwrap
from collections.abc import Iterator
from typing import Any

import click

from ganx_cli.screen.tables import heading, table

_INDENT = 14
_WIDTH = 80


def print_dataset(found: dict[str, Any]) -> None:
    """Print what ``datasets_look`` found: the facts, then a table of counts for each group."""
    heading(f"data set {found['name']}")
    click.echo(found["summary"])
    for title, text in _facts(found):
        lines = textwrap.wrap(text, _WIDTH - _INDENT, break_on_hyphens=False) or [""]
        click.echo(f"{title:{_INDENT}}{lines[0]}")
        for line in lines[1:]:
            click.echo(" " * _INDENT + line)
    if found["passed_over"]:
        click.echo()
        rows = [(one["what"], f"{one['count']:,}", one["first"]) for one in found["passed_over"]]
        table(("passed over", "count", "such as"), rows)
    for group in found["groups"]:
        click.echo()
        _print_group(group, found)
    sheet = found["sheet"]
    click.echo(f"\n{sheet['file']}: {len(sheet['images'])} images, seed {sheet['seed']}")


def _facts(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    side, channels = found["resolution"], found["channels"]
    yield "images", f"{found['images']:,} at {side}x{side}, {_many(channels, 'channel')}"
    for sentence in found["survey"]:
        yield "", sentence
    if found["read_from"]:
        yield "read from", found["read_from"]
    splits = [f"{name} {stop - start:,}" for name, (start, stop) in found["splits"].items()]
    yield "splits", ", ".join(splits) or "none; all images are trained on"
    yield "condition", _condition(found)
    prompts = [f"{name} {len(texts):,}" for name, texts in found["prompts"].items()]
    yield "prompts", ", ".join(prompts) or "none"
    yield "augmentation", found["augmentation"]
    if found["notice"]:
        yield "notice", found["notice"]


def _condition(found: dict[str, Any]) -> str:
    """Say what is known of the images."""
    if found["kind"] == "none":
        return "none; the images have no labels"
    sizes = [f"{group['name']} ({len(group['values'])})" for group in found["groups"]]
    different = _many(found["different"], "different condition")
    text = f"{found['kind']}: {', '.join(sizes)}; {different}"
    if found["unlabelled"]:
        text += f"; {_many(found['unlabelled'], 'image')} without any"
    return text


def _print_group(group: dict[str, Any], found: dict[str, Any]) -> None:
    splits = list(found["splits"])
    rows = [_row(value, splits, found["images"]) for value in group["values"]]
    table((group["name"], "images", *splits, "share"), rows)


def _row(value: dict[str, Any], splits: list[str], total: int) -> tuple[str, ...]:
    """Write the counts of one value; a value that no image shows is marked."""
    counts = [f"{value['splits'][split]:,}" for split in splits]
    share = f"{value['images'] / total:.1%}" if value["images"] else "empty"
    return value["value"], f"{value['images']:,}", *counts, share


def _many(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
