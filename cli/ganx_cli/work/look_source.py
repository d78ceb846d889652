"""What the argument of ``ganx datasets show`` means, and where the sheet goes."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ganx.contracts.specs import DatasetSpec
from ganx.errors import RunError
from ganx.host.registry import Registry, UnknownNameError

FOLDER = "folder"
"""The data set that any folder or archive is opened with."""

MARK = {"Software": "ganx datasets show"}
"""What a sheet in PNG says of itself, so that it may be replaced by the next."""


class Meant(NamedTuple):
    """A data set and where it lies."""

    name: str
    data: Path | None
    stem: str
    """Of the sheet's file."""
    note: str = ""
    """What else could have been meant; empty where nothing could."""


def meant(registry: Registry[DatasetSpec], argument: str, data: Path | None) -> Meant:
    """Read the argument: a data set's name, which wins, or a folder or archive.

    Raises ``UnknownNameError`` for what is neither, and ``RunError`` for two places at once.
    """
    try:
        registry[argument]
    except UnknownNameError as error:
        return _place(argument, data, error)
    note = (
        f"{argument!r} is taken for the data set of that name. For what lies here under the same "
        f"name, write ./{argument}"
    )
    hidden = data is None and _lies_here(argument)
    return Meant(argument, data, argument, note if hidden else "")


def _place(argument: str, data: Path | None, unknown: UnknownNameError) -> Meant:
    """Take what is no data set's name for a folder or an archive."""
    if not _lies_here(argument):
        raise UnknownNameError(
            f"{unknown} There is no folder or zip archive {argument!r} either: to look at images "
            "of your own, give the path to them."
        )
    if data is not None:
        raise RunError(
            f"{argument} is a place itself, so --data {data} would be a second one. Name one of "
            f"the two, or a data set: `ganx datasets show NAME --data {data}`."
        )
    path = Path(argument)
    whole = path.resolve()
    return Meant(FOLDER, path, (whole.name if whole.is_dir() else whole.stem) or "images")


def _lies_here(argument: str) -> bool:
    """Tell whether the argument is a path to something; no system takes any text for a path."""
    try:
        return bool(argument) and Path(argument).exists()
    except (OSError, ValueError):
        return False


def sheet_file(stem: str, output: Path | None, places: Iterable[Path]) -> Path:
    """Say where the sheet goes: ``output``, or STEM.png in the current folder.

    Nothing is written into ``places``, as it would be an image of theirs: without ``output`` the
    sheet then goes beside them. Another picture that is called STEM.png is kept, and the sheet is
    STEM-sheet.png. Raises ``RunError`` where neither is possible.
    """
    around = [place.resolve() for place in places if place.exists()]
    if output is not None:
        if _within(output, around):
            raise RunError(
                f"{output} lies in the data that is shown, and would become part of it. Write the "
                "sheet somewhere else with -o FILE."
            )
        return output
    outside = (one for one in (Path(), *Path.cwd().parents) if not _within(one, around))
    files = [one / f"{stem}{end}.png" for one in islice(outside, 1) for end in ("", "-sheet")]
    for file in files:
        if not _within(file, around) and (not file.exists() or _is_sheet(file)):
            return file
    raise RunError(
        "There is no place for the sheet but in the data that is shown, or over another picture "
        f"called {stem}.png. Name a file for it with -o FILE."
    )


def _within(file: Path, places: Iterable[Path]) -> bool:
    """Tell whether a file would be one of these places or lie in one."""
    around = [one for one in (file.resolve(), *file.resolve().parents) if one.exists()]
    return any(one.samefile(place) for place in places for one in around)


def _is_sheet(file: Path) -> bool:
    """Tell by its mark whether a file is a sheet."""
    try:
        with Image.open(file) as picture:
            return all(picture.info.get(key) == text for key, text in MARK.items())
    except OSError:
        return False
