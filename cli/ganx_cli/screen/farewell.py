"""The last words of a training: where the run is, what to look at, and what to do next."""

import shlex
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ganx.contracts.dataset import Dataset
    from ganx.training.trainer import Trainer


def farewell(trainer: "Trainer", *, finished: bool) -> None:
    """Print where things are and commands that can be pasted."""
    run, seen = trainer.run, trainer.images_seen
    ending = "Done" if finished else "Interrupted, and saved,"
    place = _quoted(run.path)
    labels = _example(trainer.setup.dataset)
    commands = [
        f"ganx sample {place}" + (f" --labels {labels}" if labels else "") + " -n 16 -o grid.png",
        f"ganx evaluate {place}",
        f"ganx report {place}",
        f"ganx export {place} --format onnx",
    ]
    if finished:
        commands.append(f"ganx train --resume {place} --images {2 * seen}")
    else:
        commands.insert(0, f"ganx train --resume {place}")
    lines = [
        f"{ending} after {seen:,} images seen.",
        f"  run     {run.path}",
        f"  grid    {run.grid(seen)}",
        f"  losses  {run.metrics}",
        *_best(trainer),
        "Next:" if finished else "Continue, or see what it has learnt so far:",
        *(f"  {command}" for command in commands),
    ]
    click.echo("\n".join(lines))


def _best(trainer: "Trainer") -> list[str]:
    best = trainer.run.best()
    if best is None:
        return []
    score = f"{best.metric.replace('.', ' ')} {best.value:.3f}"
    return [f"  best    {trainer.run.checkpoint(best.images_seen)} ({score})"]


def nothing_to_do(trainer: "Trainer") -> None:
    """Say that a run has already been trained as far as asked."""
    seen = trainer.images_seen
    place = _quoted(trainer.run.path)
    click.echo(
        f"Nothing to do: {trainer.run.path} has seen {seen:,} images already, and was asked for "
        f"{trainer.settings.images:,} in all. Train it further with\n"
        f"  ganx train --resume {place} --images {2 * seen}"
    )


def _example(dataset: "Dataset") -> str:
    """Return what a typical prompt asks for, quoted; nothing where there is nothing to ask."""
    for prompts in dataset.prompts.values():
        return _quoted(prompts[-1]) if prompts else ""
    text = dataset.interface.condition.decode(dataset.conditions[-1])
    return _quoted(text) if text else ""


def _quoted(value: Any) -> str:
    """Quote for a shell, with double quotes where they do."""
    text = str(value)
    quoted = shlex.quote(text)
    return f'"{text}"' if quoted != text and not set(text) & set('"$`\\!') else quoted
