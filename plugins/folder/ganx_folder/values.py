"""The values of one column: which there are, their order, and whether they can be asked for."""

import re
from collections.abc import Iterable, Sequence

from ganx import DataError
from ganx_folder.records import Record, Records

MOST_VALUES = 10_000
"""Of one column. A condition has an entry for each, and every image a condition."""

FEW_VALUES = 100
"""Up to so many are never too many; above it, two images must share a value on average."""


def check_name(
    name: str, what: str, place: str, forbidden: str = ",", *, instead: str = ""
) -> None:
    """Refuse a name that could not be written in a condition such as ``"hair=pink, eyes=blue"``."""
    for mark in forbidden:
        if mark in name:
            raise DataError(
                f"{place}: {name!r} cannot be {what}, as a {mark!r} has a meaning of its own "
                'where conditions are asked for ("red cube, blue sphere", "hair=pink"). Rename it.'
                f"{instead}"
            )
    if not name.isprintable():
        raise DataError(
            f"{place}: {name!r} cannot be {what}, as parts of it cannot be printed. Rename it."
        )


def ordered(values: Iterable[str]) -> tuple[str, ...]:
    """Sort values: whole numbers by size, else by their letters."""
    different = set(values)
    if all(re.fullmatch(r"-?\d{1,18}", value) for value in different):
        return tuple(sorted(different, key=lambda value: (int(value), value)))
    return tuple(sorted(different))


def check_count(values: Sequence[str], column: str, found: Records) -> None:
    """Refuse columns that name every image rather than what it shows."""
    most = min(MOST_VALUES, max(FEW_VALUES, len(found.rows) // 2))
    if len(values) <= most:
        return
    for_images = (
        f"for {len(found.rows):,} images, of which a generator learns nothing; the limit here is "
        f"{most:,}."
    )
    if not found.tables:
        raise DataError(
            f"{found.place} has {len(values):,} class folders {for_images} If the folders are no "
            "classes, set dataset.kind to 'none' to train without labels; else put images of the "
            "same kind into one folder, or give a table of labels."
        )
    raise DataError(
        f"{found.place}: {column!r} has {len(values):,} different values {for_images} Name other "
        "columns with dataset.columns, or set dataset.kind to 'none' to train without labels."
    )


def check_filled(value: str, column: str, record: Record) -> None:
    """Refuse an image of which a column says nothing."""
    if not value:
        raise DataError(
            f"{record.place}: the column {column!r} is empty. Give a value, remove the row, or "
            "name the columns to be read with dataset.columns; with dataset.kind = labels an image "
            "may have none."
        )
