#!/usr/bin/env python3
"""Writes ``docs/cli.md`` from the commands themselves: ``python docs/generate_cli.py``."""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from ganx_cli.main import cli
from ganx_cli.state import AppState

INTRODUCTION = """\
# The command line

Every command and option of ganx itself; plugins may add commands. `ganx COMMAND --help` prints the
same. This page is written by `python docs/generate_cli.py` and checked by the tests.
"""


def page() -> str:
    """Return the page."""
    context = click.Context(cli, info_name="ganx", obj=AppState())
    return "\n".join([INTRODUCTION, *_sections(cli, context)])


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    """Describe a command, and then the commands in it; those of plugins are left out."""
    yield f"## {context.command_path}\n"
    yield from _text(command.help)
    yield f"```\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```\n"
    yield from _options(command)
    yield from _text(command.epilog)
    if isinstance(command, click.Group):
        for name in getattr(command, "table", command.commands):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _sections(inner, click.Context(inner, parent=context, info_name=name))


def _text(text: str | None) -> Iterator[str]:
    """Write paragraphs; those that click is told not to wrap become code."""
    for paragraph in cleandoc(text or "").split("\n\n"):
        verbatim = paragraph.startswith("\b\n")
        body = paragraph.removeprefix("\b\n")
        if body:
            yield f"```\n{body}\n```\n" if verbatim else f"{body}\n"


def _options(command: click.Command) -> Iterator[str]:
    """Write the table of a command's options."""
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        yield "| option | default | meaning |\n|---|---|---|"
        for option in options:
            yield f"| {_spelling(option)} | {_default(option)} | {_cell(option.help or '')} |"
        yield ""


def _spelling(option: click.Option) -> str:
    """Write an option's names, and what it takes."""
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} {_cell(' | '.join(option.type.choices))}"
    return f"{names} {option.metavar or option.type.name.upper()}"


def _default(option: click.Option) -> str:
    """Write the default where it is one that a person would want to know."""
    if not option.show_default:
        return ""
    values = option.default if isinstance(option.default, tuple) else (option.default,)
    return ", ".join(f"`{value}`" for value in values)


def _cell(text: str) -> str:
    """Keep text from ending its table cell."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(page(), encoding="utf-8")
