"""One run in a comparison: its evaluation, and what stands above its column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganx.contracts.results import Evaluation
from ganx.runs.directory import RunDirectory


@dataclass(frozen=True)
class Contender:
    """A run that is compared with others."""

    name: str
    """Tells it from the others."""

    evaluation: Evaluation
    """Its ``protocol`` holds the interface too."""

    config: Mapping[str, Any]
    """The run's configuration."""

    parameters: int
    """Of the generator."""

    run: RunDirectory | None = None
    """Where curves and grids are; None without any."""

    changes: Sequence[str] = ()
    """What decides the weights and was changed before that checkpoint: a line for each moment."""

    @property
    def images_seen(self) -> int:
        """How far training had got."""
        return self.evaluation.origin.images_seen

    @property
    def recipe(self) -> str:
        """The recipe that the run's settings were laid over."""
        return str(self.config.get("recipe", ""))

    @property
    def model(self) -> str:
        """The name of the architecture."""
        return str(self.config.get("model", {}).get("name", ""))

    @property
    def checkpoint(self) -> str:
        """Which weights are evaluated, in words."""
        weights = self.evaluation.origin.weights_in_words
        chosen = self.evaluation.protocol.selected_on
        return f"{weights}, best on {chosen}" if chosen else weights

    def to_json(self) -> dict[str, Any]:
        """Write what is known of it."""
        return {
            "name": self.name,
            "recipe": self.recipe,
            "model": self.model,
            "images_seen": self.images_seen,
            "parameters": self.parameters,
            "evaluation": self.evaluation.to_json(),
        }
