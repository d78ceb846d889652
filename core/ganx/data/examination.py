"""Finding out which files of a list cannot be decoded, before a data set is made of the others."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock

from ganx.data.causes import damage_of
from ganx.data.container import Files
from ganx.data.contents import Contents, UnreadableFilesError
from ganx.data.damaged import Damage, DamagedImagesError
from ganx.data.verdicts import load_verdicts, save_verdicts

_BLOCK = 32

Decode = Callable[[str], object]
"""Decodes the file of a name, or raises ``DamagedImagesError``."""


class Watch:
    """Sees images being decoded, in blocks and in any order, until all of a list were."""

    def __init__(self, count: int) -> None:
        self._lock = Lock()
        self._seen = bytearray(count)
        self.damages: dict[int, Damage] = {}
        """By the number of the image."""

    def see(self, start: int, stop: int, damages: Mapping[int, Damage]) -> bool:
        """Note what became of images start..stop-1; tell whether these were the last."""
        with self._lock:
            fresh = 0 in self._seen
            self._seen[start:stop] = b"\1" * (stop - start)
            self.damages.update(damages)
            return fresh and 0 not in self._seen


def examined(
    files: Files, names: Sequence[str], contents: Contents, decode: Decode, *, floats: bool
) -> dict[str, Damage]:
    """Return what is wrong with files, by name and in their order.

    All are decoded where that was never done with these contents. ``floats`` tells whether
    ``decode`` takes floating-point numbers.
    """
    absent = [name for name in names if files.stamp(name) is None]
    damages = faults_of(files, {name: FileNotFoundError() for name in absent})
    present = [name for name in names if name not in damages]
    try:
        digests = contents.digests(present)
    except UnreadableFilesError as error:
        damages |= faults_of(files, error.faults)
        present = [name for name in names if name not in damages]
        digests = contents.digests(present)
    damages |= _of_contents(files, dict(zip(present, digests, strict=True)), decode, floats=floats)
    return {name: damages[name] for name in names if name in damages}


def faults_of(files: Files, faults: Mapping[str, OSError]) -> dict[str, Damage]:
    """Say what is wrong with files that the system does not hand out."""
    return {name: damage_of(error, files.place(name)) for name, error in faults.items()}


def _of_contents(
    files: Files, digests: Mapping[str, str], decode: Decode, *, floats: bool
) -> dict[str, Damage]:
    """Return what is wrong with files that can be read, from the record or by decoding all."""
    known = load_verdicts([*digests.values()], floats=floats)
    if known is not None:
        return {
            name: Damage(files.place(name), *known[digest])
            for name, digest in digests.items()
            if digest in known
        }
    damages = _decoded([*digests], decode)
    by_digest = {digests[name]: damage for name, damage in damages.items()}
    save_verdicts([*digests.values()], by_digest, floats=floats)
    return damages


def _decoded(names: Sequence[str], decode: Decode) -> dict[str, Damage]:
    """Decode files with several threads."""
    blocks = [names[start : start + _BLOCK] for start in range(0, len(names), _BLOCK)]
    damages: dict[str, Damage] = {}
    with ThreadPoolExecutor(thread_name_prefix="ganx-check") as pool:
        for found in pool.map(partial(_faults, decode), blocks):
            damages.update(found)
    return damages


def _faults(decode: Decode, names: Sequence[str]) -> dict[str, Damage]:
    """Decode some files, and return what is wrong with them, by name."""
    damages: dict[str, Damage] = {}
    for name in names:
        try:
            decode(name)
        except DamagedImagesError as error:
            damages[name] = error.damages[0]
    return damages
