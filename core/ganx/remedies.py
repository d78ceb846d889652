"""What to do about something that is wrong: in words of settings, and by its kind.

The engine does not know who reads it, and names settings, such as ``train.precision``. A command
line finds words of its own, with options and commands, by a remedy's kind and its facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remedy:
    """What to do about something."""

    kind: str
    """Such as ``train-a-judge``. Whoever has other words for it finds them by this name."""

    words: str
    """Whole sentences in words of settings, without any option or command."""

    facts: Mapping[str, str] = field(default_factory=dict)
    """What other words name too, such as ``{"dataset": "iclevr"}``."""


@dataclass(frozen=True)
class Notice:
    """What a person should know, though nothing is wrong; empty where there is nothing."""

    text: str
    remedy: Remedy | None = None

    def __str__(self) -> str:
        """Return it with its remedy."""
        return advised(self.text, self.remedy.words if self.remedy else "")


def advised(text: str, advice: str) -> str:
    """Put advice behind a text, in the same line unless the text ends one."""
    return f"{text}{advice}" if text.endswith("\n") else f"{text} {advice}".rstrip()
