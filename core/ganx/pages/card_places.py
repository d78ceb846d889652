"""Settings and facts of a run without places of the machine that trained it."""

import re
from collections.abc import Mapping
from typing import Any

_NAMED = {"data", "folder", "init_from", "judge", "read_from"}
"""Keys whose values say where something lies."""

_PATH = re.compile(r"[/\\]|^~|^[A-Za-z]:")


def is_place(key: str, value: Any) -> bool:
    """Tell whether a value says where something lies, by its key or by how it looks."""
    if isinstance(value, str):
        return bool(value) and (key in _NAMED or bool(_PATH.search(value)))
    if isinstance(value, list | tuple):
        return any(is_place(key, one) for one in value)
    return False


def without_places(table: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out every place, in tables within the table too."""
    return {
        key: without_places(value) if isinstance(value, Mapping) else value
        for key, value in table.items()
        if not is_place(key, value)
    }


def places_in(table: Mapping[str, Any], above: str = "") -> list[str]:
    """List the keys that are left out, such as ``dataset.folder``."""
    found: list[str] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            found += places_in(value, f"{above}{key}.")
        elif is_place(key, value):
            found.append(f"{above}{key}")
    return found
