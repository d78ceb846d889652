"""What ``ganx train`` does with its options."""

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganx.settings.merging import Settings, merge, parse_assignments, read_toml
from ganx_cli.remedies import in_full
from ganx_cli.screen.farewell import farewell, nothing_to_do
from ganx_cli.screen.progress import TrainScreen
from ganx_cli.work.stopping import stop_requests

if TYPE_CHECKING:
    from ganx.host import PluginHost
    from ganx.settings.run import RunConfig
    from ganx.training.trainer import Trainer

    Session = AbstractContextManager[Trainer]


@dataclass(frozen=True)
class Request:
    """The options of ``ganx train``, as given."""

    model: str | None
    dataset: str | None
    recipe: str | None
    loss: str | None
    config: Path | None
    assignments: tuple[str, ...]
    images: int | None
    epochs: float | None
    batch_size: int | None
    seed: int | None
    device: str | None
    precision: str | None
    compiled: bool | None
    data: Path | None
    out: Path
    resume: str | None
    init_from: str | None
    select_on_test: bool
    dry_run: bool

    def settings(self) -> Settings:
        """Return what the options set, over ``--set`` and ``--config``."""
        file = read_toml(self.config) if self.config else {}
        return merge(merge(file, parse_assignments(self.assignments)), self._options())

    def _options(self) -> Settings:
        """Return the settings that have an option of their own."""
        compiled = {None: None, True: "on", False: "off"}[self.compiled]
        tables: dict[str, dict[str, Any]] = {
            "model": {"name": self.model},
            "dataset": {"name": self.dataset, "folder": self.data and str(self.data.absolute())},
            "loss": {"sum": self.loss},
            "train": {
                "images": self.images,
                "batch_size": self.batch_size,
                "seed": self.seed,
                "device": self.device,
                "precision": self.precision,
                "compile": compiled,
                "init_from": self.init_from,
            },
            "evaluate": {"select_on": "test" if self.select_on_test else None},
        }
        settings = {name: _given(table) for name, table in tables.items()}
        return _given({"recipe": self.recipe, **settings})


def run_training(host: "PluginHost", request: Request) -> None:
    """Start or resume a run, show its progress, and tell how to go on."""
    if request.images is not None and request.epochs is not None:
        raise click.UsageError("--images and --epochs say the same; give one of them.")
    if request.epochs is not None and not (isfinite(request.epochs) and request.epochs > 0):
        raise click.UsageError("--epochs is a number above 0.")
    if request.init_from is not None and request.resume is not None:
        raise click.UsageError(
            "--resume continues a run, --init-from starts a new one: give one of them."
        )
    if sys.stderr.isatty():
        click.echo("Loading PyTorch ...", err=True)  # which takes seconds
    if request.resume is not None:
        _resume(host, request, request.resume)
    else:
        _start(host, request)


def _start(host: "PluginHost", request: Request) -> None:
    from ganx.sessions.session import started
    from ganx.settings.run import resolve

    config = resolve(host, _with_epochs(host, request.settings(), request.epochs))
    if request.dry_run:
        _show_setup(host, config, request.out)
    else:
        _train(host, lambda **screen: started(host, config, runs=request.out, **screen))


def _resume(host: "PluginHost", request: Request, name: str) -> None:
    from ganx.runs.directory import RunDirectory, find_run
    from ganx.runs.recorded import as_recorded
    from ganx.sessions.session import changed_settings, resumed
    from ganx.settings.run import resolve

    run = RunDirectory(find_run(name or None, request.out))
    host = as_recorded(host, run)
    given = request.settings()
    if request.epochs is not None:
        prolonged = _with_epochs(host, changed_settings(run, given), request.epochs)
        given = merge(given, {"train": {"images": prolonged["train"]["images"]}})
    if request.dry_run:
        _show_setup(host, resolve(host, changed_settings(run, given)), request.out)
    else:
        _train(host, lambda **screen: resumed(host, run.path, given, **screen))


def _show_setup(host: "PluginHost", config: "RunConfig", runs: Path) -> None:
    """Leave it at words."""
    from ganx_cli.work.dry_run import show_setup

    show_setup(host, config, runs)


def _train(host: "PluginHost", open_session: "Callable[..., Session]") -> None:
    """Train to the end or to the first stop signal; both end with a checkpoint."""
    from ganx.data.cache import cache_root

    screen = TrainScreen(host.notify)
    with stop_requests(screen.say) as stop:
        session = open_session(
            cache=cache_root(),
            notify=screen.notify,
            progress=screen.preparing,
            notice=lambda told: screen.notice(in_full(told)),
        )
        with screen, session as trainer:
            if trainer.images_seen >= trainer.settings.images:
                nothing_to_do(trainer)
                return
            stop.save_first()
            finished = trainer.train(stop.requested) == "finished"
        farewell(trainer, finished=finished)
    if not finished:
        raise click.exceptions.Exit(stop.exit_code)


def _with_epochs(host: "PluginHost", settings: Mapping[str, Any], epochs: float | None) -> Settings:
    if epochs is None:
        return dict(settings)
    from ganx.contracts.dataset import training_range
    from ganx.settings.run import resolve
    from ganx.training.setup import open_dataset

    images = len(training_range(open_dataset(host, resolve(host, settings))))
    return merge(settings, {"train": {"images": max(1, round(epochs * images))}})


def _given(table: Mapping[str, Any]) -> Settings:
    """Leave out what was not given."""
    return {key: value for key, value in table.items() if value not in (None, {})}
