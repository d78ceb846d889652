"""Real digits: the files of a folder as a data set.

Shapes: N images.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganx import DataError, Dataset
from ganx_mnist.config import MnistConfig
from ganx_mnist.folder import Choice, Part, choose, find_parts
from ganx_mnist.idx import LABELS, RESTORE, read_array
from ganx_mnist.images import IdxFile, IdxImages
from ganx_mnist.notice import describe_real
from ganx_mnist.vocabulary import DIGITS, PROMPTS, interface, one_hot


def open_folder(folder: Path, config: MnistConfig) -> Dataset:
    """Open the files of a folder: headers are read, and labels, but no image.

    Raises ``DataError`` for a folder that lacks what the settings ask for, and for files that are
    damaged or do not belong together.
    """
    parts = find_parts(folder)
    choice = choose(parts, config.split, labels=config.labels)
    used = [*choice.trained, *choice.held_out]
    files = [IdxFile(part.images) for part in used if part.images]
    digits = [_digits(part, file, config) for part, file in zip(used, files, strict=True)]
    images = IdxImages(files, config.resolution)
    counts = {part.name: file.shape[0] for part, file in zip(used, files, strict=True)}
    return Dataset(
        interface=interface(config.resolution),
        images=images,
        conditions=one_hot(np.concatenate(digits)),
        splits=_splits(choice, counts),
        prompts=PROMPTS,
        notice=describe_real(folder, config, parts, choice, counts),
        provenance={
            "source": "download" if config.source == "download" else "folder",
            "folder": str(folder.resolve()),
            "images": counts,
            "trained": [part.name for part in choice.trained],
            "resolution": config.resolution,
            "labels_sha256": _digest(digits) if config.labels else None,
        },
    )


def _digits(part: Part, file: IdxFile, config: MnistConfig) -> NDArray[np.uint8]:
    """Read the labels [N] of a part; zeros where they are not asked for."""
    count = file.shape[0]
    if part.labels is None or not config.labels:
        return np.zeros(count, dtype=np.uint8)
    digits = read_array(part.labels, LABELS)
    if len(digits) != count:
        raise DataError(
            f"{part.labels} has {len(digits):,} labels, but {file.path} has {count:,} images. "
            "Take both from the same copy of the data."
        )
    if digits.max() >= len(DIGITS):
        row = int(np.argmax(digits >= len(DIGITS)))
        raise DataError(
            f"{part.labels}: label {row:,} (counted from 0) is {digits[row]}, but a digit is 0 to "
            f"9. {RESTORE}."
        )
    return digits


def _splits(choice: Choice, counts: Mapping[str, int]) -> dict[str, slice]:
    """Name the ranges of images, where some are held out."""
    if not choice.held_out:
        return {}
    trained = sum(counts[part.name] for part in choice.trained)
    return {"train": slice(0, trained), "test": slice(trained, sum(counts.values()))}


def _digest(digits: Sequence[NDArray[np.uint8]]) -> str:
    """Digest all labels."""
    return hashlib.sha256(np.concatenate(digits).tobytes()).hexdigest()
