"""What files hold, whatever they are called and wherever they lie: a digest of their bytes."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from ganx.data.container import Files, Stamp
from ganx.data.content_record import Known, load_record, record_of, save_record
from ganx.errors import DataError

Told = Callable[[int, int], None]
"""Called with the files read and the files to read in all."""

TOLD_AFTER = 2.0
"""In seconds: reading that ends sooner is not worth a word."""

_BLOCK = 32
_PIECE = 1 << 20


class UnreadableFilesError(DataError):
    """Files that cannot be read at all; ``faults`` has what the system says, by name."""

    def __init__(self, text: str, faults: Mapping[str, OSError]) -> None:
        super().__init__(text)
        self.faults = dict(faults)


class Contents:
    """Knows the contents of files, each of which is read once and then remembered in the cache.

    A file of the same size and times is taken to be the one that was read. Those spare the reading
    and decide nothing: a file that looks changed is read again.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self._record = record_of(files.root)
        self._known: dict[str, Known] | None = None

    def digests(self, names: Sequence[str], told: Told | None = None) -> list[str]:
        """Return the SHA-256 of each file's bytes as they are now, in hex; "" for a missing one.

        ``told`` hears how far that has come, where it takes longer than a moment. Raises
        ``UnreadableFilesError`` with all that cannot be read.
        """
        stamps = {name: self.files.stamp(name) for name in names}
        if self._known is None:
            self._known = load_record(self._record)
        known = self._known
        unread = {
            name: stamp
            for name, stamp in stamps.items()
            if stamp and not (name in known and known[name].holds_for(stamp))
        }
        faults = self._read(known, unread, told or _silent) if unread else {}
        if faults:
            raise self._unreadable(faults)
        return [known[name].digest.hex() if stamps[name] else "" for name in names]

    def _read(
        self, known: dict[str, Known], unread: Mapping[str, Stamp], told: Told
    ) -> dict[str, OSError]:
        """Read files with several threads, and return what cannot be read; the rest is known."""
        faults: dict[str, OSError] = {}
        names, done, began = list(unread), 0, time.monotonic()
        blocks = [names[start : start + _BLOCK] for start in range(0, len(names), _BLOCK)]
        pool = ThreadPoolExecutor(thread_name_prefix="ganx-contents")
        try:
            for block, read in zip(blocks, pool.map(self._digested, blocks), strict=True):
                for name, (read_ns, digest) in zip(block, read, strict=True):
                    if isinstance(digest, OSError):
                        faults[name] = digest
                    else:
                        known[name] = Known(*unread[name], read_ns, digest)
                done += len(block)
                if time.monotonic() - began > TOLD_AFTER:
                    told(done, len(names))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            save_record(self._record, known)
        return faults

    def _digested(self, names: Sequence[str]) -> list[tuple[int, bytes | OSError]]:
        """Read some files; return for each when that began, and the digest or what is wrong."""
        return [(time.time_ns(), self._digest(name)) for name in names]

    def _digest(self, name: str) -> bytes | OSError:
        digest = hashlib.sha256()
        try:
            with self.files.open(name) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except OSError as error:
            return error
        return digest.digest()

    def _unreadable(self, faults: Mapping[str, OSError]) -> UnreadableFilesError:
        """Tell of the first."""
        name, error = next(iter(faults.items()))
        text = (
            f"Cannot read {self.files.place(name)}: {error.strerror or error}. Make the file "
            "readable, or restore it from its source."
        )
        return UnreadableFilesError(text, faults)


def _silent(done: int, total: int) -> None:
    """Report nothing."""
    del done, total
