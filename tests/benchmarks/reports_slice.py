"""A slice of a training, as a piece: it begins a run or resumes it, and ends saved and scored."""

import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from gpu_pieces import Report
from gpu_plan import SCORES
from gpu_settings import configuration, folders
from gpu_training import Diary

from ganx.errors import RunError
from ganx.host import default_host
from ganx.runs.directory import RunDirectory
from ganx.sessions.session import resumed, started
from ganx.settings.merging import merge
from ganx.training.trainer import Trainer

CHECKPOINT_MINUTES = 2.0
"""What a kill costs at most."""

_NEVER = 10**12

READINGS = 3
"""Readings of the speed that a slice takes at least, however late it began; the first of them has
compiling and the choice of kernels in it, and does not count."""


def runs_of(work: Path, recipe: str) -> Path:
    """Name the folder in which a recipe's run is."""
    return folders(str(work))["runs"] / recipe


def newest_run(work: Path, recipe: str) -> RunDirectory | None:
    """Find the run that has come furthest; one that was killed before it was saved is none."""
    runs = [RunDirectory(path) for path in sorted(runs_of(work, recipe).glob("*/"))]
    saved = [run for run in runs if run.all_checkpoints()]
    return max(saved, key=images_seen, default=None)


def images_seen(run: RunDirectory) -> int:
    """Tell how far a run is saved."""
    try:
        return int(run.newest_checkpoint().name)
    except RunError:
        return 0


def upkeep(images: int) -> dict[str, Any]:
    """Set when a slice of about so many images is scored and drawn; it moves no weight.

    An epoch, the default, is over in seconds on a GPU, and the widest's checkpoint is a gigabyte.
    Where it is not known how many, only its end is.
    """
    every = images // SCORES or _NEVER
    train = {"grid_every": every, "checkpoint_minutes": CHECKPOINT_MINUTES, "keep_checkpoints": 2}
    return {"train": train, "evaluate": {"every": every}}


def train_slice(
    report: Report,
    deadline: float,
    *,
    recipe: str,
    settings: Mapping[str, Any],
    images: int,
    until: float,
    device: str,
    folder: str,
) -> None:
    """Train until a time (``time.monotonic``), for ``READINGS`` at least; save, draw and score.

    ``images`` is how many are expected, 0 where nobody knows. The run keeps the recipe's own
    length, so that it is a part of the report's whole training, wherever it is stopped.
    """
    del deadline  # whoever passes it is killed
    diary, speeds = Diary(report), list[float]()

    def notify(hook: str, event: Any) -> None:
        diary.notify(hook, event)
        if hook == "ganx_step_ended" and "images_per_second" in event.metrics:
            speeds.append(event.metrics["images_per_second"])

    host, run = default_host(), newest_run(Path(folder), recipe)
    given: dict[str, Any] = {
        "notify": notify,
        "progress": lambda *_: None,
        "cache": folders(folder)["cache"],
    }
    if run:
        session = resumed(host, run.path, upkeep(images), **given)
    else:
        config = configuration(recipe, merge(settings, upkeep(images)), device=device, tiny=False)
        session = started(host, config, runs=runs_of(Path(folder), recipe), **given)
    with session as trainer:
        begun, before = time.monotonic(), trainer.images_seen
        report({"images_seen": before})
        outcome = trainer.train(lambda: time.monotonic() >= until and len(speeds) >= READINGS)
        ended = time.monotonic()
        score(trainer, diary)
        overall = (trainer.images_seen - before) / max(ended - begun, 1e-9)
        report(
            {
                "outcome": outcome,
                "images_seen": trainer.images_seen,
                "length": trainer.settings.images,
                "images_per_second": round(median(speeds[1:] or [overall]), 1),
                "closing_seconds": round(time.monotonic() - ended, 2),
            }
        )


def score(trainer: Trainer, diary: Diary) -> None:
    """Score where a run stands, unless it has just been."""
    if not diary.scores or diary.scores[-1]["images_seen"] != trainer.images_seen:
        trainer.upkeep.score()
