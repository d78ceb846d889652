"""The engine on images of noise, for tests: real plans and steps, nothing prepared or drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.contracts.plan import Phase
from ganx.contracts.specs import (
    AugmentationSpec,
    DatasetSpec,
    LossSpec,
    ModelSpec,
    NoConfig,
    OptimizerSpec,
    RecipeSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)
from ganx.data.images import ImageStore
from ganx.device import Execution
from ganx.host import default_host
from ganx.runs.directory import RunDirectory
from ganx.settings.run import RunConfig, resolve
from ganx.testing.probe import conditions, enliven, parameters
from ganx.training.phase import PhaseInputs, PhaseResult
from ganx.training.setup import set_up
from ganx.training.trainer import Trainer

SIZE = 12
BATCH = 4
LEARNING_RATE = 1e-2
CPU = Execution(torch.device("cpu"), "float32", compile=False, channels_last=True)


class NoiseImages:
    """An ``ImageSource`` of random pixels."""

    action = "render"
    block = SIZE
    parallel = True

    def __init__(self, interface: Interface) -> None:
        side = interface.resolution
        rng = np.random.default_rng(0)
        size = (SIZE, side, side, interface.channels)
        self.pixels = rng.integers(256, size=size, dtype=np.uint8)

    def __len__(self) -> int:
        """Count the images."""
        return len(self.pixels)

    def fingerprint(self) -> str:
        """Tell sizes apart, which decide the pixels."""
        return "".join(f"{side:08x}" for side in self.pixels.shape)

    def read(self, start: int, stop: int, device: str) -> Tensor:
        """Return images start..stop-1 as uint8 [stop - start, H, W, C]."""
        del device
        return torch.from_numpy(self.pixels[start:stop].copy())


def open_noise(interface: Interface, config: NoConfig) -> Dataset:
    """Open random images that show by turns each value of the condition."""
    del config
    rows = conditions(interface.condition, SIZE).numpy().astype(np.uint8)
    return Dataset(interface, NoiseImages(interface), rows)


@dataclass(frozen=True)
class Workbench:
    """The installed plugins' losses, schedules and plans, around one model and images of noise."""

    models: Mapping[str, ModelSpec]
    datasets: Mapping[str, DatasetSpec]
    losses: Mapping[str, LossSpec]
    augmentations: Mapping[str, AugmentationSpec]
    optimizers: Mapping[str, OptimizerSpec]
    schedules: Mapping[str, ScheduleSpec]
    plans: Mapping[str, UpdatePlanSpec]
    recipes: Mapping[str, RecipeSpec]


def workbench(model: ModelSpec, interface: Interface) -> Workbench:
    """Put a model on the bench."""
    host = default_host()
    noise = DatasetSpec("noise", "Random pixels", NoConfig, partial(open_noise, interface))
    return Workbench(
        models={model.name: model},
        datasets={"noise": noise},
        losses=host.losses,
        augmentations=host.augmentations,
        optimizers=host.optimizers,
        schedules=host.schedules,
        plans=host.plans,
        recipes={"bench": RecipeSpec("bench", "One iteration on noise")},
    )


def configured(bench: Workbench, config: Mapping[str, Any], *, loss: str, plan: str) -> RunConfig:
    """Put together a run of the model on the bench, which learns fast enough to see it."""
    quick = {"learning_rate": LEARNING_RATE}
    return resolve(
        bench,
        {
            "recipe": "bench",
            "model": {"name": next(iter(bench.models)), **config},
            "dataset": {"name": "noise"},
            "loss": {"sum": loss},
            "plan": {"name": plan},
            "optimizer": {"generator": quick, "discriminator": quick},
            "train": {"batch_size": BATCH, "precision": "float32", "device": "cpu"},
        },
    )


class WatchedTrainer(Trainer):
    """The engine's trainer, which after each step looks at what has moved."""

    moved: set[str]
    """Parameters that some step has moved."""

    stepped: set[str]
    """Owners that have taken a step."""

    def _take(self, phase: Phase, inputs: PhaseInputs) -> PhaseResult:
        """Take a step and refuse one that moves another owner's parameters, or nothing."""
        before = {name: one.detach().clone() for name, one in parameters(self.networks)}
        taken = super()._take(phase, inputs)
        own = {id(parameter) for parameter in self.networks.parameters(phase.owner)}
        moved = set()
        for name, parameter in parameters(self.networks):
            if not torch.equal(before[name], parameter):
                assert id(parameter) in own, f"A step of {phase.owner!r} moved {name}."
                moved.add(name)
        assert moved, f"A step of {phase.owner!r} on {phase.parts} moved nothing."
        self.moved |= moved
        self.stepped.add(phase.owner)
        return taken


def trainer(
    model: ModelSpec,
    config: Mapping[str, Any],
    interface: Interface,
    *,
    loss: str,
    plan: str,
    folder: Path,
) -> WatchedTrainer:
    """Make a trainer of one model for one interface; ``iterate()`` takes its steps."""
    bench = workbench(model, interface)
    setup = set_up(bench, configured(bench, config, loss=loss, plan=plan))
    # Attention behind a gamma of 0, for example, would not move in the first step.
    enliven(setup.networks)
    source, rows = setup.dataset.images, setup.dataset.conditions
    store = ImageStore(source.read(0, SIZE, "cpu").numpy(), rows, folder)
    session = WatchedTrainer(setup, store, CPU, RunDirectory(folder), lambda _hook, _event: None)
    session.moved, session.stepped = set(), set()
    return session
