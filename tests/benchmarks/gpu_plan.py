"""Which recipes are measured and trained on a GPU, in which order, and how long each may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganx.errors import ConfigError, unknown

EAGER = "float32 eager"
PLAIN = "defaults, not compiled"
COMPILED = "defaults"
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    EAGER: {"precision": "float32", "compile": "off", "channels_last": False},
    PLAIN: {"compile": "off"},
    COMPILED: {},
}
"""The ``train`` settings that speed is measured with; the last only where it means compiled."""

SPEED_WEIGHTS = {"slots": 6.0, "sagan-bce": 6.0, "wgan-gp": 6.0}
"""Recipes that are measured compiled too; compiling takes longer than all that is timed."""

SCORES = 5
"""How often a training is scored, and a grid drawn, where its speed is known."""

USED = 0.75
"""The share of the time left that is planned for iterations: the rest are scores, checkpoints, and
what makes a training slower than its recipe was measured."""

EVERY = 5_000
"""Images between scores where no speed is known."""


@dataclass(frozen=True)
class Training:
    """A training by the clock."""

    name: str
    recipe: str
    weight: float
    """Its part of the time: seconds, where all are there and nothing is left over."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    slower: float = 1.0
    """How many times slower than the recipe as it was measured."""


TRAININGS = (
    Training("slots", "slots", 90),
    Training("slots-128", "slots", 60, {"dataset": {"resolution": 128}}, slower=1.5),
    Training("sagan-bce", "sagan-bce", 50),
    Training("wgan-gp", "wgan-gp", 40),
    Training("cdcgan", "cdcgan", 30),
    Training("infogan", "infogan", 30),
)
"""In order of worth. Six, so that record and grids are within eight files."""


@dataclass(frozen=True)
class Pace:
    """How fast a recipe trains with some ``train`` settings."""

    train: Mapping[str, Any]
    images_per_second: float
    first_seconds: float
    """Of its first iteration, compilation included."""

    def images(self, seconds: float) -> float:
        """Tell how many images are seen in a time that begins with the first iteration."""
        return max(0.0, seconds - self.first_seconds) * self.images_per_second


def trained(recipes: Iterable[str]) -> list[Training]:
    """Choose the trainings whose recipes are there."""
    there = set(recipes)
    return [one for one in TRAININGS if one.recipe in there]


def in_order(there: Sequence[str], asked: Sequence[str] = ()) -> list[str]:
    """Order the recipes that are there, or those of them that are asked for, by worth.

    Raises ``ConfigError`` for one that no plugin provides.
    """
    for name in asked:
        if name not in there:
            raise ConfigError(unknown("recipe", name, there))
    by_worth = dict.fromkeys([*(one.recipe for one in TRAININGS), *there])
    return [name for name in by_worth if name in there and name in (asked or there)]


def paces_of(training: Training, variants: Mapping[str, Mapping[str, Any]]) -> list[Pace]:
    """Read the paces of the default settings off what was measured of a training's recipe.

    At another size the networks would be compiled anew, so there they are not.
    """
    names = [PLAIN] if training.settings else [PLAIN, COMPILED]
    known = [(VARIANTS[name], variants[name]) for name in names if name in variants]
    return [
        Pace(train, found["images_per_second"] / training.slower, found["first_seconds"])
        for train, found in known
        if found["images_per_second"]
    ]


def horizon(paces: Sequence[Pace], seconds: float, batch: int) -> dict[str, Any]:
    """Plan a run for a time: its fastest settings, how many images, and when it is scored."""
    if not paces:
        return {"train": {"grid_every": EVERY}, "evaluate": {"every": EVERY}}
    best = max(paces, key=lambda pace: pace.images(USED * seconds))
    images = max(batch, int(best.images(USED * seconds)))
    every = max(batch, images // SCORES)
    train = {**best.train, "images": images, "grid_every": every}
    return {"train": train, "evaluate": {"every": every}}
