"""What ``ganx train`` does with its options."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganx_cli.stopping import stop_requests
from ganx_cli.train_screen import TrainScreen, farewell

if TYPE_CHECKING:
    from ganx.host import PluginHost
    from ganx.merging import Settings
    from ganx.run_config import RunConfig
    from ganx.training.trainer import Trainer


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
    dry_run: bool

    def settings(self) -> "Settings":
        """Return what the options set, over ``--set`` and ``--config``."""
        from ganx.merging import merge, parse_assignments, read_toml

        file = read_toml(self.config) if self.config else {}
        return merge(merge(file, parse_assignments(self.assignments)), self._options())

    def _options(self) -> "Settings":
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
            },
        }
        settings = {name: _given(table) for name, table in tables.items()}
        return _given({"recipe": self.recipe, **settings})


def run_training(host: "PluginHost", request: Request) -> None:
    """Start or resume a run, show its progress, and tell how to go on."""
    if request.images is not None and request.epochs is not None:
        raise click.UsageError("--images and --epochs say the same; give one of them.")
    if request.resume is not None:
        _resume(host, request)
    else:
        _start(host, request)


def _start(host: "PluginHost", request: Request) -> None:
    """Start a new run, or show what it would be."""
    from ganx.data.cache import cache_root
    from ganx.run_config import resolve
    from ganx.training.session import started

    config = _with_epochs(host, resolve(host, request.settings()), request.epochs)
    if request.dry_run:
        from ganx_cli.dry_run import show_plan

        show_plan(host, config)
        return
    screen = TrainScreen(host.notify)
    session = started(
        host,
        config,
        runs=request.out,
        cache=cache_root(),
        notify=screen.notify,
        progress=screen.preparing,
    )
    _train(session, screen)


def _resume(host: "PluginHost", request: Request) -> None:
    """Continue a run."""
    from ganx.data.cache import cache_root
    from ganx.run_config import resolve
    from ganx.rundir import RunDirectory, find_run
    from ganx.training.session import changed_settings, resumed

    run = find_run(request.resume or None, request.out)
    overrides = dict(request.settings())
    if request.epochs is not None:
        config = resolve(host, changed_settings(RunDirectory(run), overrides))
        images = _with_epochs(host, config, request.epochs).train.images
        overrides["train"] = {**overrides.get("train", {}), "images": images}
    if request.dry_run:
        from ganx_cli.dry_run import show_plan

        show_plan(host, resolve(host, changed_settings(RunDirectory(run), overrides)))
        return
    screen = TrainScreen(host.notify)
    session = resumed(
        host,
        run,
        overrides,
        cache=cache_root(),
        notify=screen.notify,
        progress=screen.preparing,
    )
    _train(session, screen)


def _train(session: "AbstractContextManager[Trainer]", screen: TrainScreen) -> None:
    """Train to the end or to the first stop signal; both end with a checkpoint."""
    with screen, session as trainer:
        screen.notice(trainer.draft.dataset.notice)
        with stop_requests(screen.say) as stop:
            trainer.train(stop.requested)
        images_seen = trainer.images_seen
    farewell(trainer.run, trainer.draft.dataset, images_seen, finished=not stop.signal_number)
    if stop.signal_number:
        click.get_current_context().exit(128 + stop.signal_number)


def _with_epochs(host: "PluginHost", config: "RunConfig", epochs: float | None) -> "RunConfig":
    """Turn passes over the training set into images."""
    if epochs is None:
        return config
    from ganx.run_config import resolve
    from ganx.training.draft import open_dataset, training_range

    if epochs <= 0:
        raise click.UsageError("--epochs must be more than 0.")
    images = max(1, round(epochs * len(training_range(open_dataset(host, config)))))
    settings = config.to_settings()
    settings["train"]["images"] = images
    return resolve(host, settings)


def _given(table: Mapping[str, Any]) -> "Settings":
    """Leave out what was not given."""
    return {key: value for key, value in table.items() if value not in (None, {})}
