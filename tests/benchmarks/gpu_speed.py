"""How many images per second a recipe trains at, as a piece: variants alternated in one process."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import torch
from gpu_pieces import Report
from gpu_plan import COMPILED, VARIANTS
from gpu_settings import configuration, folders

from ganx.host import default_host
from ganx.sessions.session import started
from ganx.settings.merging import merge
from ganx.training.trainer import Trainer

_UNSCORED = {"dataset": {"size": 512}, "evaluate": {"evaluators": [], "alarms": False}}
_ROUNDS = 8
_BURST = 0.5
"""Seconds; a tiny recipe has bursts of an iteration, and two rounds of them."""


@dataclass
class Measured:
    """A trainer, and how fast its bursts were."""

    trainer: Trainer
    burst_seconds: float
    first_seconds: float = 0.0
    """Until its first iteration was over, compilation included."""

    memory_gib: float | None = None
    speeds: list[float] = field(default_factory=list)
    _pace: float = 0.0
    """Seconds of an iteration, in the last burst."""

    def begin(self) -> None:
        """Take the first iteration, with whatever is compiled and chosen in it, and a second."""
        self.first_seconds = self._iterate(1)
        self._pace = self._iterate(1)

    def burst(self) -> None:
        """Time iterations for about so many seconds, one at least."""
        count = max(1, round(self.burst_seconds / max(self._pace, 1e-4)))
        before = self.trainer.images_seen
        seconds = self._iterate(count)
        self._pace = seconds / count
        self.speeds.append((self.trainer.images_seen - before) / seconds)

    def record(self) -> dict[str, Any]:
        """Describe what was measured."""
        return {
            "execution": self.trainer.execution.settings(),
            "images_per_second": round(median(self.speeds), 1) if self.speeds else None,
            "range": [round(pick(self.speeds), 1) for pick in (min, max) if self.speeds],
            "bursts": len(self.speeds),
            "first_seconds": round(self.first_seconds, 2),
            "memory_gib": self.memory_gib,
        }

    def _iterate(self, count: int) -> float:
        """Take iterations, wait for the device, and return the seconds."""
        begun = time.perf_counter()
        for _ in range(count):
            self.trainer.iterate()
        self.trainer.upkeep.read()  # waits for the device
        return time.perf_counter() - begun


def measure_speed(
    report: Report,
    deadline: float,
    *,
    recipe: str,
    compiled: bool,
    device: str,
    tiny: bool,
    work: str,
) -> None:
    """Report, after each round, images per second by variant, at the recipe's own width and batch.

    What is compiled comes last: if the clock ends it, the others are known.
    """
    compiles = compiled and device != "cpu" and torch.cuda.is_available()
    names = [name for name in VARIANTS if name != COMPILED or compiles]
    measured: dict[str, Measured] = {}
    with ExitStack() as sessions:
        for name in names:
            measured[name] = _opened(sessions, recipe, name, device=device, tiny=tiny, work=work)
            _rounds(measured, 2, deadline, report)
        _rounds(measured, 2 if tiny else _ROUNDS, deadline, report)


def _opened(
    sessions: ExitStack, recipe: str, variant: str, *, device: str, tiny: bool, work: str
) -> Measured:
    """Open a trainer and take its first iterations."""
    before = _allocated()
    settings = merge(_UNSCORED, {"train": VARIANTS[variant]})
    config = configuration(recipe, settings, device=device, tiny=tiny)
    silent: dict[str, Any] = {"notify": lambda *_: None, "progress": lambda *_: None}
    session = started(default_host(), config, **folders(work), **silent)
    one = Measured(sessions.enter_context(session), 0.0 if tiny else _BURST)
    one.begin()
    if torch.cuda.is_initialized():
        one.memory_gib = round((torch.cuda.max_memory_allocated() - before) / 2**30, 2)
    return one


def _allocated() -> int:
    """Count what is on the device now, and measure the peak from here."""
    if not torch.cuda.is_initialized():
        return 0
    torch.cuda.reset_peak_memory_stats()
    return torch.cuda.memory_allocated()


def _rounds(measured: Mapping[str, Measured], count: int, deadline: float, report: Report) -> None:
    """Let all variants take turns until there are so many bursts of each, or until the deadline."""
    first = next(iter(measured.values()))
    batch = first.trainer.settings.batch_size
    while any(len(one.speeds) < count for one in measured.values()):
        for one in measured.values():
            one.burst()
        records = {name: one.record() for name, one in measured.items()}
        report({"batch_size": batch, "variants": records})
        if time.monotonic() > deadline:
            return
