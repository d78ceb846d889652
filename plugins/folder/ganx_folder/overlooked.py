"""Files that look like tables and are not read: they are named, so that nobody misses them."""

from collections.abc import Collection, Sequence
from posixpath import splitext

from ganx import DataError, Files
from ganx_folder.naming import SPREADSHEETS
from ganx_folder.tree import IMAGE_ENDINGS, Tree

_NAMED = 3
_LOOKED_INTO = 20
_BYTES = 1 << 16

_UNSURE = (".txt", ".json")
"""Endings of files that mostly say something else."""


def overlooked(tree: Tree, read: Collection[str]) -> list[str]:
    """Say which files look like tables and are not among those ``read``.

    A file with the name of an image beside it is about that image only. Of ``.txt`` and ``.json``
    a few are looked into, those in the outermost folders first, and count where they name an image.
    """
    others = [name for name in tree.tables if name not in read]
    if not others:
        return []
    stems = {splitext(name)[0] for name in tree.images} | set(tree.images)
    others = [name for name in others if splitext(name)[0] not in stems]
    unsure = [name for name in others if name.lower().endswith(_UNSURE)]
    unsure.sort(key=lambda name: name.count("/"))
    known = {name for name in unsure[:_LOOKED_INTO] if _names_images(tree.files, name)}
    known.update(name for name in others if not name.lower().endswith(_UNSURE))
    sheets = sorted(name for name in known if name.lower().endswith(SPREADSHEETS))
    tables = sorted(known.difference(sheets))
    return [
        *_said(tables, f"dataset.table={next(iter(tables), '')} reads it"),
        *_said(sheets, "save it as CSV"),
    ]


def _said(names: Sequence[str], remedy: str) -> list[str]:
    """Name the first of some files, and say what helps."""
    if not names:
        return []
    if len(names) == 1:
        return [f"{names[0]} looks like a table and was not read; {remedy}."]
    more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
    listed = ", ".join(names[:_NAMED])
    return [f"{listed}{more} look like tables and were not read; {remedy}."]


def _names_images(files: Files, name: str) -> bool:
    """Tell whether the beginning of a file has the ending of an image in it."""
    try:
        with files.open(name) as file:
            start = file.read(_BYTES).lower()
    except (OSError, DataError):  # nobody asked for this file
        return False
    return any(ending.encode() in start for ending in IMAGE_ENDINGS)
