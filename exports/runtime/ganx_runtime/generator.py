"""A generator in an ONNX file: loaded, asked for images.

Shapes: z [B, Z]; c [B, K]; pictures [N, H, W, C], uint8.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import index
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx_runtime.description import Description, described, read_metadata
from ganx_runtime.drawing import IMAGES, SEEDS, conditions, latents
from ganx_runtime.errors import GeneratorError
from ganx_runtime.inspection import read_model
from ganx_runtime.providers import LARGEST_ENGINE_BATCH, Opened, imported, open_session
from ganx_runtime.runners import BoundRunner, PlainRunner, Runner

BATCH = 64
"""Images that are made at once, where the file takes any number."""


class Generator:
    """Images of a trained generator; made by ``Generator.load``."""

    def __init__(
        self,
        metadata: Mapping[str, Any],
        description: Description,
        opened: Opened,
        run: Runner,
    ) -> None:
        self._description = description
        self._opened = opened
        self._run = run
        self.metadata = metadata
        """All that the file says of itself, as ganx wrote it."""

    @classmethod
    def load(cls, path: str | PathLike[str], provider: str = "auto") -> "Generator":
        """Load an ONNX file that ``ganx export`` wrote.

        ``provider`` is ``cpu``, ``cuda``, ``tensorrt``, or ``auto``, which takes CUDA where it
        loads. Raises ``GeneratorError`` for a file that cannot be read or run, or that leads to
        other files, and for a provider that was asked for and does not load.
        """
        content, text = read_model(Path(path))
        metadata = read_metadata(text)
        description = described(metadata)
        opened = open_session(content, description, provider)
        _check_inputs(opened.session, description)
        return cls(metadata, description, opened, _runner(opened))

    @property
    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """The values that can be asked for, by the name of their group; empty without condition."""
        return {group.name: group.values for group in self._description.condition.groups}

    @property
    def resolution(self) -> int:
        """Pixels of a picture's side."""
        return self._description.resolution

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colours."""
        return self._description.channels

    @property
    def batch(self) -> int | None:
        """So many images the file makes at once; ``None`` where it makes any number."""
        return self._description.batch

    @property
    def provider(self) -> str:
        """What runs the file: ``cpu``, ``cuda`` or ``tensorrt``."""
        return self._opened.provider

    @property
    def why_not_cuda(self) -> str:
        """Why ``auto`` took the CPU; else empty."""
        return self._opened.reason

    @property
    def example(self) -> str:
        """A text that can be asked for; empty without condition."""
        text = self.metadata.get("text")
        return str(text.get("example", "")) if isinstance(text, dict) else ""

    def sample(
        self, labels: str | Sequence[str] | None = None, n: int = 16, seed: int = 0
    ) -> NDArray[np.uint8]:
        """Draw ``n`` images for each text of ``labels``, in their order: [texts * n, H, W, C].

        Image i depends on the seed and i alone, and all texts share their noise, so that they
        differ by what was asked for. Without labels, ``n`` images in all are drawn of what the
        generator was trained on. Raises ``GeneratorError`` for a text outside the vocabulary.
        """
        n, seed = _check_wish(n, seed)
        side = self.resolution
        batches = self.batches(labels, n, seed)
        pictures = np.empty((max(1, len(_texts(labels))) * n, side, side, self.channels), np.uint8)
        place = 0
        for batch in batches:
            pictures[place : place + len(batch)] = batch
            place += len(batch)
        return pictures

    def batches(
        self,
        labels: str | Sequence[str] | None = None,
        n: int = 16,
        seed: int = 0,
        batch: int | None = None,
    ) -> Iterator[NDArray[np.uint8]]:
        """Draw the same images in the same order, at most ``batch`` at a time: [B, H, W, C].

        Memory is that of one batch, whatever ``n`` is.
        """
        n, seed = _check_wish(n, seed)
        asked = self._asked(labels)
        return self._batches(asked, n, seed, self._batch(batch))

    def _batches(
        self, asked: Sequence[NDArray[np.float32]], n: int, seed: int, size: int
    ) -> Iterator[NDArray[np.uint8]]:
        """Make one batch after the other."""
        total = max(1, len(asked)) * n
        for start in range(0, total, size):
            z, c = self._drawn(asked, n, seed, range(start, min(start + size, total)))
            yield self._pictures(self._raw(z, c, size))

    def inputs(
        self, labels: str | Sequence[str] | None = None, n: int = 16, seed: int = 0
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Draw what ``sample`` makes its images of: latents [N, Z] and conditions [N, K]."""
        n, seed = _check_wish(n, seed)
        asked = self._asked(labels)
        return self._drawn(asked, n, seed, range(max(1, len(asked)) * n))

    def images(
        self, z: NDArray[np.float32], c: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32] | NDArray[np.uint8]:
        """Run the file on latents [B, Z] and conditions [B, K] of one's own.

        Returns what the file gives: float32 [B, C, H, W] in [-1, 1], or uint8 [B, H, W, C].
        Raises ``GeneratorError`` for other shapes.
        """
        size = self._description.condition.size
        z = np.asarray(z, np.float32)
        c = np.zeros((len(z), 0), np.float32) if c is None else np.asarray(c, np.float32)
        if z.shape != (len(z), self._description.latent_size) or c.shape != (len(z), size):
            raise GeneratorError(
                f"The file takes z of [B, {self._description.latent_size}] and c of [B, {size}], "
                f"with equally many rows; given were {list(z.shape)} and {list(c.shape)}."
            )
        return self._raw(z, c, self._batch(None))

    def _asked(self, labels: str | Sequence[str] | None) -> list[NDArray[np.float32]]:
        """Read the texts, of which there must be some where the file draws no conditions."""
        texts = _texts(labels)
        if not texts and self._description.distribution is None and self.vocabulary:
            raise GeneratorError(
                "The file does not say what the generator was trained on, so say what to show: "
                f'labels such as "{self.example}".'
            )
        if not all(text.strip() for text in texts):
            raise GeneratorError(
                "A text of labels is empty. Name what to show, or give no labels at all."
            )
        return [self._description.condition.encode(text) for text in texts]

    def _drawn(
        self, asked: Sequence[NDArray[np.float32]], n: int, seed: int, rows: range
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Draw latents and conditions of some rows; row r is image r mod n of text r div n."""
        numbers = np.array([row % n for row in rows], np.uint64)
        z = latents(self._description.latent, seed, numbers)
        if asked:
            return z, np.stack([asked[row // n] for row in rows])
        condition, summary = self._description.condition, self._description.distribution
        if summary is None:  # without condition, nothing is drawn
            return z, np.zeros((len(rows), 0), np.float32)
        return z, conditions(condition, summary, seed, numbers)

    def _batch(self, wish: int | None) -> int:
        """Decide how many images are made at once."""
        if wish is not None and wish < 1:
            raise GeneratorError(f"A batch of {wish} images was asked for; it takes at least 1.")
        if self.batch is not None:
            return self.batch
        size = wish or BATCH
        return min(size, LARGEST_ENGINE_BATCH) if self.provider == "tensorrt" else size

    def _raw(self, z: NDArray[np.float32], c: NDArray[np.float32], size: int) -> NDArray[Any]:
        """Run rows in batches; the last of a fixed batch is filled up with zeros."""
        made = []
        for start in range(0, max(1, len(z)), size):
            rows = {"z": z[start : start + size]}
            if c.shape[1]:
                rows["c"] = c[start : start + size]
            many = len(rows["z"])
            if self.batch is not None and many < self.batch:
                rows = {name: _filled(value, self.batch) for name, value in rows.items()}
            made.append(self._checked(self._ran(rows), len(rows["z"]))[:many])
        return np.concatenate(made)

    def _ran(self, rows: Mapping[str, NDArray[np.float32]]) -> NDArray[Any]:
        try:
            return self._run(rows)
        except Exception as error:
            raise GeneratorError(
                f"onnxruntime failed on a batch of {len(rows['z'])} images: {error}. "
                "A smaller batch needs less memory."
            ) from error

    def _checked(self, images: NDArray[Any], many: int) -> NDArray[Any]:
        """Refuse images that are not what the file says it makes."""
        side = self.resolution
        if self._description.output == "uint8":
            form, kind = (many, side, side, self.channels), "uint8"
        else:
            form, kind = (many, self.channels, side, side), "float32"
        if images.shape != form or images.dtype.name != kind:
            raise GeneratorError(
                f"The file says that it makes {kind} {list(form)} and made "
                f"{images.dtype.name} {list(images.shape)}. It is damaged; export it again."
            )
        return images

    def _pictures(self, images: NDArray[Any]) -> NDArray[np.uint8]:
        """Bring images into the form of pictures: [B, H, W, C], halves rounded to even."""
        if self._description.output == "uint8":
            return images
        if not np.isfinite(images).all():
            raise GeneratorError(
                "The generator made pixels that are no numbers. With float16 inside, its numbers "
                "may be too large; export it with precision float32."
            )
        levels = np.rint((images + np.float32(1)) * np.float32(127.5)).clip(0, 255)
        return np.asarray(levels.transpose(0, 2, 3, 1), np.uint8)


def _runner(opened: Opened) -> Runner:
    """Choose how batches are run."""
    if opened.provider == "cpu":
        return PlainRunner(opened.session)
    return BoundRunner(imported(), opened.session, graphs=opened.graphs)


def _check_inputs(session: Any, description: Description) -> None:
    """Refuse a file whose inputs are not those that it says it has."""
    wanted = {name: [description.batch, size] for name, size in description.inputs.items()}
    found = {one.name: [_whole(size) for size in one.shape] for one in session.get_inputs()}
    outputs = [one.name for one in session.get_outputs()]
    if found != wanted or outputs != ["images"]:
        raise GeneratorError(
            f"The file says that it takes {wanted} and gives images, and its graph takes {found} "
            f"and gives {', '.join(outputs)}. It is damaged, or was changed; export it again."
        )


def _whole(size: int | str | None) -> int | None:
    """Return a size that is fixed; others have a name, or none."""
    return size if isinstance(size, int) else None


def _texts(labels: str | Sequence[str] | None) -> list[str]:
    """Take one text as a list of one, which would be its letters otherwise; None is no text."""
    if labels is None:
        return []
    texts = [labels] if isinstance(labels, str) else list(labels)
    if not texts:
        raise GeneratorError(
            "The list of labels is empty. Name what to show, or leave labels out to have images "
            "as in training."
        )
    for text in texts:
        if not isinstance(text, str):
            raise GeneratorError(f"Labels are texts, and {text!r} is none.")
    return texts


def _check_wish(n: int, seed: int) -> tuple[int, int]:
    """Refuse numbers that the rule of drawing does not know."""
    try:
        n, seed = index(n), index(seed)
    except TypeError:
        raise GeneratorError(
            f"The number of images and the seed are whole numbers, not {n!r} and {seed!r}."
        ) from None
    if not 1 <= n <= IMAGES:
        raise GeneratorError(f"{n} images were asked for; ask for at least 1.")
    if not 0 <= seed < SEEDS:
        raise GeneratorError(f"The seed is {seed}; give one from 0 to 2^64 - 1.")
    return n, seed


def _filled(rows: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Fill up rows to a size with zeros."""
    filled = np.zeros((size, rows.shape[1]), np.float32)
    filled[: len(rows)] = rows
    return filled
