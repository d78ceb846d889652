"""Every error that a user of ganx can cause, told in whole sentences.

A message says what was wrong and where, what was expected, and what to do. It names settings, and
no option or command: those are the command line's to add, which prints it without a traceback and
exits non-zero.
"""

from collections.abc import Iterable
from difflib import get_close_matches

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


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known name, or nothing."""
    matches = get_close_matches(name, list(known), n=1)
    return f" Did you mean {matches[0]!r}?" if matches else ""


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is unknown, what the choices are, and which is nearest."""
    choices = sorted(known)
    listed = ", ".join(choices) if choices else "none"
    return f"Unknown {kind} {name!r}.{nearest(name, choices)} Available: {listed}."
