"""A training by the clock, as a piece: scored by the judge that comes with the data, on the way."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from gpu_pieces import Report
from gpu_plan import Pace, horizon
from gpu_settings import configuration, folders

from ganx.data.store import prepare
from ganx.errors import GanxError
from ganx.host import default_host
from ganx.remedies import Notice
from ganx.sessions.session import started
from ganx.settings.merging import merge
from ganx.settings.run import RunConfig
from ganx.training.setup import open_dataset

_CLOSING = 0.06
"""The share of the whole that ends the training before the deadline: the last checkpoint."""


class TimeIsUpError(GanxError):
    """The clock ran out before training began."""


@dataclass
class Diary:
    """Reports what a run tells its observers."""

    report: Report
    begun: float = field(default_factory=time.monotonic)
    scores: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    def notify(self, hook: str, event: Any) -> None:
        """Take an event of ``ganx.contracts.events``."""
        if hook == "ganx_step_ended":
            self.report({"images_seen": event.images_seen, "last": dict(event.metrics)})
        elif hook == "ganx_evaluated":
            row = {"images_seen": event.images_seen, "seconds": self._seconds()}
            self.scores.append({**row, **event.scores})
            self.report({"scores": self.scores})
        elif hook == "ganx_grid_drawn":
            self.report({"grid_at": event.images_seen, "grid": str(event.path)})
        elif hook == "ganx_alarm_raised":
            self.alarms.append(f"{event.images_seen}: {event.kind}")
            self.report({"alarms": self.alarms})

    def _seconds(self) -> float:
        """Tell how long training has taken, scores included."""
        return round(time.monotonic() - self.begun, 2)


def train_by_the_clock(
    report: Report,
    deadline: float,
    *,
    recipe: str,
    settings: Mapping[str, Any],
    paces: Sequence[Pace],
    device: str,
    tiny: bool,
    work: str,
) -> None:
    """Train a recipe until the deadline; its horizon is what its measured speed allows.

    Raises ``TimeIsUpError`` where preparing the images takes all the time.
    """
    begun = time.monotonic()
    last_call = deadline - _CLOSING * (deadline - begun)
    config = configuration(recipe, settings, device=device, tiny=tiny)
    report(
        {"recipe": recipe, "settings": settings, "preparing": _prepared(config, last_call, work)}
    )
    planned = horizon(paces, last_call - time.monotonic(), config.train.batch_size)
    config = configuration(recipe, merge(settings, planned), device=device, tiny=tiny)
    diary, notices = Diary(report), list[Notice]()
    session = started(
        default_host(),
        config,
        **folders(work),
        notify=diary.notify,
        progress=lambda *_: None,
        notice=notices.append,
    )
    with session as trainer:
        networks = trainer.networks.modules().items()
        report(
            {
                "execution": trainer.execution.settings(),
                "planned": planned,
                "notices": [str(notice) for notice in notices if notice.text],
                "parameters": {n: sum(p.numel() for p in m.parameters()) for n, m in networks},
            }
        )
        diary.begun = time.monotonic()
        outcome = trainer.train(lambda: time.monotonic() > last_call)
        report(_ending(outcome, trainer.images_seen, time.monotonic() - diary.begun))


def _prepared(config: RunConfig, last_call: float, work: str) -> dict[str, Any]:
    """Render the images that no piece before has; return how many and how long it took."""
    rendered = {"images": 0}

    def progress(action: str, done: int, total: int) -> None:
        rendered["images"] = done
        if time.monotonic() > last_call:
            raise TimeIsUpError(f"{action}: {done:,} of {total:,} images, and the time is up.")

    begun = time.monotonic()
    dataset = open_dataset(default_host(), config)
    near = "cuda" if config.train.device != "cpu" and torch.cuda.is_available() else "cpu"
    prepare(dataset, config.dataset.name, folders(work)["cache"], near, progress)
    return {**rendered, "seconds": round(time.monotonic() - begun, 2)}


def _ending(outcome: str, images: int, seconds: float) -> dict[str, Any]:
    """Describe a run that has ended."""
    peak = torch.cuda.max_memory_allocated() if torch.cuda.is_initialized() else None
    return {
        "outcome": outcome,
        "images_seen": images,
        "training_seconds": round(seconds, 2),
        "images_per_second": round(images / max(seconds, 1e-9), 1),
        "memory_gib": None if peak is None else round(peak / 2**30, 2),
    }
