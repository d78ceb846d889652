"""``ganx datasets``: which there are, and what one of them holds."""

import json
from pathlib import Path
from typing import Any

import click

from ganx_cli.commands.options import (
    count_option,
    data_option,
    json_option,
    output_option,
    seed_option,
    set_option,
)
from ganx_cli.state import current_state

EXAMPLES = """\b
Examples:
  ganx datasets                          the same as: ganx datasets list
  ganx datasets show iclevr              what it holds, and a sheet of its images
  ganx datasets show DIR                 your own images
"""

SHOW_EXAMPLES = """\b
A look at your own images before training on them:
  ganx datasets show path/to/images
  ganx datasets show folder --data path/to/images      the same

\b
More of them, others, and with other settings:
  ganx datasets show iclevr -n 60 --seed 1 --set dataset.resolution=128

\b
JSON: an object with
  name, summary, images, resolution, channels, augmentation, notice,
  read_from, provenance, splits: {NAME: [START, STOP]}, prompts: {NAME: [TEXT]}
  kind       none, classes, labels or attributes
  groups     [{name, values: [{value, images, splits: {NAME: images}}]}]
  different  how many different conditions occur
  unlabelled images of which no value is said
  passed_over what lies there and is not used: [{what, count, first}]
  survey     what the images are like: [SENTENCE]
  sheet      {file, seed, images: [INDEX]}
"""


@click.group("datasets", invoke_without_command=True, epilog=EXAMPLES)
@json_option
@click.pass_context
def datasets(ctx: click.Context, as_json: bool) -> None:
    """List data sets, and show what they hold."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_datasets, as_json=as_json)


@datasets.command("list")
@json_option
def list_datasets(as_json: bool) -> None:
    """List the data sets that are installed."""
    from ganx_cli.screen.tables import table

    registry = current_state().host.datasets
    if as_json:
        _print_json({"datasets": [_named(registry, name) for name in registry]})
        return
    table(("Data set", "Summary"), [(name, registry[name].summary) for name in registry])
    click.echo(
        "\n`ganx datasets show NAME` writes a sheet of images and counts labels;"
        "\n`ganx plugins show NAME` tells every setting."
    )


@datasets.command("show", epilog=SHOW_EXAMPLES)
@click.argument("name", metavar="NAME|DIR")
@data_option()
@set_option("A setting, such as dataset.resolution=32")
@count_option(24, 1024, "Images on the sheet.")
@output_option(None, "The picture to write.  [default: NAME.png]")
@seed_option("Chooses the images.")
@json_option
def show(
    name: str,
    data: Path | None,
    assignments: tuple[str, ...],
    count: int,
    output: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Write a sheet of images with their labels, count the labels, and say what was read.

    DIR, a folder of images or a .zip of one, is short for folder --data DIR. Only the images on
    the sheet are read.
    """
    from ganx_cli.work.look import (
        asked_for,
        describe,
        open_named,
        picture_beside,
        write_sheet,
    )

    registry = current_state().host.datasets
    asked = asked_for(registry, name, data)
    if asked.folder_of_that_name:
        click.echo(f"{name} is a data set, and a folder here: for that, write ./{name}", err=True)
    picture = output or picture_beside(asked)
    dataset = open_named(registry, asked.name, asked.data, assignments)
    sheet = write_sheet(dataset, count, seed, picture)
    found = {**_named(registry, asked.name), **describe(dataset), "sheet": sheet}
    if as_json:
        _print_json(found)
        return
    from ganx_cli.screen.dataset import print_dataset

    print_dataset(found)


def _named(registry: Any, name: str) -> dict[str, str]:
    """Describe an entry of the list."""
    return {"name": name, "summary": registry[name].summary}


def _print_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
