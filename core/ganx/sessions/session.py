"""Starting and resuming runs: from a configuration to a trainer with its run directory."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ganx.data.build import Progress
from ganx.data.images import ImageStore
from ganx.data.marks import save_marks
from ganx.data.opening import require_place
from ganx.data.store import check, prepare
from ganx.device import Execution
from ganx.errors import ConfigError, RunError
from ganx.host import PluginHost
from ganx.remedies import Notice, Remedy
from ganx.runs.changes import Change, changes_of, deciding_changes, told_changes
from ganx.runs.directory import RunDirectory, create_run
from ganx.runs.recorded import as_recorded, providers_of
from ganx.sessions.deciding import measured, told
from ganx.sessions.provenance import provenance
from ganx.sessions.scores import Scoring, scoring_of
from ganx.settings.merging import assignment, merge
from ganx.settings.run import RunConfig, check_owners, resolve
from ganx.settings.tables import EvaluateConfig
from ganx.training.former_data import check_data
from ganx.training.initial import initial_checkpoint, load_initial
from ganx.training.log import Notify
from ganx.training.resume import restore
from ganx.training.setup import Setup, execution_of, ordered, set_up
from ganx.training.trainer import Trainer

_RATES = re.compile(r"optimizer\.[^.]+\.(learning_rate|schedule(\..+)?)")
"""Pure functions of images seen, so that a run can go on with others; that is stamped on it."""

_CHANGEABLE = frozenset(
    {"train.images", "train.device", "train.precision", "train.compile", "train.log_every"}
    | {"train.grid_every", "train.checkpoint_minutes", "train.keep_checkpoints"}
    | {"dataset.folder"}
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
    notice: Callable[[Notice], None] = lambda _: None,
) -> Iterator[Trainer]:
    """Prepare data and networks, then make the run directory, and hold it while training.

    Nothing is written to ``runs`` before everything that can be checked was, and a start that
    fails leaves nothing there. ``notice`` is called with what a person should know, such as the
    data set's notice, before its images are prepared.
    """
    execution = execution_of(config.train)
    setup = set_up(host, config, execution.device)
    initial = None
    if config.train.init_from:
        checkpoint = initial_checkpoint(config.train.init_from, runs)
        initial = load_initial(host, setup, checkpoint)
        setup = replace(setup, config=_starting_from(config, checkpoint))
    for text in (*setup.notices, initial.notice if initial else ""):
        notice(Notice(text))
    scoring = scoring_of(setup, host.datasets, host.evaluators, execution.device)
    notice(_left_out(scoring))
    store = prepare(setup.dataset, config.dataset.name, cache, str(execution.device), progress)
    for text in store.notices:
        notice(Notice(text))
    setup, execution = settled(setup, execution, cache, notice)
    run = create_run(runs, _label(host, config))
    with _held(run):
        with _removed_on_failure(run):
            _record(run, setup, execution, host)
            save_marks(run.marks, setup.identity.marks)
            trainer = _trainer(setup, store, execution, run, notify, scoring)
            if initial:
                initial.load_average(trainer.state.ema)
        yield trainer


def settled(
    setup: Setup, execution: Execution, cache: Path, notice: Callable[[Notice], None]
) -> tuple[Setup, Execution]:
    """Measure what was left open, and put every decision into networks and configuration."""
    execution = measured(setup, execution, cache)
    notice(Notice(told(execution)))
    for network in setup.networks.modules().values():
        if not execution.channels_last:
            ordered(network, channels_last=False)
    train = setup.config.train.model_copy(update=execution.settings())
    return replace(setup, config=replace(setup.config, train=train)), execution


def _label(host: PluginHost, config: RunConfig) -> str:
    """Name a run: its recipe, or the model where the recipe is the model's own, and the data."""
    model, data = config.model.name, config.dataset.name
    what = model if host.models[model].recipe == config.recipe else config.recipe
    return what if what.endswith(f"-{data}") else f"{what}-{data}"


def _trainer(
    setup: Setup,
    store: ImageStore,
    execution: Execution,
    run: RunDirectory,
    notify: Notify,
    scoring: Scoring,
) -> Trainer:
    """Bring data, networks and scores together on the device."""
    near = store.to(execution.device)
    scoring.images.store = near
    return Trainer(setup, near, execution, run, notify, scoring)


def _left_out(scoring: Scoring) -> Notice:
    """Say who was asked to score and cannot, and that nobody judges where labels are asked for."""
    if scoring.settings.evaluators != EvaluateConfig().evaluators:
        told = [f"{name}, as {reason}" for name, reason in scoring.left_out.items()]
        return Notice(f"Training goes on without the scores of {'; '.join(told)}." if told else "")
    if scoring.subject.judge or not scoring.subject.prompts:
        return Notice("")
    return Notice(
        "There is no judge for these images, so that nobody scores whether they show what is asked "
        "for.",
        Remedy("train-and-use-a-judge", "Train one, and name its file in evaluate.judge."),
    )


def _starting_from(config: RunConfig, checkpoint: Path) -> RunConfig:
    """Write into a configuration which checkpoint a run started from, wherever it is repeated."""
    train = config.train.model_copy(update={"init_from": str(checkpoint)})
    return replace(config, train=train)


@contextmanager
def resumed(
    host: PluginHost,
    path: Path,
    overrides: Mapping[str, Any],
    *,
    cache: Path,
    notify: Notify,
    progress: Progress,
    notice: Callable[[Notice], None] = lambda _: None,
) -> Iterator[Trainer]:
    """Continue a run from its newest checkpoint, to the same bits as if it had never stopped.

    ``overrides`` may change how long, where and how verbosely it trains, and where its data lies,
    but not what it is: data with another content is refused. Learning rates and their schedules
    may change too; the run is then stamped with it.
    """
    run = RunDirectory(path)
    checkpoint = run.newest_checkpoint()
    host = as_recorded(host, run)
    config = resolve(host, changed_settings(run, overrides))
    require_place(config.dataset.config)
    saved = run.read_config()
    with _held(run):
        execution = execution_of(config.train)
        setup = set_up(host, config, execution.device)
        for text in setup.notices:
            notice(Notice(text))
        scoring = scoring_of(setup, host.datasets, host.evaluators, execution.device)
        best = run.best()
        if best and run.checkpoint(best.images_seen).is_dir():
            scoring.best = best
        check(setup.dataset.images, progress)
        check_data(run, checkpoint, setup.dataset, setup.identity)
        store = prepare(setup.dataset, config.dataset.name, cache, str(execution.device), progress)
        for text in store.notices:
            notice(Notice(text))
        setup, execution = settled(setup, execution, cache, notice)
        trainer = _trainer(setup, store, execution, run, notify, scoring)
        notice(Notice(restore(trainer.state, checkpoint, execution.device)))
        if trainer.images_seen < config.train.images:  # else it is finished, and stays as it is
            run.cut_records(trainer.images_seen)
            trainer.upkeep.journal.remember()
            touched = _changes(saved, overrides)
            changes = changes_of(touched, saved, setup.config.to_settings())
            _record(run, setup, execution, host, trainer.images_seen, changes)
            notice(Notice(_stamp(run, "This run was changed while it trained")))
        yield trainer


def changed_settings(run: RunDirectory, overrides: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lay the allowed overrides over a run's configuration.

    Raises ``ConfigError`` for one that would make it another run.
    """
    saved = run.read_config()
    check_owners(merge(saved, overrides).get("optimizer", {}))
    refused = [key for key in _changes(saved, overrides) if not _is_changeable(key)]
    if refused:
        raise ConfigError(
            f"A resumed run keeps its settings but for learning rates; {', '.join(refused)} cannot "
            "change.",
            remedy=_anew(run, saved, overrides, refused),
        )
    return merge(saved, overrides)


def _anew(
    run: RunDirectory, saved: Mapping[str, Any], overrides: Mapping[str, Any], refused: list[str]
) -> Remedy:
    """Advise a new run; from these weights, unless they are to be of another network."""
    other = {"recipe", "dataset.resolution", "dataset.channels"}  # what weights do not fit
    if any(key in other or key.startswith("model.") for key in refused):
        return Remedy(
            "start-a-new-run",
            f"Start a new run with the settings in {run.config} and those you want.",
            {"config": str(run.config)},
        )
    wanted = changes_of(_changes(saved, overrides), {}, overrides)
    return Remedy(
        "start-from-these-weights",
        f"Start a new run from these weights (train.init_from = {str(run.path)!r}) with the "
        f"settings in {run.config} and those you want.",
        {
            "config": str(run.config),
            "run": str(run.path),
            "settings": "\n".join(assignment(one.key, one.after) for one in wanted),
        },
    )


def _is_changeable(key: str) -> bool:
    """Tell whether a setting leaves the weights as they are, or their way so far."""
    return key in _CHANGEABLE or key.startswith("evaluate.") or bool(_RATES.fullmatch(key))


def _changes(saved: Mapping[str, Any], given: Mapping[str, Any], place: str = "") -> list[str]:
    """List the dotted keys whose given value is not the saved one."""
    changed: list[str] = []
    for key, value in given.items():
        former = saved.get(key)
        if isinstance(value, Mapping) and isinstance(former, Mapping):
            changed += _changes(former, value, f"{place}{key}.")
        elif value != former:
            changed.append(f"{place}{key}")
    return changed


def _record(
    run: RunDirectory,
    setup: Setup,
    execution: Execution,
    host: PluginHost,
    images_seen: int = 0,
    changes: Sequence[Change] = (),
) -> None:
    """Write what this session runs with, and the configuration, with what was changed on top."""
    seed = setup.config.train.seed
    session = replace(
        provenance(setup.dataset, setup.identity, execution, host.plugins, seed),
        providers=providers_of(host, setup.config),
        images_seen=images_seen,
        changes=[one.to_json() for one in changes],
    )
    run.add_provenance(session)  # First: a run cut off in between must not lose its stamp.
    warning = "Repeated with these settings, it ends elsewhere: it was changed while it trained"
    stamp = _stamp(run, warning)
    run.write_config(setup.config.to_settings(), [stamp] if stamp else [])


def _stamp(run: RunDirectory, start: str) -> str:
    """Tell what of a run's weights-deciding settings was changed, and when; or nothing."""
    lines = told_changes(deciding_changes(run.sessions()))
    return f"{start}: {'; '.join(lines)}." if lines else ""


@contextmanager
def _removed_on_failure(run: RunDirectory) -> Iterator[None]:
    """Leave no run behind that never began."""
    try:
        yield
    except BaseException:
        shutil.rmtree(run.path, ignore_errors=True)
        raise


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
