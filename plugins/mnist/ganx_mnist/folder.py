"""Which of MNIST's four files a folder has, and which of them are used."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ganx import DataError

STEMS = {"train": "train", "test": "t10k"}
"""How the names of the files start, for each of the two parts of MNIST."""

PLACES = (".", "MNIST/raw", "raw")
"""Where files are looked for, in this order, relative to the folder; torchvision's is second."""

LAYOUT = (
    "The folder holds train-images-idx3-ubyte and train-labels-idx1-ubyte, or the same with t10k "
    "instead of train, or both; each may end in .gz"
)


class Part(NamedTuple):
    """The files of MNIST's training or test images; None for one that is not there."""

    name: str
    place: Path
    images: Path | None
    labels: Path | None

    @property
    def present(self) -> bool:
        """Tell whether any of the files is there."""
        return bool(self.images or self.labels)

    def missing(self, *, labels: bool) -> list[str]:
        """Name the files that are needed, with labels or without, and are not there."""
        needed = {"images-idx3": self.images}
        if labels:
            needed["labels-idx1"] = self.labels
        return [f"{STEMS[self.name]}-{end}-ubyte" for end, path in needed.items() if path is None]


class Choice(NamedTuple):
    """The parts that are used."""

    trained: Sequence[Part]
    held_out: Sequence[Part] = ()


def find_parts(folder: Path) -> dict[str, Part]:
    """Look for the four files, by their names.

    Raises ``DataError`` where there is no such folder, or none of the files in it.
    """
    try:
        return _find_parts(folder)
    except OSError as error:
        raise DataError(
            f"Cannot look into {folder}: {error.strerror}. Check --data DIR, and make the folder "
            "readable."
        ) from error


def _find_parts(folder: Path) -> dict[str, Part]:
    """As ``find_parts``, with what the operating system refuses still as it says it."""
    if not folder.is_dir():
        fault = "is a file, not a folder" if folder.exists() else "does not exist"
        raise DataError(f"{folder} {fault}. Check --data DIR. {LAYOUT}.")
    for place in PLACES:
        parts = {name: _part(name, folder / place) for name in STEMS}
        if any(part.present for part in parts.values()):
            return parts
    raise DataError(
        f"None of MNIST's files is in {folder}, nor in its folders {' and '.join(PLACES[1:])}. "
        f"{LAYOUT}. Without a folder, digits are rendered."
    )


def _part(name: str, place: Path) -> Part:
    """Find the two files of a part."""
    stem = STEMS[name]
    images, labels = _find(place, f"{stem}-images", "idx3"), _find(place, f"{stem}-labels", "idx1")
    return Part(name, place, images, labels)


def _find(place: Path, stem: str, idx: str) -> Path | None:
    """Find a file under any of its usual names; one that is unpacked goes first."""
    for ending in ("", ".gz"):
        for mark in ("-", "."):
            path = place / f"{stem}{mark}{idx}-ubyte{ending}"
            if path.is_file():
                return path
    return None


def choose(parts: Mapping[str, Part], split: str, *, labels: bool) -> Choice:
    """Choose what is trained on and what is held out, as the settings split and labels say.

    Raises ``DataError`` where files are missing for that.
    """
    usable = {name: part for name, part in parts.items() if not part.missing(labels=labels)}
    if split == "all" and usable:
        return Choice(tuple(usable.values()))
    wanted = next(iter(usable), None) if split == "auto" else split
    if wanted not in usable:
        chosen = [part for part in parts.values() if split == part.name]
        lacking = chosen or [part for part in parts.values() if part.present]
        raise DataError(_refusal(lacking, split, labels=labels))
    held_out = [part for name, part in usable.items() if wanted == "train" and name != wanted]
    return Choice((usable[wanted],), held_out)


def _refusal(lacking: Sequence[Part], split: str, *, labels: bool) -> str:
    """Say which files would make one of the parts usable, and what else would help."""
    faults = [
        f"{part.place} has no {' and no '.join(part.missing(labels=labels))}, so its "
        f"{part.name} images cannot be used."
        for part in lacking
    ]
    remedies = ["Add what is missing"]
    if labels and any(part.images for part in lacking):
        remedies.append("set dataset.labels to false to train without labels")
    if split not in {"auto", "all"}:
        remedies.append("set dataset.split to 'auto' to take what is there")
    return " ".join([*faults, ", or ".join(remedies) + "."])
