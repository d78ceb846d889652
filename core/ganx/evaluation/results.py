"""What evaluators found: figures and tables, as data that is written to JSON and read back."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ganx.judging.baseline import Baseline, Finding

Better = Literal["higher", "lower", "neither"]
Cell = str | float | int | None


@dataclass(frozen=True)
class Figure:
    """One number, its spread over seeds of the noise, and what chance would give."""

    name: str
    """Such as ``top-k``; short, and without a dot."""

    mean: float
    sd: float = 0.0
    """Over the seeds; 0 for a single one."""

    draws: int = 1
    """Seeds of the noise."""

    chance: Baseline | None = None
    """The same figure with conditions shuffled among the images."""

    better: Better = "higher"
    qualifier: str = ""
    """What the number depends on besides the generator, such as reference, count, and network."""

    is_share: bool = True
    """Whether it lies between 0 and 1, and is shown in percent."""

    @property
    def full_name(self) -> str:
        """The name with all that has to be said beside it."""
        return f"{self.name} ({self.qualifier})" if self.qualifier else self.name

    @property
    def z(self) -> float:
        """How many standard deviations above shuffled conditions; NaN where that means nothing."""
        if self.chance is None or not self.chance.sd:
            return math.nan
        return (self.mean - self.chance.mean) / self.chance.sd

    @classmethod
    def of(cls, name: str, finding: Finding, draws: int, **more: Any) -> "Figure":
        """Take over a finding of ``ganx.judging``."""
        return cls(name, finding.mean, finding.sd, draws, finding.shuffled, **more)


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
    subject: str
    """The name of the prompts, such as ``test``; ``images`` where there are none."""

    figures: Sequence[Figure]
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Evaluation:
    """Everything that was found about one generator at one moment."""

    origin: Mapping[str, Any]
    """Run, model, images seen and weights: ``FrozenGenerator.metadata["origin"]``."""

    terms: Mapping[str, Any]
    """What decides the figures besides the generator: judge, seeds, prompts by digest, data."""

    results: Sequence[Result]
    notes: Sequence[str] = field(default=())
    """What a reader must know, such as that the checkpoint was selected on test prompts."""

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield each figure under ``subject.name``, such as ``test.top-k``."""
        for result in self.results:
            for figure in result.figures:
                yield f"{result.subject}.{figure.name}", figure

    def scores(self) -> dict[str, float]:
        """Return the mean of each figure by ``subject.name``."""
        return {name: figure.mean for name, figure in self.figures()}

    def to_json(self) -> dict[str, Any]:
        """Write everything as JSON; a number that is not finite becomes null."""
        cleaned: dict[str, Any] = _clean(asdict(self))
        return cleaned

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Evaluation":
        """Read what ``to_json`` wrote."""
        results = [_result(one) for one in data["results"]]
        return cls(data["origin"], data["terms"], results, tuple(data["notes"]))


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
