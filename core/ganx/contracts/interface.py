"""What a data set decides and a model is built for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ganx.contracts.condition import Condition


@dataclass(frozen=True)
class Interface:
    """The form of the images and conditions that generator and discriminator must speak.

    Images are ``[B, channels, resolution, resolution]`` in [-1, 1]; conditions ``[B, K]``.
    """

    resolution: int
    channels: int
    condition: Condition

    def limited(self, labels: int) -> "Interface":
        """Return the same for a generator that shows so many labels at once; 0: all of them."""
        if self.condition.kind != "labels":
            return self
        return replace(self, condition=replace(self.condition, limit=labels))

    def to_json(self) -> dict[str, Any]:
        """Describe the interface for checkpoints and exported files."""
        return {
            "resolution": self.resolution,
            "channels": self.channels,
            "image_range": [-1.0, 1.0],
            "condition": self.condition.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Interface":
        """Read what ``to_json`` wrote."""
        condition = Condition.from_json(data["condition"])
        return cls(data["resolution"], data["channels"], condition)
