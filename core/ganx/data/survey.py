"""Looking at all images of a set before any is trained on: what they have in common."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import RLock
from typing import NamedTuple, TypeVar

from PIL import Image

from ganx.data.causes import BROKEN, FORMATS, TOO_LARGE
from ganx.data.container import Files
from ganx.data.decode import is_too_large
from ganx.data.grey import FULL, Span, Values, flatness, full_depth, is_deep, union, values_of

T = TypeVar("T")

_BLOCK = 64
_SEVERAL = ("TIFF", "GIF", "WEBP", "PNG")
"""Formats whose files may have pages or frames that are pictures of their own."""


class Header(NamedTuple):
    """What an image says of itself before it is decoded."""

    width: int
    height: int
    is_deep: bool
    """Whether it has more than eight bits of grey."""

    frames: int
    """Pages of a TIFF, or frames of an animation."""

    @property
    def stretch(self) -> float:
        """The longer side in shorter ones; 1 for a square."""
        return max(self.width, self.height) / min(self.width, self.height)


class Survey:
    """What is found out about files when it is asked for, once, whichever thread asks first.

    Files that cannot be read do not count here; who decodes them tells of them.
    """

    def __init__(self, files: Files, names: Sequence[str]) -> None:
        self._files = files
        self._names = names
        self._lock = RLock()
        self._headers: dict[str, Header] | None = None
        self._values: Values | None = None

    def headers(self) -> dict[str, Header]:
        """Return what the files say of themselves, by name."""
        with self._lock:
            if self._headers is None:
                self._headers = dict(self._look(self._names, _header))
            return self._headers

    def values(self) -> Values | None:
        """Look at the values of all deep images; None without any."""
        with self._lock:
            if self._values is None:
                deep = [name for name, header in self.headers().items() if header.is_deep]
                self._values = union(found for _, found in self._look(deep, values_of))
            return self._values

    def span(self) -> Span:
        """Return the range of grey that the images themselves decide."""
        values = self.values()
        return full_depth(values.low, values.high) if values else FULL

    def flatness(self, span: Callable[[], Span]) -> str:
        """Say where the deep images use hardly any of a range; nothing where they do."""
        values = self.values()
        return flatness(span(), values) if values else ""

    def shapes(self) -> str:
        """Say how many images are not square, and so are squeezed; nothing where all are."""
        found = [header.stretch for header in self.headers().values() if header.stretch > 1]
        if not found:
            return ""
        are = "are" if len(found) > 1 else "is"
        most = f"{max(*found, 1.01):.2f}".rstrip("0").rstrip(".")
        return (
            f"{len(found):,} of {len(self._names):,} images {are} not square "
            f"({'up to ' if len(found) > 1 else ''}{most}:1) and {are} squeezed; "
            "dataset.fit = crop or pad keeps their shape."
        )

    def frames(self) -> str:
        """Say how many files have more than one picture; nothing where none has."""
        count = sum(header.frames > 1 for header in self.headers().values())
        if not count:
            return ""
        have = "files have" if count > 1 else "file has"
        return f"{count:,} {have} further pages or frames; only the first is used."

    def _look(
        self, names: Sequence[str], look: Callable[[Image.Image], T]
    ) -> Iterator[tuple[str, T]]:
        """Look at images with several threads; yields those that can be read, in their order."""
        blocks = [names[start : start + _BLOCK] for start in range(0, len(names), _BLOCK)]
        with ThreadPoolExecutor(thread_name_prefix="ganx-survey") as pool:
            for found in pool.map(partial(_looked_at, self._files, look), blocks):
                yield from found


def _looked_at(
    files: Files, look: Callable[[Image.Image], T], names: Sequence[str]
) -> list[tuple[str, T]]:
    """Look at some images, as far as that is possible."""
    found = []
    for name in names:
        try:
            with files.open(name) as file, Image.open(file, formats=FORMATS) as image:
                if not is_too_large(image):
                    found.append((name, look(image)))
        except (*BROKEN, *TOO_LARGE):
            continue
    return found


def _header(image: Image.Image) -> Header:
    return Header(*image.size, is_deep(image), _frames(image))


def _frames(image: Image.Image) -> int:
    """Count the pictures in a file; damage after the first does not matter."""
    if image.format not in _SEVERAL:
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except BROKEN:
        return 1
