"""Starting and resuming runs: from a configuration to a trainer with its run directory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ganx.data.store import prepare
from ganx.errors import ConfigError, RunError
from ganx.host import PluginHost
from ganx.merging import merge
from ganx.precision import Execution, apply_matmul_policy, decide
from ganx.provenance import provenance
from ganx.run_config import RunConfig, resolve
from ganx.rundir import RunDirectory, create_run
from ganx.training.draft import Draft, draft
from ganx.training.snapshot import restore
from ganx.training.trainer import Notify, Trainer

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many images of it are done, and how many there are."""

_CHANGEABLE = frozenset(
    {"images", "device", "precision", "compile", "log_every", "grid_every"}
    | {"checkpoint_minutes", "keep_checkpoints"}
)


@contextmanager
def started(
    host: PluginHost,
    config: RunConfig,
    *,
    runs: Path,
    cache: Path,
    notify: Notify,
    progress: Progress,
) -> Iterator[Trainer]:
    """Prepare data and networks, then make the run directory, and hold it while training.

    Nothing is written to ``runs`` before everything that can be checked was.
    """
    execution = decide(config.train)
    apply_matmul_policy(execution)
    plan = draft(host, config, execution.device)
    store = prepare(plan.dataset, config.dataset.name, cache, str(execution.device), progress)
    run = create_run(runs, f"{config.model.name}-{config.dataset.name}")
    with _held(run):
        _record(run, plan, execution, host, sessions=[])
        yield Trainer(plan, store.to(execution.device), execution, run, notify)


@contextmanager
def resumed(
    host: PluginHost,
    path: Path,
    overrides: Mapping[str, Any],
    *,
    cache: Path,
    notify: Notify,
    progress: Progress,
) -> Iterator[Trainer]:
    """Continue a run from its newest checkpoint, to the same bits as if it had never stopped.

    ``overrides`` may change how long, where and how verbosely it trains, but not what it is.
    """
    run = RunDirectory(path)
    checkpoint = run.newest_checkpoint()
    config = resolve(host, changed_settings(run, overrides))
    with _held(run):
        execution = decide(config.train)
        apply_matmul_policy(execution)
        plan = draft(host, config, execution.device)
        store = prepare(plan.dataset, config.dataset.name, cache, str(execution.device), progress)
        trainer = Trainer(plan, store.to(execution.device), execution, run, notify)
        restore(trainer, checkpoint)
        run.cut_metrics(trainer.images_seen)
        _record(run, plan, execution, host, sessions=run.read_provenance()["sessions"])
        yield trainer


def changed_settings(run: RunDirectory, overrides: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lay the allowed overrides over a run's configuration.

    Raises ``ConfigError`` for one that would make it another run.
    """
    train = overrides.get("train", {})
    refused = [key for key in overrides if key != "train"]
    refused += [f"train.{key}" for key in train if key not in _CHANGEABLE]
    if refused:
        raise ConfigError(
            f"A resumed run keeps its settings; {', '.join(refused)} cannot change. Start a new "
            f"run with `ganx train --config {run.config}` and the settings you want."
        )
    return merge(run.read_config(), overrides)


def _record(
    run: RunDirectory,
    plan: Draft,
    execution: Execution,
    host: PluginHost,
    sessions: list[dict[str, Any]],
) -> None:
    """Write the configuration with every ``auto`` decided, and what this session runs with."""
    train = plan.config.train.model_copy(update=execution.settings())
    run.write_config(replace(plan.config, train=train).to_settings())
    seed = plan.config.train.seed
    session = provenance(plan.dataset, execution, host.plugins, seed)
    run.write_provenance({"sessions": [*sessions, session]})


@contextmanager
def _held(run: RunDirectory) -> Iterator[None]:
    """Keep two processes from training the same run."""
    lock = FileLock(run.path / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(
            f"Another process is training {run.path}. Wait for it, or stop it first."
        ) from None
    except OSError as error:
        raise RunError(f"Cannot write to the run {run.path}: {error}.") from error
    try:
        yield
    finally:
        lock.release()
