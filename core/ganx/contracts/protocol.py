"""What decides figures: whose images they are of, and by what protocol they were taken."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from ganx.contracts.dataset import Stated, stated
from ganx.contracts.interface import Interface

DECISIVE = ("judge", "seeds", "prompts", "data")
"""What of a protocol decides a figure, besides the version of ganx."""


@dataclass(frozen=True)
class Origin:
    """The weights that were scored; ``FrozenGenerator.metadata["origin"]``."""

    ganx: str = ""
    """The version that read them."""

    run: str = ""
    """The name of the run's folder."""

    model: Mapping[str, Any] = field(default_factory=dict)
    """The architecture with its settings."""

    weights: str = "ema"
    """``ema`` or ``raw``."""

    images_seen: int = 0

    @property
    def weights_in_words(self) -> str:
        """Name the kind of weights."""
        return "averaged" if self.weights == "ema" else "raw"

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what is there of it; a generator that no run made knows less."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass(frozen=True)
class JudgeIdentity:
    """Which judge looked at the images."""

    name: str
    digest: str
    """Of its weights."""

    held_out: Mapping[str, float] = field(default_factory=dict)
    """Its scores on images that it did not learn from."""

    def __str__(self) -> str:
        """Write which judge it is."""
        return f"{self.name} [{self.digest}]"


@dataclass(frozen=True)
class PromptsIdentity:
    """One set of prompts."""

    digest: str
    count: int


@dataclass(frozen=True)
class DataIdentity:
    """The data set that the run was trained on."""

    name: str
    fingerprint: str
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """What the data set says of itself."""

    @property
    def stated(self) -> Stated:
        """What the engine reads of that."""
        return stated(self.provenance)


@dataclass(frozen=True)
class ScoringProtocol:
    """What decides the figures besides the generator."""

    ganx: str = ""
    """The version that scored."""

    judge: JudgeIdentity | None = None
    seeds: Sequence[int] = ()
    """Of the noise."""

    prompts: Mapping[str, PromptsIdentity] = field(default_factory=dict)
    data: DataIdentity | None = None
    """None where it is not known."""

    selected_on: str = ""
    """The set of prompts that chose the checkpoint; empty where no score did."""

    evaluators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The settings of those that scored, by name."""

    interface: Interface | None = None
    """Form of the images and vocabulary; put in for comparisons, and not kept."""

    def deciding(self) -> dict[str, Any]:
        """Write as JSON what decides the figures of any evaluator."""
        return {
            "ganx": self.ganx,
            "judge": asdict(self.judge) if self.judge else None,
            "seeds": list(self.seeds),
            "prompts": {name: asdict(one) for name, one in self.prompts.items()},
            "data": asdict(self.data) if self.data else None,
        }

    def to_json(self) -> dict[str, Any]:
        """Write all of it as JSON."""
        form = {"interface": self.interface.to_json()} if self.interface else {}
        evaluators = {name: dict(settings) for name, settings in self.evaluators.items()}
        chosen = {"selected_on": self.selected_on, "evaluators": evaluators}
        return {**self.deciding(), **chosen, **form}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote. Raises ``KeyError`` and ``TypeError`` for anything else."""
        judge, known, form = data["judge"], data["data"], data.get("interface")
        return cls(
            ganx=data["ganx"],
            judge=JudgeIdentity(**judge) if judge else None,
            seeds=tuple(data["seeds"]),
            prompts={name: PromptsIdentity(**one) for name, one in data["prompts"].items()},
            data=DataIdentity(**known) if known else None,
            selected_on=data["selected_on"],
            evaluators=data["evaluators"],
            interface=Interface.from_json(form) if form else None,
        )


def as_text(value: Any) -> str:
    """Write JSON so that equal values are equal texts, ranges and tuples being lists."""
    return json.dumps(value, sort_keys=True, default=list)


def agree(
    one: Origin | ScoringProtocol,
    other: Origin | ScoringProtocol,
    names: Collection[str] | None = None,
) -> bool:
    """Tell whether two agree in the fields of these names, or in all without names.

    What was read from a file and what is of now have one form here.
    """
    return _chosen(one.to_json(), names) == _chosen(other.to_json(), names)


def _chosen(written: Mapping[str, Any], names: Collection[str] | None) -> str:
    return as_text({name: written[name] for name in written if names is None or name in names})
