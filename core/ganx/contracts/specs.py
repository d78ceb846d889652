"""What plugins yield: frozen descriptions, cheap to make, that build the real thing on demand.

A spec's functions import what they need when they are called, so that listing plugins loads
neither torch nor numpy.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ganx.config import Config
from ganx.contracts.plan import UpdatePlan

if TYPE_CHECKING:
    from torch.nn import Parameter
    from torch.optim import Optimizer

    from ganx.contracts.augmentation import Augmentation
    from ganx.contracts.dataset import Dataset
    from ganx.contracts.frozen import FrozenGenerator, Generate
    from ganx.contracts.interface import Interface
    from ganx.contracts.judge import Judge
    from ganx.contracts.networks import Networks
    from ganx.contracts.results import Result
    from ganx.contracts.subject import Subject
    from ganx.contracts.term import LossContext, LossTerm


class NoConfig(Config):
    """The configuration of a part that has nothing to set."""


@dataclass(frozen=True)
class ModelSpec:
    """An architecture: a generator and a discriminator."""

    name: str
    summary: str
    config: type[Config]
    build: "Callable[[Interface, Any], Networks]"
    """Called as ``build(interface, config)``; raises ``ConfigError`` for what it cannot do."""
    recipe: str
    """The recipe that ``ganx train --plugin NAME`` starts from."""
    unlabelled_recipe: str = ""
    """That recipe where ``dataset.labels`` is false; empty: the same."""


@dataclass(frozen=True)
class LossSpec:
    """One term of a loss."""

    name: str
    summary: str
    build: "Callable[[LossContext, Any], LossTerm]"
    config: type[Config] = NoConfig
    needs_labels: bool = False
    """Whether a loss goes without the term where the data set says nothing of its images."""


Purpose = Literal["judge", "reference", "comparison"]
"""What unseen images are for: a judge learns from them, generated ones are held against them,
judges are compared on them."""


@dataclass(frozen=True)
class Wish:
    """How a data set is to be opened anew; what is not named stays as it is."""

    labels: bool = False
    """With all that is known of the images, even if a run trains without."""

    resolution: int | None = None
    """At another side of the square, in pixels."""

    images: int | None = None
    """With so many images, of those that can be had without end."""


def _none_unseen(config: Config, purpose: Purpose) -> Config | None:
    """Have no other images."""
    del config, purpose
    return None


def _as_it_is(config: Config, wish: Wish) -> Config:
    """Fulfil no wish."""
    del wish
    return config


@dataclass(frozen=True)
class DatasetSpec:
    """A data set: images and what they show."""

    name: str
    summary: str
    config: type[Config]
    open: "Callable[[Any], Dataset]"
    """Called as ``open(config)``; must not decode images. Raises ``DataError``."""
    judges: "Mapping[str, Callable[[Path], Judge]]" = field(default_factory=dict)
    """Readers of judges in a form of their own, by the file's suffix, such as ``".pth"``."""
    unseen: "Callable[[Any, Purpose], Config | None]" = _none_unseen
    """Called as ``unseen(config, purpose)``: settings of images of the same kind that a run of
    ``config`` does not see, others for each purpose; None where there are none. Judges and
    references then take held-out splits."""
    suited: "Callable[[Any, Wish], Config]" = _as_it_is
    """Called as ``suited(config, wish)``: the settings, changed as far as the wish can be
    fulfilled. Labels come with the same images."""


@dataclass(frozen=True)
class OptimizerSpec:
    """A rule by which gradients move parameters."""

    name: str
    summary: str
    config: type[Config]
    """Must have the setting ``learning_rate``."""
    build: "Callable[[Sequence[Parameter], Any], Optimizer]"
    """Called as ``build(parameters, config)``. Schedules scale the rate ``lr`` of each group."""


@dataclass(frozen=True)
class AugmentationSpec:
    """A change of real and generated images before D sees them."""

    name: str
    summary: str
    build: "Callable[[Interface, Any], Augmentation]"
    """Called as ``build(interface, config)``; raises ``ConfigError`` for what it cannot do."""
    config: type[Config] = NoConfig


@dataclass(frozen=True)
class ScheduleSpec:
    """A factor on a learning rate or a weight, as a pure function of images seen."""

    name: str
    summary: str
    build: Callable[[Any], Callable[[int], float]]
    config: type[Config] = NoConfig


@dataclass(frozen=True)
class UpdatePlanSpec:
    """An order of optimizer steps."""

    name: str
    summary: str
    build: Callable[[Any], UpdatePlan]
    config: type[Config] = NoConfig


def _nothing(subject: "Subject") -> str:
    """Have nothing against any subject."""
    del subject
    return ""


@dataclass(frozen=True)
class EvaluatorSpec:
    """Scores generated images, against what was asked for or against real ones."""

    name: str
    summary: str
    evaluate: "Callable[[Subject, Any], Iterable[Result]]"
    """Called as ``evaluate(subject, config)``; must leave the generator as it is."""
    config: type[Config] = NoConfig
    hindrance: "Callable[[Subject], str]" = _nothing
    """Says in a sentence why a subject cannot be evaluated, such as a missing judge; or nothing."""
    slow: bool = False
    """Whether it takes long, and so only scores when it is named."""
    headline: tuple[str, ...] = ()
    """Names of figures, the first of which that a result has heads the page of a run; ``*`` is its
    first figure, and stands for any letters in other names. Empty: none heads it."""
    collapse: Mapping[str, float] = field(default_factory=dict)
    """Figures of how far images of one condition lie apart, by name, each with the value below
    which G ignores the noise. The first that is scored while a run trains raises the alarm
    ``collapse`` where all sets of prompts or images have less. Empty: none does."""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a figure that nothing can be below."""
        for figure, least in self.collapse.items():
            if not least > 0:
                raise ValueError(f"collapse names {figure!r} with {least}, which must be above 0.")


@dataclass(frozen=True)
class ExporterSpec:
    """A file format for trained generators."""

    name: str
    summary: str
    suffix: str
    """The file's ending, with its dot."""
    export: "Callable[..., None]"
    """Writes the frozen generator, with the JSON of ``FrozenGenerator.metadata`` inside the file.
    Called as ``export(frozen, path, config)``, or ``export(frozen, path)`` where ``config`` is
    None."""
    load: "Callable[[Path], Generate]"
    """Opens a file for verification: a function from numpy z [B, Z], c [B, K] to images."""
    config: type[Config] | None = None
    """What can be set, best a kind of ``ganx.ExportConfig``; None: nothing."""
    read: "Callable[[Path], str] | None" = None
    """Returns that JSON from a file, running nothing of it; None: it cannot be read back."""
    annotate: "Callable[[Path, str], None] | None" = None
    """Replaces the JSON in a written file, and nothing else; None: what verification found is not
    in the file."""
    alone: Path | None = None
    """A Python file that needs neither ganx nor PyTorch and runs exported files, in which case
    they are verified by it in a process that has neither. ``ganx.exporting.alone`` says how it is
    called."""
    program: bool = False
    """Whether to open a file is to run a program, which asks for trust in whoever wrote it."""

    def write(self, frozen: "FrozenGenerator", path: Path, config: Config | None) -> None:
        """Write a file by the exporter's own settings, if it has any."""
        if self.config is None:
            self.export(frozen, path)
        else:
            self.export(frozen, path, config or self.config())


@dataclass(frozen=True)
class RecipeSpec:
    """A named, complete run configuration."""

    name: str
    summary: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Nested settings as in a run's ``config.toml``."""
