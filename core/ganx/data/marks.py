"""A mark of each image, which a run keeps so that it can be said which of them are others now.

They decide nothing: two images may share a mark by a chance of one in 2^64. Shapes: N images.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganx.files import writing, written_whole

Marks = NDArray[np.uint64]
"""[N, 3]: of an image's name, of its content, and of what it shows; 0 for what is not known."""

_COLUMNS = 3
NAME, CONTENT, LABELS = range(_COLUMNS)
_BYTES = 8


def marks_of(names: Sequence[str], digests: Sequence[str], conditions: NDArray[np.uint8]) -> Marks:
    """Mark images by the names and digests of their files, where there are any, and by labels."""
    marks = np.zeros((len(conditions), _COLUMNS), np.uint64)
    texts = (name.encode("utf-8", "surrogateescape") for name in names)
    columns: dict[int, Iterable[bytes]] = {
        NAME: texts,
        CONTENT: (digest.encode() for digest in digests),
        LABELS: (row.tobytes() for row in conditions),
    }
    for column, each in columns.items():
        found = b"".join(hashlib.blake2b(one, digest_size=_BYTES).digest() for one in each)
        if found:
            marks[:, column] = np.frombuffer(found, "<u8")
    return marks


def save_marks(path: Path, marks: Marks | None) -> None:
    """Write marks, if there are any. Raises ``RunError`` where the system refuses."""
    if marks is not None:
        with writing(path), written_whole(path) as aside, aside.open("wb") as file:
            np.save(file, marks)


def load_marks(path: Path) -> Marks | None:
    """Read marks; None where there are none, or what is there is damaged."""
    try:
        marks = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = marks.dtype == np.uint64 and marks.shape[1:] == (_COLUMNS,)
    return marks if whole else None
