"""A tiny model and data set for tests of the engine: seconds become milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.builtin.plugin import (
    ganx_augmentations,
    ganx_losses,
    ganx_optimizers,
    ganx_schedules,
)
from ganx.config import Config
from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset, Symmetry
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique, Networks
from ganx.contracts.specs import (
    AugmentationSpec,
    DatasetSpec,
    EvaluatorSpec,
    LossSpec,
    ModelSpec,
    OptimizerSpec,
    RecipeSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)

COLOURS = ("red", "green", "blue")
RESOLUTION = 8


class TinyModelConfig(Config):
    """Settings of the tiny model."""

    width: int = 8
    """Channels of the hidden layer."""

    dropout: float = 0.2
    """Of the discriminator: draws from torch's global random state, which must resume too."""


class TinyGenerator(nn.Module):
    """One hidden layer with batch norm."""

    def __init__(self, interface: Interface, latent: Latent, width: int) -> None:
        super().__init__()
        inputs = latent.size + interface.condition.size
        self.expand = nn.ConvTranspose2d(inputs, width, interface.resolution // 2)
        self.norm = nn.BatchNorm2d(width)
        self.paint = nn.ConvTranspose2d(width, interface.channels, 2, 2)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Map (z [B, Z], c [B, K]) to images."""
        inputs = z if c is None else torch.cat([z, c], 1)
        hidden = self.norm(self.expand(inputs[:, :, None, None])).relu()
        return self.paint(hidden).tanh()


class TinyDiscriminator(nn.Module):
    """One hidden layer with dropout."""

    def __init__(self, interface: Interface, width: int, dropout: float) -> None:
        super().__init__()
        self.look = nn.Conv2d(interface.channels, width, 4, 4)
        self.drop = nn.Dropout(dropout)
        side = interface.resolution // 4
        self.judge = nn.Linear(width * side * side + interface.condition.size, 1)

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Map (images, c [B, K]) to a logit."""
        seen = self.drop(nn.functional.leaky_relu(self.look(images), 0.2)).flatten(1)
        inputs = seen if c is None else torch.cat([seen, c], 1)
        return Critique(self.judge(inputs).squeeze(1), {})


def build_tiny(interface: Interface, config: TinyModelConfig) -> Networks:
    latent = Latent((LatentPart("noise", "normal", 4),))
    generator = TinyGenerator(interface, latent, config.width)
    return Networks(generator, TinyDiscriminator(interface, config.width, config.dropout), latent)


class TinyDatasetConfig(Config):
    """Settings of the tiny data set."""

    size: int = 50
    """Images."""

    augmentation: Symmetry = "none"
    """What the images bear."""


class ColourSquares:
    """Plain squares of three colours, with a little of the image's number mixed in."""

    action = "render"
    block = 16
    parallel = False

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def fingerprint(self) -> str:
        return f"{self._size:064x}"

    def read(self, start: int, stop: int, device: str) -> Tensor:
        del device
        numbers = torch.arange(start, stop)
        images = torch.zeros(len(numbers), RESOLUTION, RESOLUTION, 3, dtype=torch.uint8)
        for row, number in enumerate(numbers.tolist()):
            images[row, :, :, number % 3] = 200
            images[row, 0, 0] = number % 256
        return images


def open_tiny(config: TinyDatasetConfig) -> Dataset:
    interface = Interface(RESOLUTION, 3, Condition("classes", (Group("colour", COLOURS),)))
    conditions = np.eye(3, dtype=np.uint8)[np.arange(config.size) % 3]
    return Dataset(
        interface,
        ColourSquares(config.size),
        conditions,
        prompts={"test": COLOURS},
        augmentation=config.augmentation,
    )


TINY_RECIPE = {
    "model": {"name": "tiny"},
    "dataset": {"name": "squares"},
    "loss": {"sum": "bce"},
    "plan": {"name": "split"},
    "train": {"images": 96, "batch_size": 16, "device": "cpu", "precision": "float32"},
    # Its rows are those of training alone, unless a test asks for others.
    "evaluate": {"evaluators": [], "label_learning": False},
}


@dataclass(frozen=True)
class TinyHost:
    """The registries of a host with the tiny model and data set and ganx's own parts."""

    models: Mapping[str, ModelSpec]
    datasets: Mapping[str, DatasetSpec]
    losses: Mapping[str, LossSpec]
    augmentations: Mapping[str, AugmentationSpec]
    optimizers: Mapping[str, OptimizerSpec]
    schedules: Mapping[str, ScheduleSpec]
    plans: Mapping[str, UpdatePlanSpec]
    recipes: Mapping[str, RecipeSpec]
    evaluators: Mapping[str, EvaluatorSpec]
    plugins: tuple[object, ...] = ()
    heard: list[tuple[str, object]] = field(default_factory=list)

    def notify(self, hook: str, event: object) -> None:
        """Remember what observers are told."""
        self.heard.append((hook, event))


def tiny_host() -> TinyHost:
    model = ModelSpec("tiny", "One hidden layer", TinyModelConfig, build_tiny, "tiny")
    dataset = DatasetSpec("squares", "Coloured squares", TinyDatasetConfig, open_tiny)
    timing = list(ganx_schedules())
    return TinyHost(
        models={"tiny": model},
        datasets={"squares": dataset},
        losses={spec.name: spec for spec in ganx_losses()},
        augmentations={spec.name: spec for spec in ganx_augmentations()},
        optimizers={spec.name: spec for spec in ganx_optimizers()},
        schedules={spec.name: spec for spec in timing if isinstance(spec, ScheduleSpec)},
        plans={spec.name: spec for spec in timing if isinstance(spec, UpdatePlanSpec)},
        recipes={"tiny": RecipeSpec("tiny", "For tests", TINY_RECIPE)},
        evaluators={spec.name: spec for spec in ganx_evaluators()},
    )
