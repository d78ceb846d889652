"""Short trainings and made-up readings that alarms look at."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab import Lab

from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.contracts.events import AlarmRaised
from ganx.runs.directory import RunDirectory
from ganx.settings.merging import merge
from ganx.training.alarms import Alarms

OURS = [spec.collapse for spec in ganx_evaluators()]
"""What evaluators of ganx call a collapse."""


def trained(folder: Path, iterations: int, **settings: Any) -> tuple[Lab, RunDirectory]:
    lab = Lab(folder)
    given = {
        "train": {"images": 16 * iterations, "grid_every": 10**6},
        "evaluate": {"evaluators": []},
    }
    return lab, lab.run(**merge(given, settings))


def answers(real: float, fake: float, generator: float) -> dict[str, float]:
    return {
        "probability.real": real,
        "probability.fake": fake,
        "probability.generator": generator,
    }


def told(
    levels: Sequence[tuple[int, Mapping[str, float]]],
    collapse: Sequence[Mapping[str, float]] = OURS,
) -> list[AlarmRaised]:
    """List what evaluations at so many images raise."""
    alarms = Alarms(collapse)
    return [alarm for seen, found in levels for alarm in alarms.evaluated(seen, found)]


def diverse(relative: float) -> dict[str, float]:
    return {"images.pixel diversity": relative * 0.085, "images.relative pixel diversity": relative}
