"""Alarms: training is watched for signs of failing, and each is told once until it has gone."""

from collections.abc import Iterable, Mapping
from math import exp, isfinite

from ganx.contracts.events import AlarmRaised
from ganx.runs.metrics import Metrics
from ganx.training.alarm_rules import OF_LOSSES, OF_SCORES, Levels, Sign

_HORIZON = 50
"""Iterations over which losses are smoothed, so that a single batch decides nothing."""

_FIRST_ITERATIONS = 200
"""Before so many iterations scores say nothing: at its start, G paints all alike."""


class Alarms:
    """Watches one run. After a resume, ``replay`` what the run had recorded until then."""

    def __init__(self) -> None:
        self._losses = [_Watch(sign) for sign in OF_LOSSES]
        self._scores = [_Watch(sign) for sign in OF_SCORES]
        self._levels: dict[str, float] = {}
        self._moments: dict[str, int] = {}
        self._iteration: int | None = None

    def stepped(
        self, images_seen: int, iteration: int, metrics: Mapping[str, float]
    ) -> list[AlarmRaised]:
        """Look at losses, averaged since the last call; return the alarms that this raises."""
        self._smooth(iteration, metrics)
        levels = {name: self._levels[name] for name in metrics if name in self._levels}
        return _raised(self._losses, images_seen, iteration, levels)

    def evaluated(self, images_seen: int, scores: Mapping[str, float]) -> list[AlarmRaised]:
        """Look at scores by ``subject.figure``; return the alarms that this raises."""
        if self._iteration is not None and self._iteration < _FIRST_ITERATIONS:
            return []
        finite = {name: value for name, value in scores.items() if isfinite(value)}
        return _raised(self._scores, images_seen, images_seen, finite)

    def replay(self, metrics: Metrics) -> None:
        """Live through what a run recorded; what was raised then is not raised again."""
        names = list(metrics.columns)
        columns = [metrics.columns[name].tolist() for name in names]
        for seen, *values in zip(metrics.images_seen.tolist(), *columns, strict=True):
            row = {name: one for name, one in zip(names, values, strict=True) if isfinite(one)}
            self.stepped(int(seen), int(row.pop("iteration", 0)), row)
            self.evaluated(int(seen), row)

    def _smooth(self, iteration: int, metrics: Mapping[str, float]) -> None:
        """Let the levels follow the metrics."""
        for name, value in metrics.items():
            # Of its own, as a term that counts now and then is not in every reading.
            passed = max(0, iteration - self._moments.get(name, 0))
            share = 1 - exp(-passed / _HORIZON)
            before = self._levels.get(name, value)
            self._levels[name] = before + share * (value - before)
            self._moments[name] = iteration
        self._iteration = iteration


class _Watch:
    """Remembers since when a sign has been there, and whether it was told."""

    def __init__(self, sign: Sign) -> None:
        self.sign = sign
        self._since: int | None = None
        self._told = False

    def look(self, level: float, now: int) -> bool:
        """Tell whether the sign has to be told now: iterations, or images seen."""
        sign = self.sign
        if level > sign.gone:
            self._told = False
        if level >= sign.alarming:
            self._since = None
        elif self._since is None:
            self._since = now
        if self._told or self._since is None:
            return False
        self._told = now - self._since >= sign.patience and now >= sign.grace
        return self._told


def _raised(
    watches: Iterable[_Watch], images_seen: int, now: int, levels: Levels
) -> list[AlarmRaised]:
    """Look at every sign that the levels tell of."""
    alarms = []
    for watch in watches:
        level = watch.sign.level(levels)
        if level is not None and watch.look(level, now):
            alarms.append(AlarmRaised(images_seen, watch.sign.kind, watch.sign.text(levels)))
    return alarms
