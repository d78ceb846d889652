"""Starting from the weights of another run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from ganx.contracts.condition import Condition
from ganx.contracts.interface import Interface
from ganx.errors import ConfigError, GanxError, RunError
from ganx.runs.checkpoint import load_module, load_state, load_tensors
from ganx.runs.directory import RunDirectory, find_run
from ganx.settings.run import Registries
from ganx.training.ema import Ema
from ganx.training.label_axes import Build, label_axes
from ganx.training.setup import Setup
from ganx.training.transfer import Transfer
from ganx.training.vocabulary import matched, shown, told_labels


def initial_checkpoint(name: str, runs: Path) -> Path:
    """Find what ``--init-from`` names: a checkpoint's folder, or a run, whose newest is taken.

    Raises ``RunError`` when there is neither.
    """
    path = Path(name)
    if (path / "manifest.json").is_file():
        return path.absolute()
    return RunDirectory(find_run(name, runs)).newest_checkpoint().absolute()


@dataclass(frozen=True)
class InitialWeights:
    """The weights of a checkpoint, to be loaded into the networks of another run."""

    folder: Path
    transfers: Mapping[str, Transfer]
    """How each network's tensors fit where the vocabulary is another; empty where it is not."""

    notice: str = ""
    """What a person should know of labels and layers that start afresh."""

    def load_average(self, ema: Ema) -> None:
        """Let the average of the generator's weights go on from the checkpoint's."""
        _load(ema.generator, self.folder, "ema", self.transfers.get("generator"))


def load_initial(registries: Registries, setup: Setup, folder: Path) -> InitialWeights:
    """Give both networks of a run the weights of a checkpoint, as far as the vocabulary is its.

    Labels are matched by name; what belongs to new ones stays as it was initialised. Raises
    ``ConfigError`` when the weights are of another architecture or were made for images of another
    form.
    """
    state = load_state(folder)
    former, interface = Interface.from_json(state["interface"]), setup.dataset.interface
    _check_form(former, interface, folder)
    model = setup.config.model
    spec = registries.models[model.name]
    transfers: dict[str, Transfer] = {}
    try:
        if not _same_places(former.condition, interface.condition):
            transfers = _transfers(
                lambda one: spec.build(one, model.config), former, interface, folder
            )
        afresh = {
            name: _load(network, folder, name, transfers.get(name))
            for name, network in setup.networks.modules().items()
        }
    except RunError as error:
        raise ConfigError(
            f"Cannot start from {folder}, whose model is another: "
            f"{_differences(state, model.to_settings())}. "
            "Choose the same model with the same settings."
        ) from error
    return InitialWeights(folder, transfers, _told(former, interface, transfers, afresh))


def _same_places(former: Condition, condition: Condition) -> bool:
    """Tell whether each label is where it was, though its group may have another name."""
    sizes = [[len(group.values) for group in one.groups] for one in (former, condition)]
    same = matched(former, condition) == tuple(range(former.size))
    return same and former.kind == condition.kind and sizes[0] == sizes[1]


def _transfers(
    build: Build, former: Interface, interface: Interface, folder: Path
) -> dict[str, Transfer]:
    """Compare networks for both vocabularies. Raises ``RunError`` for weights of others."""
    try:
        there = label_axes(build, former)
    except GanxError as error:
        raise RunError("It cannot be built for the former labels.") from error
    for name, axes in there.items():
        saved = load_tensors(folder, name)
        if {key: one.shape for key, one in saved.items()} != axes.shapes:
            raise RunError(f"The checkpoint's {name} has other tensors.")
    here = label_axes(build, interface)
    labels = matched(former.condition, interface.condition)
    return {name: Transfer(labels, there[name], here[name]) for name in here}


def _load(network: nn.Module, folder: Path, group: str, transfer: Transfer | None) -> list[str]:
    """Load one network's weights, and name the tensors for which there were none."""
    tensors, afresh = load_tensors(folder, group), list[str]()
    if transfer is not None:
        fresh = {name: one.cpu() for name, one in network.state_dict().items()}
        tensors, afresh = transfer.of(tensors, fresh)
    load_module(network, tensors, "averaged generator" if group == "ema" else group)
    return afresh


def _differences(state: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Name the settings of a checkpoint's model that are not those of this run's."""
    there = state["model"]
    keys = [key for key in {**there, **here} if there.get(key) != here.get(key)]
    told = [f"{key} {there.get(key, 'unset')}, here {here.get(key, 'unset')}" for key in keys]
    return "; ".join(told) or "its weights do not fit"


def _told(
    former: Interface,
    interface: Interface,
    transfers: Mapping[str, Transfer],
    afresh: Mapping[str, list[str]],
) -> str:
    """Say which labels and layers are known; nothing where the vocabulary is the same."""
    if not transfers:
        return ""
    labels = next(iter(transfers.values())).labels
    found = told_labels(former.condition, interface.condition, labels)
    sentences = [f"Of the labels, {', '.join(found)}." if found else ""]
    tensors = [f"{name} {tensor}" for name, tensors in afresh.items() for tensor in tensors]
    if tensors:
        sentences.append(f"Tensors that start afresh: {shown(tensors)}.")
    return " ".join(["Starting from weights for another vocabulary.", *filter(None, sentences)])


def _check_form(former: Interface, interface: Interface, folder: Path) -> None:
    """Refuse weights for images of another size: the same layers would be for other scales."""
    form = (former.channels, former.resolution), (interface.channels, interface.resolution)
    if form[0] != form[1]:
        sizes = [f"{channels}-channel images of {side}x{side}" for channels, side in form]
        raise ConfigError(
            f"Cannot start from {folder}: it was trained on {sizes[0]}, but this data set has "
            f"{sizes[1]}. Sizes have to be the same; labels may be others."
        )
