"""Going on without images that cannot be decoded."""

from collections.abc import Container
from dataclasses import replace

from ganx import DataError
from ganx_folder.reading import Reading
from ganx_folder.records import Records


def without(
    skipped: Container[str], found: Records, reading: Reading
) -> tuple[Records, Reading, list[str]]:
    """Leave out images by their names; also say which splits have none left.

    The vocabulary stays. Raises ``DataError`` where nothing is left to train on.
    """
    kept = [at for at, row in enumerate(found.rows) if row.name not in skipped]
    left = replace(found, rows=tuple(found.rows[at] for at in kept))
    emptied = [split for split in found.splits if split not in left.splits]
    if "train" in emptied:
        raise DataError(
            "No image of the split train can be decoded, so there is nothing to train on. Copy or "
            "download the images again."
        )
    said = [f"No image of the split {split} can be decoded, so it is gone." for split in emptied]
    return left, reading._replace(conditions=reading.conditions[kept]), said
