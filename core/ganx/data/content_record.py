"""What is remembered of files that were read before, so that they need not be read again.

A record is a file in the cache that can be thrown away at any time. One that is damaged, or that
another version wrote, is as good as none.
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ganx.data.cache import cache_root
from ganx.data.container import Stamp
from ganx.files import written_whole

_FORMAT = b"ganx contents 1\n"
_CHECK = hashlib.sha256().digest_size
_ROW = np.dtype(
    [(name, "<i8") for name in ("size", "time", "changed", "read")] + [("digest", "V32")]
)
_UNSURE_NS = 2_000_000_000
"""A file that was read so soon after its last change may have changed again within one tick of
the clock of its disk, the longest of which is two seconds (FAT)."""


class Known(NamedTuple):
    """A file as it was when it was read. The first three are those of ``Stamp``."""

    size: int
    time_ns: int
    changed_ns: int
    read_ns: int
    """When reading began, by the clock."""

    digest: bytes
    """The SHA-256 of its bytes."""

    def holds_for(self, stamp: Stamp) -> bool:
        """Tell whether the file surely was not changed since."""
        if self[:3] != stamp:
            return False
        times = (stamp.time_ns, stamp.changed_ns)
        return all(abs(self.read_ns - time) > _UNSURE_NS for time in times)


def record_of(root: Path) -> Path:
    """Return where the record of the files below a root lies."""
    place = os.path.realpath(root).encode("utf-8", "surrogateescape")
    return cache_root() / "contents" / hashlib.sha256(place).hexdigest()[:32]


def load_record(path: Path) -> dict[str, Known]:
    """Read a record, by names of files; empty where there is none that is whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    check, body = content[:_CHECK], content[_CHECK:]
    if check != _check(body):
        return {}
    count = int.from_bytes(body[:8], "little")
    rows = np.frombuffer(body, _ROW, count, 8)
    names = body[8 + rows.nbytes :].decode("utf-8", "surrogateescape").split("\0")
    return dict(zip(names, map(Known._make, rows.tolist()), strict=False))


def save_record(path: Path, known: Mapping[str, Known]) -> None:
    """Write a record, where that is possible: without it, files are read again and no more."""
    # A time beyond the year 2262 has no room in a row.
    with suppress(OSError, OverflowError):
        rows = np.array([tuple(one) for one in known.values()], _ROW)
        names = "\0".join(known).encode("utf-8", "surrogateescape")
        body = len(rows).to_bytes(8, "little") + rows.tobytes() + names
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as aside:
            aside.write_bytes(_check(body) + body)


def _check(body: bytes) -> bytes:
    """Digest what follows in the file, so that damage and other forms are noticed."""
    return hashlib.sha256(_FORMAT + body).digest()
