"""What is told of a folder that was read: sentences for people, and conditions to ask for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ganx import PassedOver
from ganx_folder.layout import Layout
from ganx_folder.naming import SURE
from ganx_folder.reading import Reading
from ganx_folder.records import Records
from ganx_folder.tree import passed

PROMPTS = 32
"""How many of the most frequent conditions are prompts."""

_MANY = 10
"""So many images have not all different classes by chance."""

_NAMED = 3
"""How many values a sentence names before it counts the rest."""


def prompts(found: Records, reading: Reading) -> dict[str, tuple[str, ...]]:
    """Ask for each class once, else for the conditions that are most frequent in training."""
    condition = reading.condition
    if condition.kind == "none":
        return {}
    if condition.kind == "classes":
        return {"classes": condition.groups[0].values}
    rows = reading.conditions[found.splits.get("train", slice(None))]
    different, counts = np.unique(rows, axis=0, return_counts=True)
    common = different[np.argsort(-counts, kind="stable")]
    texts = [text for text in map(condition.decode, common[: PROMPTS + 1]) if text]
    return {"frequent": tuple(texts[:PROMPTS])} if texts else {}


def read_from(layout: Layout, found: Records) -> str:
    """Say where images and labels were read from."""
    used = {record.split for record in found.rows}
    folders = ", ".join(part.folder for part in layout.parts if part.split in used)
    noun = "folders" if len(used) > 1 else "folder"
    splits = f", its {noun} {folders}" if layout.split_by_folders else ""
    if layout.classes_around_splits:
        splits = ", its class folders with splits inside"
    if not found.columns:
        labels = "there are no labels"
    else:
        labels = f"labels are {'the names of folders' if not found.tables else found.source}"
    return f"Images are in {layout.tree.root}{splits}; {labels}."


def passed_over(layout: Layout, found: Records) -> tuple[PassedOver, ...]:
    """List what is not used."""
    unnamed: tuple[PassedOver, ...] = ()
    if found.left_out:
        named = {row.name for row in found.rows}
        names = [name for name in layout.tree.images if name not in named]
        unnamed = (passed(f"images that {found.source} does not name", names),)
    unread = [name for name in layout.tree.tables if name not in layout.tables]
    tables: tuple[PassedOver, ...] = ()
    if unread:
        sure = [name for name in unread if name.lower().endswith(SURE)]
        why = f"dataset.table={min(sure)} reads it." if sure else ""
        tables = (replace(passed("files that may be tables", unread), why=why),)
    return (*unnamed, *found.passed_over, *tables, *layout.tree.passed_over)


def notices(layout: Layout, found: Records, reading: Reading, *, wanted: bool) -> list[str]:
    """Say how the folder was understood, and what it lacks; ``wanted`` are labels."""
    said = [_understood(found, reading) if wanted else "Labels are not read, as the settings say."]
    if layout.classes_around_splits:
        said.append("The splits are folders inside those of the classes.")
    said += layout.remarks
    if found.left_out:
        said.append(f"{found.left_out:,} images that {found.source} does not name are left out.")
    said += found.remarks
    said += _odd_values(found, reading)
    absent = _absent(found, reading)
    if absent:
        more = f" and {len(absent) - _NAMED} more" if absent[_NAMED:] else ""
        said.append(f"No image to train on shows {', '.join(absent[:_NAMED])}{more}.")
    return said + _counted((*found.passed_over, *layout.tree.passed_over))


def _odd_values(found: Records, reading: Reading) -> Iterator[str]:
    """Say of which values nothing can be learned, and which may be meant to be one."""
    condition, images = reading.condition, len(found.rows)
    for group in condition.groups:
        what = "Class folders" if found.source == "folders" else f"The values of {group.name!r}"
        if condition.kind != "labels" and len(group.values) == images >= _MANY:
            yield (
                f"{what} are all different, one for each image, so that nothing can be learned of "
                "them; dataset.columns and dataset.kind choose what is read."
            )
        elif condition.kind != "labels" and len(group.values) == 1:
            yield f"{what} are all the same ({group.values[0]}), so they say nothing."
        cases: dict[str, str] = {}
        for value in group.values:
            other = cases.setdefault(value.casefold(), value)
            if other != value:
                yield f"{other!r} and {value!r} differ in their capital letters only and are two."


def _understood(found: Records, reading: Reading) -> str:
    """Say what the values were taken for."""
    if reading.meaning:
        source = "The folders' names" if found.source == "folders" else found.source
        are = "are" if found.source == "folders" else "is"
        return f"{source} {are} read as {reading.meaning}."
    if found.source:
        return f"{found.source} says which images are used; they have no labels."
    return "There are neither class folders nor a table, so the images have no labels."


def _counted(left: Sequence[PassedOver]) -> list[str]:
    """Count what is not used, in one line."""
    parts = "; ".join(f"{one.what} ({one.count:,})" for one in left)
    return [f"Passed over: {parts}."] if parts else []


def _absent(found: Records, reading: Reading) -> list[str]:
    """List the values that no image of the training split has."""
    seen = reading.conditions[found.splits.get("train", slice(None))].max(axis=0)
    values = [value for group in reading.condition.groups for value in group.values]
    return [value for value, shown in zip(values, seen, strict=True) if not shown]
