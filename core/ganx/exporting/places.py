"""Finding this machine's folders in a file that is meant for other machines."""

import getpass
import inspect
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from torch import nn

from ganx.errors import ExportError

LEAST_LENGTH = 10
"""Bytes of a path that count as one: ten given bytes never occur in weights by chance."""


LEAST_NAME = 4
"""Letters of a user's or machine's name that is looked for; shorter ones occur by chance."""

COMMON_NAMES = {"root", "user", "admin", "ubuntu", "runner", "jovyan", "localhost", "debian"}
"""Names that tell of nobody."""


def check_no_places(path: Path, module: nn.Module, *folders: Path, own: str = "") -> None:
    """Raise ``ExportError`` if a file names a folder, the user or the name of this machine.

    Folders are those of this machine and of the module's source. ``own`` is text of the generator
    in which such a name may stand: its labels, and the run's name.

    Looks at the bytes of the file and, if it is a zip archive, of everything in it.
    """
    patterns = {place: _pattern(place) for place in _places(module, *folders)}
    for content in _contents(path):
        for place, pattern in patterns.items():
            match = pattern.search(content)
            if match:
                found = match.group().decode(errors="replace")
                raise ExportError(
                    f"The exported file names a path of this machine, {found!r}. "
                    f"Its exporter must strip what leads back to {place}."
                )

    names = {name: _name_pattern(name) for name in _names() if name not in own}
    for content in _contents(path):
        for name, pattern in names.items():
            if pattern.search(content):
                raise ExportError(
                    f"The exported file has the name {name!r} of this machine or its user. "
                    f"Its exporter must leave that out."
                )


def _names() -> set[str]:
    """Collect the names by which this machine and its user would be known."""
    known = {platform.node(), platform.node().partition(".")[0]}
    # In a container the user may have no name.
    with suppress(OSError, KeyError, ImportError):
        known.add(getpass.getuser())
    return {name for name in known if len(name) >= LEAST_NAME and name not in COMMON_NAMES}


def _name_pattern(name: str) -> re.Pattern[bytes]:
    """Match a name that stands for itself, not a part of a longer word."""
    word = re.escape(name.encode("utf-8", "surrogateescape"))
    return re.compile(rb"(?<![A-Za-z0-9])" + word + rb"(?![A-Za-z0-9])")


def _pattern(place: str) -> re.Pattern[bytes]:
    """Match paths below a folder, at such a length that weights do not match by chance."""
    # As the system has it: a folder's name may be no text.
    folder = f"{place}/".encode("utf-8", "surrogateescape")
    least = max(1, LEAST_LENGTH - len(folder))
    return re.compile(re.escape(folder) + rb"[\w./+-]{%d,80}" % least)


def _places(module: nn.Module, *folders: Path) -> set[str]:
    """Collect the folders whose names would give this machine away."""
    known = [Path.cwd(), Path(tempfile.gettempdir()), *folders]
    # In a container the user may have no home.
    with suppress(RuntimeError):
        known.append(Path.home())
    known += [Path(text) for text in (sys.prefix, sys.base_prefix, *sys.path) if text]
    known += [Path(source).parent for source in _sources(module)]
    # The root, "/", is no secret and would be found in any text with a slash.
    return {str(place) for place in known if place.is_absolute() and len(place.parts) > 1}


def _sources(module: nn.Module) -> Iterator[str]:
    """Yield the files in which the classes of a module are written."""
    for kind in {type(part) for part in module.modules()}:
        try:
            yield inspect.getfile(kind)
        except (OSError, TypeError):
            continue


def _contents(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes and, decompressed, those of the files inside it."""
    yield path.read_bytes()
    if is_zipfile(path):
        with ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
