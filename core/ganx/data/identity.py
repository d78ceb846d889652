"""Who a data set is: names, contents and labels of its images, its vocabulary and its splits.

Neither where it lies nor when its files were changed is part of that.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from ganx.contracts.condition import Condition
from ganx.contracts.dataset import Dataset, FileSource
from ganx.data.manifest import own_fingerprint
from ganx.data.marks import CONTENT, LABELS, NAME, Marks, marks_of
from ganx.data.names import within_common_folder

_OF_EACH = {"marks", "files"}
"""Fields that JSON does not keep."""


@dataclass(frozen=True)
class Identity:
    """What has to be the same for two data sets to be one, in parts that people have words for."""

    fingerprint: str
    """Of all that decides the pixels (``ImageSource.fingerprint``)."""

    images: int
    """How many there are."""

    resolution: int
    channels: int
    names: str
    """A digest of the names of files, in order; empty where the source tells none."""

    contents: str
    """A digest of the contents of files, in order; empty where the source tells none."""

    vocabulary: Condition
    labels: str
    """A digest of what each image shows, under that vocabulary."""

    splits: Mapping[str, tuple[int, int]]
    """First image and the one after the last, by name."""

    marks: Marks | None = field(default=None, compare=False, repr=False)
    """Of each image, so that it can be said which are others; they decide nothing."""

    files: Sequence[str] = field(default=(), compare=False, repr=False)
    """The names of files, where the source tells them."""

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Look at a data set. Raises ``DataError`` as its fingerprint does."""
        source, interface, count = dataset.images, dataset.interface, len(dataset.images)
        files: Sequence[str] = ()
        digests: Sequence[str] | None = None
        if isinstance(source, FileSource):
            files, digests = within_common_folder(source.names), source.digests()
        return cls(
            fingerprint=own_fingerprint(source, digests),
            images=count,
            resolution=interface.resolution,
            channels=interface.channels,
            names=_digest(files) if files else "",
            contents=_digest(digests) if digests else "",
            vocabulary=Condition(interface.condition.kind, interface.condition.groups),
            labels=labels_digest(dataset),
            splits={name: part.indices(count)[:2] for name, part in dataset.splits.items()},
            marks=marks_of(files, digests or (), dataset.conditions),
            files=files,
        )

    def to_json(self) -> dict[str, Any]:
        """Write it as JSON."""
        splits = {name: list(part) for name, part in self.splits.items()}
        plain = {name: value for name, value in vars(self).items() if name not in _OF_EACH}
        return {**plain, "vocabulary": self.vocabulary.to_json(), "splits": splits}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], marks: Marks | None = None) -> Self:
        """Read what ``to_json`` wrote, and put the marks to it where they were kept."""
        splits = {name: (first, end) for name, (first, end) in data["splits"].items()}
        vocabulary = Condition.from_json(data["vocabulary"])
        return cls(**{**data, "vocabulary": vocabulary, "splits": splits}, marks=marks)


def labels_digest(dataset: Dataset) -> str:
    """Digest what each image shows, in words of the vocabulary and not only by its numbers."""
    condition = dataset.interface.condition
    digest = hashlib.sha256(dataset.conditions.astype("uint8").tobytes())
    for group in condition.groups:
        digest.update(_digest([group.name, *group.values]).encode())
    return digest.hexdigest()


def differences(then: Identity, now: Identity) -> list[str]:
    """Say in a few words each what is not the same; empty where all is."""
    return [*_in_images(then, now), *_in_labels(then, now), *_in_splits(then, now)]


def _in_images(then: Identity, now: Identity) -> Iterator[str]:
    if then.fingerprint == now.fingerprint:
        return
    told = [*_in_form(then, now)]
    if then.images != now.images:
        told.append(f"{then.images:,} images then, {now.images:,} now{_new(then, now)}")
    elif then.names != now.names:
        told.append(f"names of files, or their order{_new(then, now)}")
    elif then.contents != now.contents:
        told.append(f"the content of {_changed(then, now, CONTENT)}")
    elif then.names and not told:
        told.append("how files become pixels (in another version of ganx or of a plugin)")
    yield from told or ["the images"]


def _in_form(then: Identity, now: Identity) -> Iterator[str]:
    if then.resolution != now.resolution:
        yield f"a resolution of {then.resolution} then, {now.resolution} now"
    if then.channels != now.channels:
        yield f"{then.channels} channels then, {now.channels} now"


def _in_labels(then: Identity, now: Identity) -> Iterator[str]:
    if then.vocabulary != now.vocabulary:
        yield from _in_vocabulary(then.vocabulary, now.vocabulary)
    elif then.labels != now.labels and then.images == now.images:
        yield f"the labels of {_changed(then, now, LABELS)}"


def _in_vocabulary(then: Condition, now: Condition) -> Iterator[str]:
    if then.kind != now.kind:
        yield f"labels of the kind {then.kind!r} then, {now.kind!r} now"
        return
    former, present = ({one.name: one.values for one in known.groups} for known in (then, now))
    told = _in_list(former, present)
    for name in former.keys() & present.keys():
        told += _in_list(former[name], present[name])
    yield f"the vocabulary: {', '.join(told)}"


def _in_list(then: Iterable[str], now: Iterable[str]) -> list[str]:
    """Say what was added and removed, or that the order is another."""
    former, present = list(then), list(now)
    told = [f"added {name!r}" for name in present if name not in set(former)]
    told += [f"removed {name!r}" for name in former if name not in set(present)]
    if not told and former != present:
        return [f"another order ({_few(former)} then, {_few(present)} now)"]
    return told


def _few(names: list[str]) -> str:
    """Name the first few."""
    shown = 5
    return ", ".join(names[:shown]) + (", ..." if len(names) > shown else "")


def _new(then: Identity, now: Identity) -> str:
    """Name the images that are new, in brackets; nothing where that cannot be told."""
    if then.marks is None or now.marks is None or not now.files:
        return ""
    new = np.flatnonzero(~np.isin(now.marks[:, NAME], then.marks[:, NAME])).tolist()
    return f" (new: {_few([now.files[row] for row in new])})" if new else ""


def _changed(then: Identity, now: Identity, column: int) -> str:
    """Name the images that differ in a column of their marks, as far as that can be told."""
    if then.marks is None or now.marks is None or then.marks.shape != now.marks.shape:
        return "images"
    rows = np.flatnonzero(then.marks[:, column] != now.marks[:, column]).tolist()
    names = [now.files[row] if now.files else f"number {row}" for row in rows]
    return f"{len(rows):,} {'image' if len(rows) == 1 else 'images'} ({_few(names)})"


def _in_splits(then: Identity, now: Identity) -> Iterator[str]:
    for name in dict.fromkeys([*then.splits, *now.splits]):
        former, present = then.splits.get(name), now.splits.get(name)
        if former == present:
            continue
        if former is None or present is None:
            yield f"split {name} {'added' if former is None else 'removed'}"
            continue
        sizes = [end - first for first, end in (former, present)]
        moved = f"split {name} of other images"
        yield f"split {name} {sizes[0]:,} -> {sizes[1]:,}" if sizes[0] != sizes[1] else moved


def _digest(words: Iterable[str]) -> str:
    """Digest a list of words; none of them has a zero in it."""
    text = "\0".join(words)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
