"""What evaluators found: figures and tables, as data that is written to JSON and read back."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from ganx.contracts.protocol import Origin, ScoringProtocol

Better = Literal["higher", "lower", "neither"]
Cell = str | float | int | None

BEYOND_CHANCE = 2.0
"""Standard deviations of a shuffle that a score lies beyond chance to be more than chance."""

ROUNDING = 1e-9
"""Differences that are no differences."""


class Baseline(NamedTuple):
    """The scores of shuffled conditions."""

    mean: float
    sd: float
    """Of one shuffle, over shuffles: how far chance alone takes a score."""


@dataclass(frozen=True)
class Figure:
    """One number, its spread over seeds of the noise, and what chance would give."""

    name: str
    """Such as ``top-k``; short, and without a dot."""

    mean: float
    sd: float = 0.0
    """Over the seeds; 0 for a single one. Of what has no noise, the standard error."""

    draws: int = 1
    """Seeds of the noise."""

    chance: Baseline | None = None
    """The same figure with conditions shuffled among the images."""

    better: Better = "higher"
    qualifier: str = ""
    """What the number depends on besides the generator, such as reference, count, and network."""

    is_share: bool = True
    """Whether it lies between 0 and 1, and is shown in percent."""

    against: str = ""
    """The real images that it is held against; empty where there are none."""

    caution: str = ""
    """Why the number says less than it seems to, such as for too few images; a sentence that goes
    on after the figure's name. Screens and pages print it beside the number."""

    @property
    def title(self) -> str:
        """The name with the real images beside it, as figures against others differ from it."""
        return f"{self.name} against {self.against}" if self.against else self.name

    @property
    def full_name(self) -> str:
        """The name with all that has to be said beside it."""
        return f"{self.title} ({self.qualifier})" if self.qualifier else self.title

    @property
    def z(self) -> float:
        """How many standard deviations above shuffled conditions; NaN where none were shuffled.

        Where all shuffles score the same, the values themselves are compared: 0 for the same
        value, else infinite.
        """
        if self.chance is None:
            return math.nan
        ahead = self.mean - self.chance.mean
        if self.chance.sd > ROUNDING:
            return ahead / self.chance.sd
        if math.isnan(ahead):
            return math.nan
        return math.copysign(math.inf, ahead) if abs(ahead) > ROUNDING else 0.0

    @property
    def is_chance(self) -> bool:
        """Whether it is no better than shuffled conditions, as far as any were shuffled."""
        if self.chance is None:
            return False
        ahead = -self.z if self.better == "lower" else self.z
        return not ahead > BEYOND_CHANCE  # which NaN is not either

    @property
    def ignores_noise(self) -> bool:
        """Whether every draw of noise scores the same, although it could be better."""
        best = {"higher": 1.0 if self.is_share else math.inf, "lower": 0.0, "neither": math.nan}
        at_best = abs(self.mean - best[self.better]) <= ROUNDING
        return self.draws > 1 and self.sd <= ROUNDING and not at_best


@dataclass(frozen=True)
class Table:
    """Numbers by row and column; the first cell of a row is its head."""

    title: str
    columns: Sequence[str]
    """Heads of all columns, that of the rows' heads included."""

    rows: Sequence[Sequence[Cell]]
    kind: Literal["shares", "confusion"] = "shares"
    """Shares lie in [0, 1] beside whole counts; a confusion counts row shown as column."""


@dataclass(frozen=True)
class Result:
    """What one evaluator says of one set of prompts or images."""

    evaluator: str
    scope: str
    """The name of the prompts, such as ``test``; ``images`` where there are none."""

    figures: Sequence[Figure]
    tables: Sequence[Table] = ()

    @property
    def cautions(self) -> dict[str, list[str]]:
        """The titles of the figures that each caution is of."""
        found: dict[str, list[str]] = {}
        for figure in self.figures:
            if figure.caution:
                found.setdefault(figure.caution, []).append(figure.title)
        return found


@dataclass(frozen=True)
class Evaluation:
    """Everything that was found about one generator at one moment."""

    origin: Origin
    """Run, model, images seen and weights."""

    protocol: ScoringProtocol
    """What decides the figures besides the generator: judge, seeds, prompts by digest, data."""

    results: Sequence[Result]
    notes: Sequence[str] = field(default=())
    """What a reader must know, such as that the checkpoint was selected on test prompts."""

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield each figure under ``scope.name``, such as ``test.top-k``."""
        for result in self.results:
            for figure in result.figures:
                yield f"{result.scope}.{figure.name}", figure

    def scores(self) -> dict[str, float]:
        """Return the mean of each figure by ``scope.name``."""
        return {name: figure.mean for name, figure in self.figures()}

    def to_json(self) -> dict[str, Any]:
        """Write everything as JSON; a number that is not finite becomes null."""
        written = {
            "origin": asdict(self.origin),
            "terms": self.protocol.to_json(),  # the name that it has in files
            "results": [_written(result) for result in self.results],
            "notes": self.notes,
        }
        cleaned: dict[str, Any] = _clean(written)
        return cleaned

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Evaluation":
        """Read what ``to_json`` wrote."""
        results = [_result(one) for one in data["results"]]
        origin = Origin.from_json(data["origin"])
        protocol = ScoringProtocol.from_json(data["terms"])
        return cls(origin, protocol, results, tuple(data["notes"]))


def _written(result: Result) -> dict[str, Any]:
    """Write one result; its scope is called ``subject`` in files."""
    names = {"scope": "subject"}
    written = {names.get(name, name): value for name, value in asdict(result).items()}
    return {**written, "figures": [_told(figure) for figure in written["figures"]]}


def _told(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out a caution where there is none."""
    return {name: value for name, value in figure.items() if name != "caution" or value}


def _result(data: Mapping[str, Any]) -> Result:
    """Read one result."""
    tables = tuple(Table(**table) for table in data["tables"])
    return Result(data["evaluator"], data["subject"], [_figure(f) for f in data["figures"]], tables)


def _figure(data: Mapping[str, Any]) -> Figure:
    """Read one figure."""
    numbers = {"mean": _number(data["mean"]), "sd": _number(data["sd"])}
    return Figure(**{**data, **numbers, "chance": _baseline(data["chance"])})


def _baseline(data: Any) -> Baseline | None:
    """Read a baseline, which JSON holds as a list or by name."""
    if data is None:
        return None
    mean, sd = (data["mean"], data["sd"]) if isinstance(data, Mapping) else data
    return Baseline(_number(mean), _number(sd))


def _number(value: float | None) -> float:
    """Read a number, which is null where it was not finite."""
    return math.nan if value is None else value


def _clean(value: Any) -> Any:
    """Put null for numbers that JSON cannot hold."""
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
