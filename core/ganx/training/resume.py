"""The state of a run: begun, saved, and gone back to."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from ganx.contracts.term import Moment
from ganx.data.order import EpochOrder
from ganx.device import Execution
from ganx.runs.checkpoint import load_module, load_state, load_tensors, save_checkpoint
from ganx.runs.directory import RunDirectory
from ganx.training.ema import Ema
from ganx.training.optimizer_state import flatten_optimizer, numbers_of, restore_optimizer
from ganx.training.scaling import Scaling
from ganx.training.setup import Setup


def capture_rng(device: torch.device) -> dict[str, Tensor]:
    """Take the global random states, which layers such as dropout draw from."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def restore_rng(states: Mapping[str, Tensor], device: torch.device) -> None:
    """Put the global random states back."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)


@dataclass
class RunState:
    """All that decides the next step of a run, besides its setup's networks and optimizers."""

    setup: Setup
    ema: Ema
    scaling: Scaling
    order: EpochOrder
    images_seen: int = 0
    """Real images that D's phases consumed."""

    iteration: int = 0
    """Iterations that were done."""

    @classmethod
    def fresh(cls, setup: Setup, execution: Execution) -> Self:
        """Begin a run, or one from another's weights."""
        config, networks = setup.config, setup.networks
        return cls(
            setup,
            Ema(networks.generator, config.ema, seasoned=bool(config.train.init_from)),
            Scaling(execution, (*networks.modules().values(), setup.loss)),
            EpochOrder(config.train.seed, len(setup.training_range), setup.shares),
        )

    @property
    def moment(self) -> Moment:
        """When the next iteration takes place."""
        return Moment(self.images_seen, self.iteration)

    @property
    def epoch(self) -> int:
        """Whole passes over the training set."""
        return self.images_seen // len(self.setup.training_range)

    def advance(self, start: int) -> None:
        """Count an iteration that began at ``start`` images seen, and move the average."""
        self.iteration += 1
        self.ema.update(self.images_seen, self.images_seen - start)


def save(state: RunState, run: RunDirectory, device: torch.device) -> Path:
    """Write a checkpoint and remove the oldest beyond what is kept, but never the best."""
    path = run.checkpoint(state.images_seen)
    save_checkpoint(path, _tensors(state, device), _described(state))
    best = run.best()
    for old in run.all_checkpoints()[: -state.setup.config.train.keep_checkpoints]:
        if best is None or int(old.name) != best.images_seen:
            shutil.rmtree(old, ignore_errors=True)
    return path


def _described(state: RunState) -> dict[str, Any]:
    """Describe the moment, and all that sampling needs, as JSON."""
    setup = state.setup
    return {
        "images_seen": state.images_seen,
        "iteration": state.iteration,
        "epoch": state.epoch,
        "scaler": state.scaling.state(),
        "optimizers": {owner: numbers_of(one) for owner, one in setup.optimizers.items()},
        "dataset": setup.identity.to_json(),
        "model": setup.config.model.to_settings(),
        "interface": setup.dataset.interface.to_json(),
        "latent": setup.networks.latent.to_json(),
        "distribution": setup.distribution.to_json(),
    }


def _modules(state: RunState) -> dict[str, tuple[nn.Module, str]]:
    """Name the modules whose tensors a checkpoint keeps, and what people call them."""
    setup = state.setup
    kept: dict[str, tuple[nn.Module, str]] = {
        "generator": (setup.networks.generator, "generator"),
        "discriminator": (setup.networks.discriminator, "discriminator"),
        "ema": (state.ema.generator, "averaged generator"),
        "loss": (setup.loss, "loss"),
    }
    if setup.augmentations.state_dict():
        kept["augmentations"] = (setup.augmentations, "augmentation")
    return kept


def _tensors(state: RunState, device: torch.device) -> dict[str, dict[str, Tensor]]:
    """Gather all tensors that decide the next step, by group."""
    groups = {name: module.state_dict() for name, (module, _) in _modules(state).items()}
    groups["random"] = capture_rng(device)
    permutation = state.order.permutation(state.epoch)
    groups["order"] = {"permutation": torch.from_numpy(permutation)}
    for owner, scheduled in state.setup.optimizers.items():
        groups[f"optimizer-{owner}"] = flatten_optimizer(scheduled.optimizer)
    return groups


def restore(state: RunState, folder: Path, device: torch.device) -> str:
    """Go to where a checkpoint was taken. Raises ``RunError`` when it does not fit.

    Returns what a person should know of it, or nothing.
    """
    saved = load_state(folder)
    state.images_seen = saved["images_seen"]
    state.iteration = saved["iteration"]
    notice = state.scaling.restore(saved["scaler"])
    for name, (module, what) in _modules(state).items():
        load_module(module, load_tensors(folder, name), what)
    for owner, scheduled in state.setup.optimizers.items():
        numbers = saved.get("optimizers", {}).get(owner, {})
        restore_optimizer(scheduled, load_tensors(folder, f"optimizer-{owner}"), numbers)
    state.order.restore(saved["epoch"], load_tensors(folder, "order")["permutation"].numpy())
    restore_rng(load_tensors(folder, "random"), device)
    return notice
