"""What the card of a generator shows besides its run: files, and how they are used."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganx.contracts.frozen import FrozenGenerator
    from ganx.exporting.metadata import Told
    from ganx.host import PluginHost
    from ganx.pages.card import CardMaterial, Usage
    from ganx_cli.work.exporting import Wanted

_PROGRAM = "It is a program, so load it only if you trust whoever made it."


def card_material(
    host: "PluginHost", frozen: "FrozenGenerator", files: Sequence["Wanted"], told: "Told"
) -> "CardMaterial":
    """Gather what a card shows of these exported files."""
    from ganx.pages.card import CardMaterial

    return CardMaterial(
        files=[one.destination for one in files],
        licence=told.licence,
        distribution=told.distribution,
        usage=[use for one in files for use in _usage(frozen, one)],
        unscored="Whoever has the run scores it by `ganx evaluate` and exports it again.",
        headlines={name: spec.headline for name, spec in host.evaluators.items()},
    )


def _usage(frozen: "FrozenGenerator", wanted: "Wanted") -> Iterator["Usage"]:
    """Show how one file is run, from the shell where there is a program for it."""
    from ganx.pages.card import Usage
    from ganx_exports.usage import picture_command, usage

    file, name = wanted.destination.name, wanted.exporter.name
    if run := picture_command(name, Path(file), frozen.interface.condition):
        yield Usage("A grid, without PyTorch:", "shell", f"pip install ganx-runtime\n{run}")
    lines = usage(name, Path(file), frozen, wanted.config)
    if lines:
        trust = f" {_PROGRAM}" if wanted.exporter.program else ""
        yield Usage(f"`{file}` in Python.{trust}", "python", "\n".join(lines))
