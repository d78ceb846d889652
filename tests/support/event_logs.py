"""The TensorBoard plugin on the tiny host, and what it logged as TensorBoard reads it."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pluggy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.metadata import (
    SESSION_END_INFO_TAG,
    SESSION_START_INFO_TAG,
    parse_session_end_info_plugin_data,
    parse_session_start_info_plugin_data,
)
from tiny import TinyHost, tiny_host

from ganx.contracts import hooks
from ganx.contracts.events import RunStarted
from ganx.host.observers import Observers
from ganx.host.registry import ProviderInfo
from ganx_tensorboard.plugin import TensorBoardObserver


def _observers() -> Observers:
    manager = pluggy.PluginManager("ganx")
    manager.add_hookspecs(hooks)
    manager.register(TensorBoardObserver(), name=str(ProviderInfo("tensorboard", "", "")))
    return Observers(manager.hook)


@dataclass(frozen=True)
class LoggedHost(TinyHost):
    """The tiny host with the TensorBoard plugin, called as ganx calls observers."""

    observers: Observers = field(default_factory=_observers)

    def notify(self, hook: str, event: object) -> None:
        self.observers.notify(hook, event)


def logged_host() -> LoggedHost:
    tiny = tiny_host()
    return LoggedHost(**{one.name: getattr(tiny, one.name) for one in fields(tiny)})


def started(run: Path, images_seen: int = 0, images: int = 3000, **config: Any) -> RunStarted:
    return RunStarted(run, config, images_seen, images)


def told(run: Path, *events: tuple[str, object]) -> EventAccumulator:
    """Tell a new host that a run starts and what happens in it, and read what it logged."""
    host = logged_host()
    for hook, event in [("ganx_run_started", started(run)), *events]:
        host.notify(hook, event)
    return logged(run)


def logged(run: Path) -> EventAccumulator:
    everything = dict.fromkeys(("scalars", "images", "tensors"), 0)
    return EventAccumulator(str(run / "tensorboard"), size_guidance=everything).Reload()


def curve(read: EventAccumulator, tag: str) -> dict[int, float]:
    """Return a curve by its steps, none of which is there twice."""
    points = [(point.step, point.value) for point in read.Scalars(tag)]
    assert len({step for step, _ in points}) == len(points)
    return dict(points)


def settings(read: EventAccumulator) -> dict[str, Any]:
    """Return the hyperparameters."""
    content = read.summary_metadata[SESSION_START_INFO_TAG].plugin_data.content
    noted = parse_session_start_info_plugin_data(content).hparams
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in noted.items()}


def is_complete(read: EventAccumulator) -> bool:
    """Tell whether the run is marked as successful."""
    if SESSION_END_INFO_TAG not in read.summary_metadata:
        return False
    content = read.summary_metadata[SESSION_END_INFO_TAG].plugin_data.content
    return bool(parse_session_end_info_plugin_data(content).status == 1)
