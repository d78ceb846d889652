"""Starting from the weights of another run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganx.contracts.interface import Interface
from ganx.errors import ConfigError, RunError
from ganx.runs.checkpoint import load_module, load_state, load_tensors
from ganx.runs.directory import RunDirectory, find_run
from ganx.training.ema import Ema
from ganx.training.setup import Setup


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
