"""A run's configuration as the flat list that TensorBoard compares runs by."""

from collections.abc import Mapping, Sequence
from typing import Any

Setting = bool | float | str


def flattened(config: Mapping[str, Any], place: str = "") -> dict[str, Setting]:
    """Join the keys of nested tables with dots; lists become text, empty tables are left out."""
    flat: dict[str, Setting] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{place}{key}.")
        else:
            flat[f"{place}{key}"] = _simple(value)
    return flat


def _simple(value: Any) -> Setting:
    """Keep what TensorBoard can hold, and write the rest out."""
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(map(str, value))
    return str(value)
