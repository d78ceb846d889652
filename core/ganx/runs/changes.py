"""Settings of a run that were changed when it was resumed: which, from what to what, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganx.runs.provenance import Provenance


@dataclass(frozen=True)
class Change:
    """One setting that has another value from a moment on."""

    key: str
    """Such as ``optimizer.generator.learning_rate``."""

    before: Any
    after: Any
    """JSON; None where there was, or is, no such setting."""

    images_seen: int = 0
    """From how many images seen on."""

    @property
    def decides_weights(self) -> bool:
        """Whether the run ends elsewhere for it; else it changes what is kept, shown or scored."""
        return self.key.startswith("optimizer.")

    def __str__(self) -> str:
        """Write it as ``key before -> after``."""
        return f"{self.key} {_value(self.before)} -> {_value(self.after)}"

    def to_json(self) -> dict[str, Any]:
        """Write it for ``provenance.json``, whose session says when."""
        return {"key": self.key, "before": self.before, "after": self.after}


def deciding_changes(sessions: Sequence[Provenance]) -> list[Change]:
    """List what was changed of a run's weights-deciding settings, in the order of images seen.

    A session that began earlier than a former one went back to an older checkpoint, so that what
    was changed later holds from its beginning; what was changed back there is left out.
    """
    found: list[Change] = []
    for session in sessions:
        start = session.images_seen
        made = [Change(**one, images_seen=start) for one in session.changes]
        found = _at(start, found) + [one for one in made if one.decides_weights]
    return [one for one in _joined(found) if one.before != one.after]


def told_changes(changes: Iterable[Change]) -> list[str]:
    """Write a line for each moment: ``from 12,800 images on: key before -> after``."""
    lines: dict[int, list[str]] = {}
    for one in changes:
        lines.setdefault(one.images_seen, []).append(str(one))
    return [f"from {seen:,} images on: {', '.join(texts)}" for seen, texts in lines.items()]


def _at(start: int, changes: Iterable[Change]) -> list[Change]:
    """Let changes that came after a moment count from it."""
    return [Change(one.key, one.before, one.after, min(one.images_seen, start)) for one in changes]


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Make one change of those of one setting at one moment."""
    found: dict[tuple[int, str], Change] = {}
    for one in changes:
        place = one.images_seen, one.key
        first = found.get(place, one)
        found[place] = Change(one.key, first.before, one.after, one.images_seen)
    return list(found.values())


def changes_of(
    keys: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    """Compare nested settings at dotted keys; a key may name a table, all of which is compared."""
    old, new = dict(_flattened(before)), dict(_flattened(after))
    touched = [
        place
        for place in dict.fromkeys([*old, *new])
        if any(f"{place}.".startswith(f"{key}.") for key in keys)
    ]
    return [
        Change(place, old.get(place), new.get(place))
        for place in touched
        if old.get(place) != new.get(place)
    ]


def _flattened(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Yield the settings of nested tables under dotted keys."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _value(value: Any) -> str:
    return "unset" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
