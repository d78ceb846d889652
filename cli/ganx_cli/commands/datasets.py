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
  ganx datasets show DIR                 your own images, in a folder or a zip archive
"""

SHOW_EXAMPLES = """\b
A look at your own images before training on them:
  ganx datasets show path/to/images
  ganx datasets show images.zip

\b
More of them, others, and with other settings:
  ganx datasets show iclevr -n 60 --seed 1 --set dataset.resolution=128

\b
JSON: an object with
  name, summary, images, resolution, channels, augmentation, notice,
  provenance, splits: {NAME: [START, STOP]}, prompts: {NAME: [TEXT]}
  read_from  where images and labels were read from, "" where nothing was
  passed_over [{what, count, first, why}], what lies there and was not read
  survey     [TEXT], what the files are like, where the data set says it
  kind       none, classes, labels or attributes
  groups     [{name, values: [{value, images, splits: {NAME: images}}]}]
  different  how many different conditions occur
  unlabelled images of which no value is said
  sheet      {file, seed, images: [INDEX], damaged: [TEXT]}, in the order of the sheet
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
@click.argument("name", metavar="NAME|DIR|ZIP")
@data_option()
@set_option("A setting, such as dataset.resolution=32")
@count_option(24, 1024, "Images on the sheet.")
@output_option(None, "The picture to write.  [default: NAME.png, or beside the data]")
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
    """Write a sheet of images with their labels, and tell what was read.

    NAME is a data set, DIR or ZIP a folder of images or a zip archive of one; a data set's name
    wins. Only the images on the sheet are read. They are drawn by the seed, in turn from all
    classes or labels, and sorted by them. The sheet never goes into the data itself.
    """
    from ganx_cli.work.look import describe, open_named, places
    from ganx_cli.work.look_sheet import write_sheet
    from ganx_cli.work.look_source import meant, sheet_file

    registry = current_state().host.datasets
    asked = meant(registry, name, data)
    if asked.note:
        click.echo(asked.note, err=True)
    dataset = open_named(registry, asked.name, asked.data, assignments)
    file = sheet_file(asked.stem, output, places(dataset, asked.data))
    sheet = write_sheet(dataset, count, seed, file)
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
