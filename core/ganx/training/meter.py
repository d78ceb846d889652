"""Losses gathered on the device and read only now and then, so that a step never waits."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Reading:
    """What was gathered since the last reading."""

    means: dict[str, float]
    bad_iteration: int | None
    """The first iteration with a loss that was not finite."""
    bad_name: str | None


class LossMeter:
    """Sums of scalar losses by name, with the first iteration at which each was not finite."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._names: list[str] = []
        self._sums = torch.zeros(0, device=device)
        self._bad = torch.zeros(0, device=device)
        self._count = 0

    def add(self, losses: Mapping[str, Tensor], iteration: int) -> None:
        """Add one iteration's losses; does not wait for the device."""
        if list(losses) != self._names:
            self._start(list(losses))
        values = torch.stack([loss.detach().float() for loss in losses.values()])
        self._sums += values
        newly_bad = ~values.isfinite() & (self._bad < 0)
        self._bad.masked_fill_(newly_bad, iteration)
        self._count += 1

    def read(self) -> Reading:
        """Wait for the device, return the means since the last reading, and start anew."""
        if not self._count:
            return Reading({}, None, None)
        rows = torch.stack([self._sums / self._count, self._bad]).tolist()
        means = dict(zip(self._names, rows[0], strict=True))
        bad = {name: at for name, at in zip(self._names, rows[1], strict=True) if at >= 0}
        first = min(bad, key=bad.__getitem__, default=None)
        self._start(self._names)
        return Reading(means, int(bad[first]) if first else None, first)

    def _start(self, names: list[str]) -> None:
        """Empty the sums."""
        self._names = names
        self._sums = torch.zeros(len(names), device=self._device)
        # Double, since an iteration's number must survive exactly.
        self._bad = torch.full((len(names),), -1.0, device=self._device, dtype=torch.float64)
        self._count = 0
