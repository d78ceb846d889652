"""What a run is and was made with, for a reader: facts, provenance, alarms."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ganx.errors import RunError
from ganx.remedies import advised
from ganx.runs.changes import deciding_changes, told_changes
from ganx.runs.directory import RunDirectory
from ganx.runs.provenance import Provenance

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Alarm:
    """A sign of failing that a training gave."""

    images_seen: int
    kind: str
    text: str


@dataclass(frozen=True)
class About:
    """What is known of a run from its small files."""

    name: str
    config: Mapping[str, Any]
    config_text: str
    sessions: Sequence[Provenance]
    """Provenance of each session of training."""

    images_seen: int | None
    """Of the last reading."""

    @property
    def subtitle(self) -> str:
        """Name recipe, model and data set."""
        model, recipe = self.config["model"]["name"], self.config.get("recipe", "")
        named = f"{recipe} ({model})" if recipe and recipe != model else model
        return f"{named} on {self.config['dataset']['name']}"

    @property
    def images(self) -> int:
        """How many images the run was to see."""
        return int(self.config["train"]["images"])

    @property
    def is_finished(self) -> bool:
        """Whether it saw as many images as it was to."""
        return (self.images_seen or 0) >= self.images

    @property
    def started(self) -> str:
        """When the first session began."""
        return _moment(self.sessions[0].started) if self.sessions else "at an unknown time"


def about(run: RunDirectory, images_seen: int | None) -> About:
    """Read the small files of a run. Raises ``RunError`` where one is damaged."""
    try:
        sessions = run.read_provenance() if run.provenance.is_file() else []
        text = run.config.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise RunError(f"Cannot read about the run {run.path}: {error}.") from None
    return About(run.path.resolve().name, run.read_config(), text, sessions, images_seen)


def provenance(facts: About) -> Pairs:
    """List versions, hardware, seed and data of the last session."""
    if not facts.sessions:
        return []
    last = facts.sessions[-1]
    count = len(facts.sessions)
    return [
        ("Sessions of training", f"{count}, the last from {_moment(last.started)}"),
        ("ganx", last.ganx),
        ("Python", last.python),
        *last.packages.items(),
        ("Hardware", ", ".join(_plain(last.hardware))),
        ("Execution", ", ".join(_plain(last.execution))),
        ("Seed", str(last.seed)),
        *((f"Data: {name}", _text(value)) for name, value in last.dataset.items()),
        ("Plugins", ", ".join(dict.fromkeys(last.plugins.values()))),
    ]


def changes(facts: About) -> list[str]:
    """Stamp a run whose settings decided its weights only from some moment on."""
    lines = told_changes(deciding_changes(facts.sessions))
    return [f"Changed while it trained: {'; '.join(lines)}."] if lines else []


def alarms(run: RunDirectory, how: Mapping[str, str]) -> list[Alarm]:
    """Read the alarms of a run; a last line that a crash cut off is left out.

    ``how`` has what to add to an alarm's text, by its kind.
    """
    if not run.alarms.is_file():
        return []
    return [
        Alarm(row["images_seen"], row["kind"], advised(row["text"], how.get(row["kind"], "")))
        for row in _rows(run.alarms.read_text("utf-8"))
    ]


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    """Read the whole lines of JSON."""
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _moment(written: str) -> str:
    """Write a time without seconds, in its own zone."""
    return datetime.fromisoformat(written).strftime("%Y-%m-%d %H:%M %Z")


def _plain(table: Mapping[str, Any]) -> list[str]:
    """Write names and values in one line."""
    return [f"{name.replace('_', ' ')} {value}" for name, value in table.items()]


def _text(value: Any) -> str:
    return ", ".join(_plain(value)) if isinstance(value, Mapping) else str(value)
