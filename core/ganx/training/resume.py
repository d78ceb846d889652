"""What a run shows and keeps: sample grids and checkpoints."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from ganx.contracts.interface import Interface
from ganx.contracts.networks import generate
from ganx.data.images import upload
from ganx.device import Execution, matmul_policy
from ganx.errors import ConfigError, RunError
from ganx.pictures.grid import grid_picture, save_picture
from ganx.randomness import keyed_rng
from ganx.runs.checkpoint import load_module, load_state, load_tensors, save_checkpoint
from ganx.runs.directory import RunDirectory, find_run
from ganx.training.ema import Ema
from ganx.training.grid import GRID_SIZE, grid_conditions
from ganx.training.optimizer_state import flatten_optimizer, numbers_of, restore_optimizer
from ganx.training.setup import Setup

if TYPE_CHECKING:
    from ganx.training.trainer import Trainer


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


_REFRESH_BATCHES = 8


class Snapshots:
    """Draws grids and writes checkpoints of one run, from inputs fixed by its seed."""

    def __init__(self, setup: Setup, execution: Execution) -> None:
        self._setup = setup
        self._execution = execution
        rng = keyed_rng(setup.config.train.seed, 0, "grid")
        conditions = grid_conditions(setup.dataset, setup.distribution, rng)
        noise = setup.networks.latent.draw(GRID_SIZE, rng)
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
        setup = self._setup
        epoch = trainer.images_seen // len(setup.training_range)
        return {
            "images_seen": trainer.images_seen,
            "iteration": trainer.iteration,
            "epoch": epoch,
            "scaler": trainer.scaling.state(),
            "optimizers": {owner: numbers_of(one) for owner, one in setup.optimizers.items()},
            "dataset_fingerprint": setup.dataset.images.fingerprint(),
            "model": setup.config.model.to_settings(),
            "interface": setup.dataset.interface.to_json(),
            "latent": setup.networks.latent.to_json(),
            "distribution": setup.distribution.to_json(),
        }

    def _forward(self, index: int) -> Callable[[nn.Module], Tensor]:
        """Make one of the fixed passes that batch-norm statistics are gathered over."""
        rng = keyed_rng(self._setup.config.train.seed, index, "batch norm")
        count = self._setup.config.train.batch_size
        drawn = (
            self._setup.networks.latent.draw(count, rng),
            self._setup.distribution.draw(count, rng),
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
    epoch = trainer.images_seen // len(trainer.setup.training_range)
    groups = {
        "generator": trainer.networks.generator.state_dict(),
        "discriminator": trainer.networks.discriminator.state_dict(),
        "ema": trainer.ema.generator.state_dict(),
        "loss": trainer.setup.loss.state_dict(),
        "random": capture_rng(trainer.execution.device),
        "order": {"permutation": torch.from_numpy(trainer.feed.order.permutation(epoch))},
    }
    for owner, scheduled in trainer.setup.optimizers.items():
        groups[f"optimizer-{owner}"] = flatten_optimizer(scheduled.optimizer)
    return groups


def restore(trainer: "Trainer", folder: Path) -> str:
    """Put a trainer where a checkpoint was taken. Raises ``RunError`` when it does not fit.

    Returns what a person should know of it, or nothing.
    """
    state = load_state(folder)
    found = trainer.setup.dataset.images.fingerprint()
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
    load_module(trainer.setup.loss, load_tensors(folder, "loss"), "loss")
    for owner, scheduled in trainer.setup.optimizers.items():
        numbers = state.get("optimizers", {}).get(owner, {})
        restore_optimizer(scheduled, load_tensors(folder, f"optimizer-{owner}"), numbers)
    permutation = load_tensors(folder, "order")["permutation"].numpy()
    trainer.feed.order.restore(state["epoch"], permutation)
    restore_rng(load_tensors(folder, "random"), trainer.execution.device)
    return notice


def initial_checkpoint(name: str, runs: Path) -> Path:
    """Find what ``--init-from`` names: a checkpoint's folder, or a run, whose newest is taken.

    Raises ``RunError`` when there is neither.
    """
    path = Path(name)
    if (path / "manifest.json").is_file():
        return path.absolute()
    return RunDirectory(find_run(name, runs)).newest_checkpoint().absolute()


def load_initial(setup: Setup, folder: Path) -> None:
    """Give both networks of a run the weights of a checkpoint.

    Raises ``ConfigError`` when those are of another architecture or were made for other images.
    """
    state = load_state(folder)
    _check_interface(Interface.from_json(state["interface"]), setup.dataset.interface, folder)
    try:
        for name, network in setup.networks.modules().items():
            load_module(network, load_tensors(folder, name), name)
    except RunError as error:
        model = setup.config.model.to_settings()
        raise ConfigError(
            f"Cannot start from {folder}, whose model is another: {_differences(state, model)}. "
            "Choose the same model with the same settings."
        ) from error


def _differences(state: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Name the settings of a checkpoint's model that are not those of this run's."""
    there = state["model"]
    keys = [key for key in {**there, **here} if there.get(key) != here.get(key)]
    told = [f"{key} {there.get(key, 'unset')}, here {here.get(key, 'unset')}" for key in keys]
    return "; ".join(told) or "its weights do not fit"


def load_initial_average(ema: Ema, folder: Path) -> None:
    """Let the average of the generator's weights go on from a checkpoint's."""
    load_module(ema.generator, load_tensors(folder, "ema"), "averaged generator")


def _check_interface(former: Interface, interface: Interface, folder: Path) -> None:
    """Refuse weights whose inputs and outputs mean something else here."""
    if former == interface:
        return
    raise ConfigError(
        f"Cannot start from {folder}: it was trained on {_told(former)}, but this data set has "
        f"{_told(interface)}. Sizes and vocabulary have to be the same."
    )


def _told(interface: Interface) -> str:
    """Put an interface into a few words."""
    side, condition = interface.resolution, interface.condition
    names = [f"{group.name}: {', '.join(group.values)}" for group in condition.groups]
    shown = f"{condition.kind} ({'; '.join(names)})" if names else "no labels"
    return f"{interface.channels}-channel images of {side}x{side} with {shown}"
