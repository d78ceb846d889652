"""Whole runs of the tiny model, for tests of the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiny import TinyHost, tiny_host

from ganx.runs.directory import RunDirectory
from ganx.sessions.session import resumed, started
from ganx.settings.merging import merge
from ganx.settings.run import resolve
from ganx.training.trainer import Trainer

Settings = dict[str, Any]


@dataclass(frozen=True)
class Lab:
    """A folder for runs, and the host with the tiny model that trains there."""

    folder: Path
    host: TinyHost = field(default_factory=tiny_host)

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @contextmanager
    def start(self, **settings: Any) -> Iterator[Trainer]:
        config = resolve(self.host, merge({"recipe": "tiny"}, settings))
        with started(self.host, config, runs=self.runs, **self._session()) as trainer:
            yield trainer

    def run(self, **settings: Any) -> RunDirectory:
        with self.start(**settings) as trainer:
            trainer.train()
        return trainer.run

    @contextmanager
    def resuming(self, run: RunDirectory, **changes: Any) -> Iterator[Trainer]:
        with resumed(self.host, run.path, changes, **self._session()) as trainer:
            yield trainer

    def resume(self, run: RunDirectory, **changes: Any) -> RunDirectory:
        with self.resuming(run, **changes) as trainer:
            trainer.train()
        return trainer.run

    def _session(self) -> Settings:
        return {
            "cache": self.folder / "cache",
            "notify": self.host.notify,
            "progress": lambda *_: None,
        }


def tensor_files(run: RunDirectory) -> dict[str, bytes]:
    folder = run.newest_checkpoint()
    return {path.name: path.read_bytes() for path in folder.glob("*.safetensors")}


def assert_same_checkpoint(one: RunDirectory, other: RunDirectory) -> None:
    assert one.newest_checkpoint().name == other.newest_checkpoint().name
    left, right = tensor_files(one), tensor_files(other)
    assert left.keys() == right.keys()
    assert [name for name in left if left[name] != right[name]] == []
