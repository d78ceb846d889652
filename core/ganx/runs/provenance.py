"""What a session of training was made with, as a run keeps it in ``provenance.json``."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class Provenance:
    """Versions, plugins, hardware and data of one session of training."""

    started: str
    """In ISO 8601, with the zone."""

    ganx: str
    python: str
    packages: Mapping[str, str]
    """Versions by distribution."""

    plugins: Mapping[str, str]
    """Distribution and version by plugin."""

    hardware: Mapping[str, Any]
    execution: Mapping[str, Any]
    """Device, precision and the like, as they were decided."""

    seed: int
    dataset: Mapping[str, Any]
    """``fingerprint`` of the images, ``labels_fingerprint`` of what they show (with the
    vocabulary), number of ``images``, and what the data set says of its origin."""

    providers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The distribution of each part of the run, by registry and name."""

    images_seen: int = 0
    """Where the session began."""

    changes: Sequence[Mapping[str, Any]] = ()
    """Settings that are others than in the session before: ``key``, ``before`` and ``after``."""

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote; what later versions add is left out.

        Raises ``TypeError`` where something is missing.
        """
        return cls(**{one.name: data[one.name] for one in fields(cls) if one.name in data})
