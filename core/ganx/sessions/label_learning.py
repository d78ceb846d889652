"""Whether a run learned its labels, asked of its checkpoints, also where it never measured it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganx.contracts.results import Figure
from ganx.contracts.term import Moment
from ganx.data.build import Progress
from ganx.data.store import prepare
from ganx.errors import ConfigError
from ganx.host import PluginHost
from ganx.runs.checkpoint import load_module, load_state, load_tensors
from ganx.runs.directory import RunDirectory
from ganx.runs.recorded import as_recorded
from ganx.settings.merging import merge
from ganx.settings.run import resolve
from ganx.training.label_learning import LabelLearning
from ganx.training.setup import Setup, execution_of, set_up


def label_learning_of(
    host: PluginHost,
    run: RunDirectory,
    checkpoints: Sequence[Path],
    *,
    overrides: Mapping[str, Any],
    cache: Path,
    progress: Progress,
) -> Iterator[tuple[int, dict[str, Figure]]]:
    """Yield images seen, and the figures by ``labels.NAME``, of some checkpoints of a run.

    They are those that the run would have written down at that moment. ``overrides`` are laid over
    its settings, such as another ``train.device``. Nothing is written to the run. Raises
    ``RunError``, ``DataError``, ``ConfigError`` and ``PluginError`` for what is missing, and
    ``ConfigError`` for a run without labels.
    """
    host = as_recorded(host, run)
    given = merge(overrides, {"evaluate": {"label_learning": True}})
    config = resolve(host, merge(run.read_config(), given))
    execution = execution_of(config.train)
    setup = set_up(host, config, execution.device)
    store = prepare(setup.dataset, config.dataset.name, cache, str(execution.device), progress)
    labels = LabelLearning.of(setup, store.to(execution.device), execution)
    if labels is None:
        raise ConfigError(f"The run {run.path} has no labels that could be learned.")
    for folder in checkpoints:
        moment = _load(setup, folder)
        yield moment.images_seen, labels.measured(moment)


def _load(setup: Setup, folder: Path) -> Moment:
    """Give networks and loss what a checkpoint has of them."""
    for name, module in {**setup.networks.modules(), "loss": setup.loss}.items():
        load_module(module, load_tensors(folder, name), name)
    state = load_state(folder)
    return Moment(state["images_seen"], state["iteration"])
