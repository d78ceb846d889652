#!/usr/bin/env python3
"""Measures every recipe and writes the table of ``docs/systems.md``.

``python docs/generate_systems.py`` takes some minutes on two cores; with names of recipes it
measures only those. Each recipe is trained at its own width, batch and resolution, from seed 0, on
rendered images, for a few iterations: enough for a speed and for losses that can be compared with
those of another machine or version, not for pictures.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch

from ganx.exporting.publish import publish
from ganx.host import load_plugins
from ganx.sampling.generator import load_generator
from ganx.sessions.session import started
from ganx.settings.run import resolve
from ganx.training.memory import count_parameters

PAGE = Path(__file__).with_name("systems.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
IMAGES = 512
WARM_UP, MEASURED = 2, 6
HEAD = """\
| recipe | G | D | images/s | losses at the end: D; G | export difference |
|---|---|---|---|---|---|
"""


class Row(NamedTuple):
    """What is told of one recipe."""

    recipe: str
    generator: int
    discriminator: int
    speed: float
    losses: dict[str, float]
    differences: dict[str, float]

    def __str__(self) -> str:
        """Write the row in Markdown."""
        mine = [f"{value:.3f}" for name, value in self.losses.items() if "generator" not in name]
        theirs = [f"{value:.3f}" for name, value in self.losses.items() if "generator" in name]
        exported = ", ".join(f"{name} {most:.1e}" for name, most in self.differences.items())
        losses = f"{' + '.join(mine)}; {' + '.join(theirs)}"
        sizes = f"{self.generator:,} | {self.discriminator:,}"
        return (
            f"| [`{self.recipe}`](recipes/{self.recipe}.md) | {sizes} | {self.speed:.1f} | "
            f"{losses} | {exported} |"
        )


def measure(recipe: str, folder: Path) -> Row:
    """Train a recipe for a moment, and export what came out."""
    host = load_plugins()
    batch = resolve(host, {"recipe": recipe}).train.batch_size
    # Neither a grid nor a checkpoint may fall between the iterations that are timed.
    rare = {"grid_every": 10**9, "checkpoint_minutes": 1e9}
    train = {"seed": 0, "images": (WARM_UP + MEASURED) * batch, "log_every": 1, **rare}
    config = resolve(host, {"recipe": recipe, "dataset": {"size": IMAGES}, "train": train})
    moments: list[float] = []

    def notify(hook: str, _event: object) -> None:
        if hook == "ganx_step_ended":
            moments.append(time.perf_counter())

    with started(
        host,
        config,
        runs=folder,
        cache=folder / "cache",
        notify=notify,
        progress=lambda *_: None,
    ) as trainer:
        trainer.train()
    networks = trainer.networks.modules()
    return Row(
        recipe,
        count_parameters(networks["generator"].requires_grad_(True)),
        count_parameters(networks["discriminator"].requires_grad_(True)),
        MEASURED * batch * trainer.setup.plan.real_batches / (moments[-1] - moments[WARM_UP - 1]),
        dict(_losses(trainer.run.metrics)),
        dict(_differences(trainer.run.path, folder)),
    )


def _losses(metrics: Path) -> Iterator[tuple[str, float]]:
    """Read the losses of the last iteration."""
    import json

    row = json.loads(metrics.read_text("utf-8").splitlines()[-1])
    parts = ("real.", "fake.", "pair.", "penalty.", "generator.")
    yield from ((name, value) for name, value in row.items() if name.startswith(parts))


def _differences(run: Path, folder: Path) -> Iterator[tuple[str, float]]:
    """Export in every format and tell the largest difference from eager."""
    host = load_plugins()
    for name, exporter in host.exporters.items():
        file = folder / f"generator{exporter.suffix}"
        report = publish(load_generator(run, registries=host), exporter, file, tolerance=1e-5)
        yield name, max(report.differences.values())


def main(recipes: list[str]) -> None:
    """Measure recipes, print their rows, and put them into the page when all were measured."""
    every = list(load_plugins().recipes)
    rows = []
    for recipe in recipes or every:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(str(measure(recipe, Path(folder))))
        sys.stdout.write(rows[-1] + "\n")
        sys.stdout.flush()
    if not recipes:
        text = PAGE.read_text("utf-8")
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        machine = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
        table = HEAD + "\n".join(rows)
        PAGE.write_text(f"{before}{BEGIN}\n{machine}.\n\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
