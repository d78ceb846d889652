"""What a run shows and keeps: sample grids and checkpoints."""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from ganx.contracts.networks import generate
from ganx.data.images import upload
from ganx.device import Execution, matmul_policy
from ganx.errors import RunError
from ganx.pictures.grid import grid_picture, save_picture
from ganx.randomness import keyed_rng
from ganx.runs.checkpoint import load_module, load_state, load_tensors, save_checkpoint
from ganx.training.draft import Draft
from ganx.training.ema import Ema
from ganx.training.grid import GRID_SIZE, grid_conditions
from ganx.training.optimizer_state import flatten_optimizer, numbers_of, restore_optimizer
from ganx.training.state import capture_rng, restore_rng

if TYPE_CHECKING:
    from ganx.training.trainer import Trainer

_REFRESH_BATCHES = 8


class Snapshots:
    """Draws grids and writes checkpoints of one run, from inputs fixed by its seed."""

    def __init__(self, draft: Draft, execution: Execution) -> None:
        self._draft = draft
        self._execution = execution
        rng = keyed_rng(draft.config.train.seed, 0, "grid")
        conditions = grid_conditions(draft.dataset, draft.distribution, rng)
        noise = draft.networks.latent.draw(GRID_SIZE, rng)
        self._grid_inputs = [upload(one, execution.device) for one in (noise, conditions)]

    def refresh(self, ema: Ema) -> None:
        """Gather the batch-norm statistics of the averaged weights."""
        with matmul_policy(self._execution):
            ema.refresh([self._forward(index) for index in range(_REFRESH_BATCHES)])

    @torch.no_grad()
    def draw_grid(self, generator: nn.Module, path: Path) -> Path:
        """Write the grid of a generator in eval mode."""
        with matmul_policy():
            images = generate(generator, *self._grid_inputs)
        save_picture(grid_picture(images), path)
        return path

    def save(self, trainer: "Trainer") -> Path:
        """Write a checkpoint and remove the oldest beyond what is kept, but never the best."""
        run = trainer.run
        path = run.checkpoint(trainer.images_seen)
        save_checkpoint(path, _tensors(trainer), self._state(trainer))
        best = run.best()
        for old in run.all_checkpoints()[: -trainer.settings.keep_checkpoints]:
            if best is None or int(old.name) != best.images_seen:
                shutil.rmtree(old, ignore_errors=True)
        return path

    def _state(self, trainer: "Trainer") -> dict[str, Any]:
        """Describe the moment, and all that sampling needs, as JSON."""
        draft = self._draft
        epoch = trainer.images_seen // len(draft.training_range)
        return {
            "images_seen": trainer.images_seen,
            "iteration": trainer.iteration,
            "epoch": epoch,
            "scaler": trainer.scaling.state(),
            "optimizers": {owner: numbers_of(one) for owner, one in draft.optimizers.items()},
            "dataset_fingerprint": draft.dataset.images.fingerprint(),
            "model": draft.config.model.to_settings(),
            "interface": draft.dataset.interface.to_json(),
            "latent": draft.networks.latent.to_json(),
            "distribution": draft.distribution.to_json(),
        }

    def _forward(self, index: int) -> Callable[[nn.Module], Tensor]:
        """Make one of the fixed passes that batch-norm statistics are gathered over."""
        rng = keyed_rng(self._draft.config.train.seed, index, "batch norm")
        count = self._draft.config.train.batch_size
        drawn = (
            self._draft.networks.latent.draw(count, rng),
            self._draft.distribution.draw(count, rng),
        )
        inputs = [upload(array, self._execution.device) for array in drawn]

        def forward(generator: nn.Module) -> Tensor:
            # Float16 might overflow, and one such pass would spoil the statistics.
            exact = self._execution.precision == "float16"
            with nullcontext() if exact else self._execution.autocast():
                return generate(generator, *inputs)

        return forward


def _tensors(trainer: "Trainer") -> dict[str, dict[str, Tensor]]:
    """Gather all tensors that decide the next step, by group."""
    epoch = trainer.images_seen // len(trainer.draft.training_range)
    groups = {
        "generator": trainer.networks.generator.state_dict(),
        "discriminator": trainer.networks.discriminator.state_dict(),
        "ema": trainer.ema.generator.state_dict(),
        "loss": trainer.draft.loss.state_dict(),
        "random": capture_rng(trainer.execution.device),
        "order": {"permutation": torch.from_numpy(trainer.feed.order.permutation(epoch))},
    }
    for owner, scheduled in trainer.draft.optimizers.items():
        groups[f"optimizer-{owner}"] = flatten_optimizer(scheduled.optimizer)
    return groups


def restore(trainer: "Trainer", folder: Path) -> str:
    """Put a trainer where a checkpoint was taken. Raises ``RunError`` when it does not fit.

    Returns what a person should know of it, or nothing.
    """
    state = load_state(folder)
    found = trainer.draft.dataset.images.fingerprint()
    if state["dataset_fingerprint"] != found:
        raise RunError(
            "The data set has changed since the run was started, so it cannot be resumed exactly. "
            "Restore the data, or start a new run."
        )
    trainer.images_seen = state["images_seen"]
    trainer.iteration = state["iteration"]
    notice = trainer.scaling.restore(state["scaler"])
    load_module(trainer.networks.generator, load_tensors(folder, "generator"), "generator")
    load_module(
        trainer.networks.discriminator, load_tensors(folder, "discriminator"), "discriminator"
    )
    load_module(trainer.ema.generator, load_tensors(folder, "ema"), "averaged generator")
    load_module(trainer.draft.loss, load_tensors(folder, "loss"), "loss")
    for owner, scheduled in trainer.draft.optimizers.items():
        numbers = state.get("optimizers", {}).get(owner, {})
        restore_optimizer(scheduled, load_tensors(folder, f"optimizer-{owner}"), numbers)
    permutation = load_tensors(folder, "order")["permutation"].numpy()
    trainer.feed.order.restore(state["epoch"], permutation)
    restore_rng(load_tensors(folder, "random"), trainer.execution.device)
    return notice
