"""The lab's i-CLEVR folder: two JSON files with labels, two with prompts, and the images."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganx import DataError, ImageFiles, readable
from ganx_iclevr.labels import read_objects, read_prompts, read_train
from ganx_iclevr.vocabulary import OBJECTS, PROMPTS, shipped_prompts

IMAGE_FOLDERS = ("iclevr", "images", ".")
"""Where images are looked for, in this order, relative to the folder."""

LAYOUT = "The folder holds objects.json, train.json, and the images in a folder 'iclevr'"


@dataclass(frozen=True)
class Folder:
    """A folder that was read and found usable; no image is decoded yet."""

    path: Path
    objects: tuple[str, ...]
    """The names of the objects in the order of their indices."""
    images: ImageFiles
    shown: Sequence[tuple[int, ...]]
    """The indices of the objects in each image."""
    prompts: Mapping[str, Sequence[Sequence[str]]]
    """For each set of prompts its lists of object names."""
    labels_sha256: str
    """Digest of objects.json and train.json."""

    def prompt_origin(self, name: str) -> str:
        """Tell whether a set of prompts is the folder's or the shipped one."""
        return "folder" if (self.path / f"{name}.json").exists() else "shipped"


def read_folder(
    folder: Path, resolution: int, channels: int, *, skip_damaged: bool = False
) -> Folder:
    """Read the labels and find the images.

    Raises ``DataError`` for whatever keeps the folder from being used: it is missing or a file, a
    JSON file is missing or wrong, an image is missing or lies outside.
    """
    with readable(folder):
        return _read(folder.expanduser(), resolution, channels, skip_damaged=skip_damaged)


def _read(folder: Path, resolution: int, channels: int, *, skip_damaged: bool) -> Folder:
    """As ``read_folder``, with what the operating system refuses still as it says it."""
    _check_folder(folder)
    objects = read_objects(folder / "objects.json")
    train = read_train(folder / "train.json", objects)
    images = ImageFiles(
        _image_folder(folder, train),
        list(train),
        resolution,
        channels,
        skip_damaged=skip_damaged,
    )
    return Folder(
        path=folder.resolve(),
        objects=objects,
        images=images,
        shown=[train[name] for name in images.names],
        prompts=_prompts(folder, objects),
        labels_sha256=_digest(folder / "objects.json", folder / "train.json"),
    )


def _check_folder(folder: Path) -> None:
    """Refuse a folder without the two files that everything else hangs on."""
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file, not the folder of the i-CLEVR data. {LAYOUT}.")
    if not folder.is_dir():
        raise DataError(
            f"There is no folder {folder}. Check --data DIR. {LAYOUT}. Without --data, scenes are "
            "rendered instead."
        )
    for name in ("objects.json", "train.json"):
        if not (folder / name).exists():
            raise DataError(f"{name} is missing in {folder}.{_near(folder)} {LAYOUT}.")


def _near(folder: Path) -> str:
    """Point at a folder next door that looks right."""
    candidates = [folder.parent, *sorted(path for path in folder.iterdir() if path.is_dir())]
    for candidate in candidates:
        if (candidate / "objects.json").exists() and (candidate / "train.json").exists():
            return f" Did you mean {candidate}?"
    return ""


def _image_folder(folder: Path, names: Iterable[str]) -> Path:
    """Choose the place that holds images of the list, or else exists."""
    names = list(names)
    places = [folder / place for place in IMAGE_FOLDERS]
    for place in places:
        if any((place / name).is_file() for name in names):
            return place
    for place in places[:-1]:
        if place.is_dir():
            return place
    raise DataError(
        f"The labels are in {folder}, but none of the {len(names):,} images of train.json is: not "
        f"in {places[0]}, not in {places[1]}, and not beside the labels. Put them into {places[0]}."
    )


def _prompts(folder: Path, objects: Sequence[str]) -> dict[str, Sequence[Sequence[str]]]:
    """Read the sets of prompts from the folder, else take the shipped ones if they fit."""
    found: dict[str, Sequence[Sequence[str]]] = {}
    for name in PROMPTS:
        path = folder / f"{name}.json"
        if path.exists():
            found[name] = read_prompts(path, objects)
        elif set(objects) == set(OBJECTS):
            found[name] = shipped_prompts()[name]
    return found


def _digest(*paths: Path) -> str:
    """Digest files in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
