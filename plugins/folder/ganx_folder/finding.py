"""Names of images as tables write them: from elsewhere, without endings, in another case."""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple

from ganx_folder.cells import clean
from ganx_folder.tree import IMAGE_ENDINGS

_SAMPLE = 200
"""How many names decide which folders of another machine are passed over."""


class Found(NamedTuple):
    """What a name in a table may be."""

    names: tuple[str, ...]
    """Images of the folder: none, the one, or several between which nothing decides."""
    how: str = ""
    """In what the name differs from that of the image; empty if in nothing."""


_NOTHING = Found(())


class Finder:
    """Looks up images by the names in a table."""

    def __init__(self, images: Iterable[str]) -> None:
        self._images = {clean(name): name for name in images}

    def find(self, files: Sequence[str], folders: Sequence[str]) -> list[Found]:
        r"""Find the image of each row; ``folders`` are what names may be relative to.

        As it is written, with ``\`` for ``/``, and where no row names an image so, without the
        first folders of all names, as few of them as possible. What is still missing then is
        looked for in another case of letters, without its ending, and a bare name in all folders,
        where one image only has it.
        """
        folders = list(dict.fromkeys(map(posixpath.normpath, folders)))
        found = [self._exact(file, folders) for file in files]
        dropped = 0 if any(one.names for one in found) else self._dropped(files, folders)
        for row, file in enumerate(files):
            if not found[row].names:
                found[row] = self._elsewhere(file, dropped, folders)
        return found

    def _exact(self, file: str, folders: Sequence[str]) -> Found:
        """Look up a name as it is written."""
        for folder in folders:
            path = _path(file, folder)
            if path in self._images:
                return Found((self._images[path],))
        return self._exact(file.replace("\\", "/"), folders) if "\\" in file else _NOTHING

    def _looked_for(self, file: str, folders: Sequence[str]) -> Found:
        """Look up a name by what else it may mean."""
        for how, known, keys in self._ways(file, folders):
            names = next((known[key] for key in keys if key in known), ())
            if names:
                return Found(_in_this_case(names, file), how)
        return _NOTHING

    def _ways(
        self, file: str, folders: Sequence[str]
    ) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]], list[str]]]:
        """Yield the ways to look up a name: a word for each, where, and under what."""
        paths = [_path(file, folder).casefold() for folder in folders]
        yield "in another case of letters", self._by_path, paths
        bare = clean(file).casefold()
        whole = bare.endswith(IMAGE_ENDINGS)
        if not whole:
            yield "without their ending", self._by_stem, paths
        yield "without their folder", self._by_name, [bare]
        if not whole:
            yield "without their folder and ending", self._by_bare_stem, [bare]

    def _elsewhere(self, file: str, dropped: int, folders: Sequence[str]) -> Found:
        """Look up a name without its first parts, which must be folders around those here.

        What an absolute name's folders have been renamed to cannot be known, so they may differ.
        """
        rest = _without(file, dropped)
        if not dropped:
            return self._looked_for(rest, folders)
        found = self._exact(rest, folders)
        found = found if found.names else self._looked_for(rest, folders)
        if not found.names:
            return found
        whole = "/" + "/".join(_parts(clean(file))).casefold()
        if not (_is_absolute(file) or whole.endswith(f"/{clean(found.names[0])}".casefold())):
            return _NOTHING
        return Found(found.names, "with folders that are not here")

    def _dropped(self, files: Sequence[str], folders: Sequence[str]) -> int:
        """Decide how many first parts of all names are left out: the fewest that find the most."""
        sample = files[:: max(1, len(files) // _SAMPLE)]
        if any(".." in file.replace("\\", "/").lstrip("./").split("/") for file in sample):
            return 0
        counts = []
        for count in range(max((len(_parts(file)) for file in sample), default=1)):
            found = [self._elsewhere(file, count, folders).names for file in sample]
            clear = {names[0] for names in found if len(names) == 1}
            counts.append((len(clear), not clear and any(found)))
        return counts.index(max(counts))

    @cached_property
    def _by_path(self) -> Mapping[str, tuple[str, ...]]:
        return self._index(lambda name: name)

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[str, ...]]:
        return self._index(lambda name: posixpath.splitext(name)[0])

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        return self._index(posixpath.basename)

    @cached_property
    def _by_bare_stem(self) -> Mapping[str, tuple[str, ...]]:
        return self._index(lambda name: posixpath.splitext(posixpath.basename(name))[0])

    def _index(self, key: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
        """Sort the images by a part of their names, in small letters."""
        found = defaultdict(list)
        for name, image in self._images.items():
            found[key(name).casefold()].append(image)
        return {name: tuple(images) for name, images in found.items()}


def _path(file: str, folder: str) -> str:
    """Return what a name relative to a folder is, relative to the root."""
    return clean(posixpath.normpath(posixpath.join(folder, file)))


def _is_absolute(file: str) -> bool:
    """Tell whether a name begins at the root of a machine, or outside the folder."""
    return file.startswith(("/", "\\", "~", "../", "..\\")) or PureWindowsPath(file).is_absolute()


def _parts(file: str) -> list[str]:
    """Cut a name at its folders, those of Windows included."""
    return [part for part in file.replace("\\", "/").split("/") if part not in {"", "."}]


def _without(file: str, count: int) -> str:
    """Leave out the first parts of a name, and write it with ``/``."""
    return "/".join(_parts(file)[count:]) if count else file.replace("\\", "/")


def _in_this_case(names: tuple[str, ...], file: str) -> tuple[str, ...]:
    """Of names that differ in case only, keep those written as the table does."""
    if len(names) == 1:
        return names
    written = PurePosixPath(clean(file)).name
    same = tuple(name for name in names if PurePosixPath(clean(name)).name.startswith(written))
    return same or names
