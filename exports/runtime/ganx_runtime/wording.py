"""Lists of names in errors, and the names that may have been meant.

The rule is ganx's own, so that a text is answered alike by ``ganx sample`` and here.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

LISTED = 16
"""So many names are listed in an error; of more, the first few and how many there are."""

_FIRST = 6
_OFFERED = 5
_LIKE = 0.6
_TYPO = 0.8
"""Similarities (``difflib``'s ratio) of names that are somewhat alike, and but for a slip."""

_LEAST_WORD = 3
"""Letters of a word that says something."""


def listed(names: Sequence[str]) -> str:
    """List names, all of them where they are few."""
    if len(names) <= LISTED:
        return ", ".join(names)
    return f"{', '.join(names[:_FIRST])} and {len(names) - _FIRST:,} more"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known names, or nothing."""
    *others, last = [repr(one) for one in _similar(name, known)] or [""]
    offered = f"{', '.join(others)} or {last}" if others else last
    return f" Did you mean {offered}?" if offered else ""


def _similar(name: str, known: Iterable[str]) -> list[str]:
    """Return up to five known names, the likeliest first, whatever the case of their letters."""
    spelled: dict[str, list[str]] = {}
    for one in known:
        spelled.setdefault(one.casefold(), []).append(one)
    found = _similar_in_lower_case(name.casefold(), spelled)
    return [one for key in found for one in spelled[key]][:_OFFERED]


def _similar_in_lower_case(name: str, known: Collection[str]) -> list[str]:
    """Put the name itself before a slip of the pen, and that before all that are somewhat alike."""
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
