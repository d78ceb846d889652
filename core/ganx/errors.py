"""Every error that a user of ganx can cause, told in whole sentences.

A message says what was wrong and where, what was expected, and what to do. It names settings, and
no option or command: those are the command line's to add, which prints it without a traceback and
exits non-zero.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

from ganx.remedies import Remedy, advised


class GanxError(Exception):
    """The base of all errors that ganx raises on purpose.

    ``text`` says what is wrong, in whole sentences; ``remedy`` what to do, where there is more to
    say than ``text`` does. As a ``str`` it is both.
    """

    def __init__(self, text: str = "", *, remedy: Remedy | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy

    def __str__(self) -> str:
        """Return what is wrong and what to do."""
        return advised(self.text, self.remedy.words if self.remedy else "")


class ConfigError(GanxError):
    """A setting is unknown, out of range, or contradicts another."""


class PluginError(GanxError):
    """A plugin is broken, or a name that no plugin provides was asked for."""


class DataError(GanxError):
    """The images or labels of a data set cannot be used."""


class RunError(GanxError):
    """A run directory or checkpoint is missing, damaged, or of another kind than needed."""


class TrainingError(GanxError):
    """Training cannot go on, for example because a loss is no longer finite."""


class ComparisonError(GanxError):
    """Runs cannot be compared, or not like for like."""


class ExportError(GanxError):
    """An exported file could not be made, or does not match the generator it came from."""


LISTED = 16
"""So many names are listed in an error; of more, the first few and how many there are."""

_FIRST = 6
_OFFERED = 5
_LIKE = 0.6
_TYPO = 0.8
"""Similarities (``difflib``'s ratio) of names that are somewhat alike, and but for a slip."""

_LEAST_WORD = 3
"""Letters of a word that says something."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known names, or nothing."""
    *others, last = [repr(one) for one in similar(name, known)] or [""]
    offered = f"{', '.join(others)} or {last}" if others else last
    return f" Did you mean {offered}?" if offered else ""


def similar(name: str, known: Iterable[str]) -> list[str]:
    """Return up to five known names that may have been meant, the likeliest first.

    The same name in other case goes before a slip of the pen, and that before all that are spelled
    somewhat alike or share a word, as ``cube`` does with ``red cube``.
    """
    spelled: dict[str, list[str]] = {}
    for one in known:
        spelled.setdefault(one.casefold(), []).append(one)
    found = _similar(name.casefold(), spelled)
    return [one for key in found for one in spelled[key]][:_OFFERED]


def _similar(name: str, known: Collection[str]) -> list[str]:
    """Do so for names in lower case."""
    if name in known:
        return [name]
    close = get_close_matches(name, known, n=_OFFERED, cutoff=_LIKE)
    ratios = [SequenceMatcher(None, one, name).ratio() for one in close]
    if ratios and ratios[0] >= _TYPO:
        return [one for one, ratio in zip(close, ratios, strict=True) if ratio == ratios[0]]
    words = _words(name)
    return list(dict.fromkeys([*close, *(one for one in known if words & _words(one))]))


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[\W_]+", text) if len(word) >= _LEAST_WORD}


def listed(names: Sequence[str]) -> str:
    """List names, all of them where they are few."""
    if not names:
        return "none"
    if len(names) <= LISTED:
        return ", ".join(names)
    return f"{', '.join(names[:_FIRST])} and {len(names) - _FIRST:,} more"


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is unknown, what the choices are, and which are nearest."""
    choices = sorted(known)
    return f"Unknown {kind} {name!r}.{nearest(name, choices)} Available: {listed(choices)}."
