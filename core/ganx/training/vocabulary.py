"""The labels of one vocabulary in another, by their names."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ganx.contracts.condition import Condition

Places = tuple[int | None, ...]
"""For each entry of a condition [K] its place in another vocabulary; None: it is not there."""

_Entry = tuple[str, str]
"""A group's name and a value of it."""

_SHOWN = 3


def matched(former: Condition, condition: Condition) -> Places:
    """Find each entry of a condition in a former vocabulary, whatever the order and the kind.

    Group and value have to be the same. Where neither vocabulary has the other's group, the value
    is enough, if each of the two has it once in such groups.
    """
    there, here = _entries(former), _entries(condition)
    found: dict[_Entry, int] = {entry: place for place, entry in enumerate(there)}
    places = [found.get(entry) for entry in here]
    of_former, of_here = _lonely(there, here), _lonely(here, there)
    by_value = {value: found[group, value] for group, value in of_former}
    once = _once(of_former) & _once(of_here)
    return tuple(
        by_value[entry[1]] if entry in of_here and entry[1] in once else place
        for entry, place in zip(here, places, strict=True)
    )


def told_labels(former: Condition, condition: Condition, places: Places) -> list[str]:
    """Say how many labels were known, are new and were left out, and name the first few."""
    there, here = _names(former), _names(condition)
    pairs = list(zip(here, places, strict=True))
    known = [name for name, place in pairs if place is not None]
    new = [name for name, place in pairs if place is None]
    left = [name for place, name in enumerate(there) if place not in places]
    kinds = (("known", known), ("new", new), ("left out", left))
    return [f"{len(names)} {kind} ({shown(names)})" for kind, names in kinds if names]


def shown(names: Sequence[str], most: int = _SHOWN) -> str:
    """List the first few names, and say how many follow."""
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def _entries(condition: Condition) -> list[_Entry]:
    return [(group.name, value) for group in condition.groups for value in group.values]


def _names(condition: Condition) -> list[str]:
    """Name the entries as a prompt does."""
    several = len(condition.groups) > 1
    return [f"{group}={value}" if several else value for group, value in _entries(condition)]


def _lonely(entries: Iterable[_Entry], others: Iterable[_Entry]) -> list[_Entry]:
    """List the entries of groups that the other vocabulary does not have."""
    groups = {group for group, _ in others}
    return [entry for entry in entries if entry[0] not in groups]


def _once(entries: Iterable[_Entry]) -> set[str]:
    """Return the values that one group alone has."""
    counts = Counter(value for _, value in entries)
    return {value for value, count in counts.items() if count == 1}
