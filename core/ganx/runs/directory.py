"""Run directories: where a run keeps its configuration, metrics, grids, checkpoints and exports."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import tomli_w

from ganx.contracts.events import AlarmRaised
from ganx.errors import RunError, listed, nearest
from ganx.files import replace_text, writing
from ganx.remedies import Remedy
from ganx.runs.provenance import Provenance
from ganx.settings.merging import Settings, read_toml
from ganx.utf8 import is_utf8, not_text

_NAME = re.compile(r"^(\d{5,})-")

CheckpointChoice = int | Literal["best"] | None
"""A checkpoint by images seen, the best one, or None for the newest."""


@dataclass(frozen=True)
class Best:
    """Which checkpoint of a run scored best, and on what."""

    images_seen: int
    metric: str
    """Such as ``validation.top-k``."""

    value: float
    select_on: str
    """The prompts that selected it, on which its scores are too good; empty for other figures."""

    judge: str = ""
    """The digest of the judge that was asked."""

    seeds: int = 0
    """How many draws of noise the value is the mean of."""

    first_seed: int = 0
    """The seed of the first draw; the others follow it."""

    @property
    def protocol(self) -> tuple[str, str, int, int]:
        """What has to be the same for values to be compared."""
        return self.metric, self.judge, self.seeds, self.first_seed


class RunDirectory:
    """Paths and small files of one run.

    ``config.toml`` repeats the run; ``provenance.json`` says what it was made with;
    ``metrics.jsonl`` has a line for each iteration; ``grids/`` and ``checkpoints/``
    are named by images seen; ``best.json`` names the best of them; ``evaluations/`` holds what
    was found about them; ``alarms.jsonl`` tells of signs of failing; ``marks.npy`` marks each
    image of the data set; ``exports/`` holds verified files.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.toml"
        self.provenance = path / "provenance.json"
        self.metrics = path / "metrics.jsonl"
        self.grids = path / "grids"
        self.checkpoints = path / "checkpoints"
        self.exports = path / "exports"
        self.evaluations = path / "evaluations"
        self.alarms = path / "alarms.jsonl"
        self.marks = path / "marks.npy"
        self._best = path / "best.json"

    def write_config(self, settings: Settings, notes: Iterable[str] = ()) -> None:
        """Write the resolved configuration, below notes for whoever repeats the run."""
        comments = "".join(f"# {note}\n" for note in notes)
        replace_text(self.config, comments + tomli_w.dumps(settings))

    def read_config(self) -> Settings:
        """Read the resolved configuration."""
        return read_toml(self.config)

    def add_provenance(self, session: Provenance) -> None:
        """Write what one more session of training is made with."""
        former = self._sessions() if self.provenance.is_file() else []
        told = {"sessions": [*former, session.to_json()]}
        replace_text(self.provenance, json.dumps(told, indent=1) + "\n")

    def read_provenance(self) -> list[Provenance]:
        """Read what each session of training was made with, the first one first.

        Raises ``RunError`` for a file that is missing or damaged.
        """
        try:
            return [Provenance.from_json(one) for one in self._sessions()]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(f"Cannot read {self.provenance}: {error}.") from None

    def sessions(self) -> list[Provenance]:
        """Read the same where it can be read; a missing or damaged record says nothing."""
        try:
            return self.read_provenance()
        except RunError:
            return []

    def _sessions(self) -> list[dict[str, Any]]:
        return list(json.loads(self.provenance.read_text(encoding="utf-8"))["sessions"])

    def grid(self, images_seen: int) -> Path:
        """Name the sample grid of one moment."""
        return self.grids / f"{images_seen:09d}.png"

    def checkpoint(self, images_seen: int) -> Path:
        """Name the checkpoint of one moment."""
        return self.checkpoints / f"{images_seen:09d}"

    def all_checkpoints(self) -> list[Path]:
        """List the checkpoints, oldest first."""
        if not self.checkpoints.is_dir():
            return []
        return sorted(path for path in self.checkpoints.iterdir() if path.name.isdecimal())

    def newest_checkpoint(self) -> Path:
        """Return the newest checkpoint. Raises ``RunError`` when there is none."""
        found = self.all_checkpoints()
        if not found:
            raise RunError(
                f"The run {self.path} has no checkpoint yet. One is saved every few minutes, at "
                "the end, and when training is interrupted with Ctrl-C."
            )
        return found[-1]

    def best(self) -> Best | None:
        """Tell which checkpoint is the best, if the run was scored while it trained."""
        if not self._best.is_file():
            return None
        try:
            return Best(**json.loads(self._best.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise RunError(f"Cannot read {self._best}: {error}. Remove it.") from None

    def write_best(self, best: Best) -> None:
        """Name the best checkpoint, which must be there."""
        replace_text(self._best, json.dumps(asdict(best)) + "\n")

    def saved_checkpoint(self, moment: CheckpointChoice) -> Path:
        """Return the checkpoint of one moment. Raises ``RunError`` without it."""
        newest = self.newest_checkpoint()
        if moment is None:
            return newest
        images_seen = self._best_moment() if moment == "best" else moment
        path = self.checkpoint(images_seen)
        if not path.is_dir():
            known = ", ".join(str(int(one.name)) for one in self.all_checkpoints())
            raise RunError(
                f"The run {self.path} has no checkpoint at {images_seen} images seen. "
                f"Its checkpoints: {known}."
            )
        return path

    def _best_moment(self) -> int:
        """Return the images seen at the best checkpoint. Raises ``RunError`` without one."""
        best = self.best()
        if best is None:
            raise RunError(
                f"The run {self.path} has no best checkpoint: nothing that could select one was "
                "scored while it trained.",
                remedy=Remedy(
                    "name-a-checkpoint",
                    "Name a checkpoint by images seen, or none for the newest.",
                ),
            )
        if not self.checkpoint(best.images_seen).is_dir():
            raise RunError(
                f"The best checkpoint of {self.path}, at {best.images_seen} images seen, is gone.",
                remedy=Remedy(
                    "name-another-checkpoint",
                    "Name another by images seen, or none for the newest.",
                ),
            )
        return best.images_seen

    def append_metrics(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add lines to the metrics."""
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        with writing(self.metrics), self.metrics.open("a", encoding="utf-8") as file:
            file.write(lines)

    def append_alarm(self, alarm: AlarmRaised) -> None:
        """Add a line to the alarms."""
        with writing(self.alarms), self.alarms.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(alarm)) + "\n")

    def cut_records(self, images_seen: int) -> None:
        """Drop metrics and alarms after a checkpoint, and last lines that a crash cut off."""
        for record in (self.metrics, self.alarms):
            if record.exists():
                _cut(record, images_seen)


def _cut(record: Path, images_seen: int) -> None:
    """Keep the whole lines of a file up to a moment."""
    kept = 0
    with record.open("rb") as file:
        for line in file:
            # Images seen only grow: what follows the first line too far is too far as well.
            if not line.endswith(b"}\n") or json.loads(line)["images_seen"] > images_seen:
                break
            kept += len(line)
    with writing(record):
        os.truncate(record, kept)


def create_run(runs: Path, label: str) -> RunDirectory:
    """Make the next numbered run directory, such as ``runs/00003-sagan-iclevr``.

    Raises ``RunError`` when the folder cannot be written, or has a name that is no text.
    """
    _check_name(runs)
    try:
        runs.mkdir(parents=True, exist_ok=True)
        while True:
            number = max((_number(path) for path in runs.iterdir()), default=-1) + 1
            path = runs / f"{number:05d}-{label}"
            try:
                path.mkdir()
            except FileExistsError:
                continue  # another process took this number
            break
        run = RunDirectory(path)
        run.grids.mkdir()
    except OSError as error:
        raise RunError(
            f"Cannot make a run in {runs}: {error}.",
            remedy=Remedy("choose-where-runs-go", "Choose a writable folder."),
        ) from error
    return run


def find_run(name: str | Path | None, runs: Path) -> Path:
    """Find a run by path or by its name in ``runs``; the newest when no name is given.

    Raises ``RunError`` when there is none, or when its folder has a name that is no text.
    """
    if name is None:
        return _check_name(_newest(runs))
    for candidate in (Path(name), runs / name):
        if (candidate / "config.toml").is_file():
            return _check_name(candidate)
    known = [path.name for path in _runs_in(runs)]
    there = f" Runs in {runs}: {listed(known)}." if known else f" There are no runs in {runs}."
    raise RunError(f"There is no run {str(name)!r}.{nearest(str(name), known)}{there}")


def _check_name(path: Path) -> Path:
    """Refuse a folder whose name neither pages nor files of weights can hold."""
    if not is_utf8(str(path)):
        raise RunError(not_text(str(path)))
    return path


def _newest(runs: Path) -> Path:
    """Return the run with the highest number."""
    found = _runs_in(runs)
    if not found:
        raise RunError(
            f"There is no run in {runs} yet.",
            remedy=Remedy("train-a-run", "Train one, or name the folder of one."),
        )
    return found[-1]


def _runs_in(runs: Path) -> list[Path]:
    """List the runs of a folder by number."""
    if not runs.is_dir():
        return []
    return sorted(
        (path for path in runs.iterdir() if (path / "config.toml").is_file()), key=_number
    )


def _number(path: Path) -> int:
    """Read the number of a run from its name; -1 for other folders."""
    match = _NAME.match(path.name)
    return int(match.group(1)) if match else -1
