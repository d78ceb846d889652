"""``ganx datasets show`` for people."""

import textwrap
from collections.abc import Iterator
from typing import Any

import click

from ganx_cli.screen.tables import heading, table

MOST_VALUES = 30
"""Of one group. What has more lines is not read."""

_INDENT = 14
_WIDTH = 80


def print_dataset(found: dict[str, Any]) -> None:
    """Print what ``work/look`` found: the facts, then a table of counts for each group."""
    heading(f"data set {found['name']}")
    click.echo(found["summary"])
    for title, text in _facts(found):
        _print_wrapped(f"{title:{_INDENT}}", text)
    if found["passed_over"]:
        click.echo("\npassed over")
        for one in found["passed_over"]:
            _print_wrapped(f"{one['count']:{_INDENT - 2},}  ", _passed(one))
    for group in found["groups"]:
        click.echo()
        _print_group(group, found)
    sheet = found["sheet"]
    click.echo(f"\n{sheet['file']}: {len(sheet['images'])} images, seed {sheet['seed']}")
    if sheet["damaged"]:
        click.secho(
            f"{_many(len(sheet['damaged']), 'image')} on the sheet cannot be decoded. Training "
            "looks at all images and names those; --set dataset.skip_damaged=true leaves them out "
            "of a folder:",
            fg="yellow",
        )
        for one in sheet["damaged"]:
            click.echo(f"  {one}")


def _print_wrapped(start: str, text: str) -> None:
    """Print a text in lines beside its start; a path stays in one piece, to be copied."""
    wrapper = textwrap.TextWrapper(_WIDTH - _INDENT, break_long_words=False, break_on_hyphens=False)
    lines = wrapper.wrap(text) or [""]
    click.echo(start + lines[0])
    for line in lines[1:]:
        click.echo(" " * _INDENT + line)


def _passed(one: dict[str, Any]) -> str:
    """Write what was passed over, the first of it as an example, and why."""
    example = f"{one['what']}, such as {one['first']}"
    return f"{example}. {one['why']}" if one["why"] else example


def _facts(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    side, channels = found["resolution"], found["channels"]
    if found["read_from"]:
        yield "read from", found["read_from"]
    yield "images", f"{found['images']:,} at {side}x{side}, {_many(channels, 'channel')}"
    for sentence in found["survey"]:
        yield "", sentence
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
    """Print the counts of a group's first values, and how often the others occur."""
    splits = list(found["splits"])
    shown, others = group["values"][:MOST_VALUES], group["values"][MOST_VALUES:]
    table(
        (group["name"], "images", *splits, "share"),
        [_row(value, splits, found["images"]) for value in shown],
    )
    if others:
        counts = [value["images"] for value in others]
        least, most = min(counts), _many(max(counts), "image")
        between = most if least == max(counts) else f"{least:,} to {most}"
        click.echo(f"and {len(others):,} more, of {between} each; --json has them all")


def _row(value: dict[str, Any], splits: list[str], total: int) -> tuple[str, ...]:
    """Write the counts of one value; a value that no image shows is marked."""
    counts = [f"{value['splits'][split]:,}" for split in splits]
    share = f"{value['images'] / total:.1%}" if value["images"] else "empty"
    return value["value"], f"{value['images']:,}", *counts, share


def _many(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
