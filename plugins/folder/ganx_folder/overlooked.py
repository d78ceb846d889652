"""Files that look like tables and are not read: they are named, so that nobody misses them."""

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from ganx import Files
from ganx_folder.tree import IMAGE_ENDINGS, Tree

_NAMED = 3
_LOOKED_INTO = 20
_BYTES = 1 << 16


def overlooked(tree: Tree, read: Collection[str]) -> list[str]:
    """Say which files look like tables and are not among those ``read``, in at most a sentence.

    A file with the name of an image beside it is about that image only. Of ``.txt`` and ``.json``
    a few are looked into, and count where they name an image.
    """
    stems = {_stem(name) for name in tree.images}
    others = [name for name in tree.tables if name not in read and _is_table_of(name, stems)]
    unsure = [name for name in others if name.lower().endswith((".txt", ".json"))][:_LOOKED_INTO]
    known = {name for name in unsure if _names_images(tree.files, name)}
    known.update(name for name in others if not name.lower().endswith((".txt", ".json")))
    return _said(sorted(known))


def _said(names: Sequence[str]) -> list[str]:
    """Name the first of them."""
    if not names:
        return []
    if len(names) == 1:
        said = f"{names[0]} looks like a table and was not read"
    else:
        more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
        said = f"{', '.join(names[:_NAMED])}{more} look like tables and were not read"
    return [f"{said}; dataset.table={names[0]} reads it."]


def _is_table_of(name: str, stems: Collection[str]) -> bool:
    """Tell whether a file is about more than the one image that it has its name from."""
    return _stem(name) not in stems and name not in stems and _stem(_stem(name)) not in stems


def _stem(name: str) -> str:
    """Return a name without its ending."""
    return str(PurePosixPath(name).with_suffix(""))


def _names_images(files: Files, name: str) -> bool:
    """Tell whether the beginning of a file has the ending of an image in it."""
    with files.open(name) as file:
        start = file.read(_BYTES).lower()
    return any(ending.encode() in start for ending in IMAGE_ENDINGS)
