"""What a data set hands to the engine when it is opened. Opening must be cheap: nothing is decoded.

Shapes: N images; K is the size of the condition.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface

if TYPE_CHECKING:
    import torch

Symmetry = Literal["none", "mirror"]

OF_THE_ENGINE = ("name", "balance")
"""Settings in the table ``dataset`` that every data set has: they are not among its own."""

RENDERED = "rendered"
"""What ``provenance`` has as its ``source`` where a program draws the images."""


class ImageSource(Protocol):
    """Where pixels come from; read once, into the image store."""

    action: str
    """What reading does, for people: ``"decode"`` or ``"render"``."""

    block: int
    """How many images a read should cover for the best speed."""

    parallel: bool
    """Whether several threads may read blocks side by side (False: a read uses all cores)."""

    def __len__(self) -> int:
        """Count the images."""
        ...

    def fingerprint(self) -> str:
        """Return a hex digest over everything that decides the pixels, without decoding any.

        For files: names below their folder, contents (``ganx.Contents`` reads each once) and
        settings. Where they lie and when they were changed must not count: the same data on
        another disk are the same images, in the cache and when a run is resumed.
        """
        ...

    def read(self, start: int, stop: int, device: str) -> "torch.Tensor":
        """Return images start..stop-1 as uint8 [stop - start, H, W, C] on the CPU.

        ``device`` is where the work may be done. Raises ``DataError`` naming a bad file.
        """
        ...


@runtime_checkable
class FileSource(ImageSource, Protocol):
    """What a source of one file for each image may offer besides, as ``ganx.ImageFiles`` does."""

    names: Sequence[str]
    """Of the files, in the order of the images."""

    def digests(self, told: Callable[[int, int], None] | None = None) -> Sequence[str]:
        """Return a digest of each file's content as it is now.

        It is called before the first ``fingerprint()``, so that people are told how far the
        reading has come: ``told`` takes files read, and files to read in all.
        """
        ...

    def fingerprint(self, digests: Sequence[str] | None = None) -> str:
        """Return the fingerprint, from digests that were just taken where they are given."""
        ...


@runtime_checkable
class SurveyedSource(ImageSource, Protocol):
    """What a source may offer besides that looks at its images before they are trained on."""

    def survey(self) -> tuple[str, ...]:
        """Say in sentences what a person should know of the images; looks at all, decodes few.

        They name settings, and no options. The cache keeps them with the images.
        """
        ...


@dataclass(frozen=True)
class PassedOver:
    """Files that were not read, though they lie among those that were."""

    what: str
    """What they are, for people, in the plural: ``"files of macOS"``."""

    count: int
    first: str
    """The name of one of them."""

    why: str = ""
    """Why they were not read, or what to do to have them read: a sentence, where there is one."""


@dataclass(frozen=True)
class Dataset:
    """An opened data set: where its images come from, and what each of them shows."""

    interface: Interface
    images: ImageSource
    conditions: NDArray[np.uint8]
    """[N, K], what each image shows."""

    splits: Mapping[str, slice] = field(default_factory=dict)
    """Named ranges of images; ``train`` is what is trained on (all, when it is absent)."""

    prompts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Named sets of condition texts, such as ``test``; never trained on."""

    factors: tuple[str, ...] = ()
    """What each word of a label says, such as ``("colour", "shape")`` of ``red cube``; empty where
    labels are not made of such words."""

    judge: Path | None = None
    """A trained judge of these images, as ``ganx judge train`` writes it, where one comes along."""

    augmentation: Symmetry = "none"
    """What the images bear: a mirrored face is a face, a mirrored digit is not."""

    notice: str = ""
    """What a person should know about how it was opened, such as that scenes are rendered."""

    read_from: str = ""
    """Where images and labels were read from, in a sentence or two; empty where nothing was."""

    passed_over: tuple[PassedOver, ...] = ()
    """What lies beside the images and was not read."""

    provenance: Mapping[str, Any] = field(default_factory=dict)
    """JSON that says where the data came from; recorded in the run and in judges. Of its keys the
    engine reads those of ``Stated``, and ``folder``, which says nothing on another machine."""


@dataclass(frozen=True)
class Stated:
    """What the engine reads of a data set's ``provenance``; None where that does not say it."""

    source: Any
    """``RENDERED`` where a program draws the images; any other name where they are real."""

    seed: Any
    """Of rendered images: those of one seed are the same."""

    resolution: Any
    """The side of the images."""

    @property
    def is_rendered(self) -> bool:
        """Whether a program draws the images."""
        return bool(self.source == RENDERED)


def stated(provenance: Mapping[str, Any]) -> Stated:
    """Read what a provenance says."""
    return Stated(*(provenance.get(one.name) for one in fields(Stated)))


def without_places(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a provenance where the data lies on one machine."""
    return {key: value for key, value in provenance.items() if key != "folder"}


def in_common(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool | None:
    """Tell by their provenance whether two data sets show the same images.

    True for rendered images of one seed, False where there surely is no image in both, and None
    where that is not known.
    """
    first, second = stated(one), stated(other)
    if first.is_rendered and second.is_rendered:
        seeds = first.seed, second.seed
        return None if None in seeds else bool(seeds[0] == seeds[1])
    known = first.source and second.source
    return False if known and (first.is_rendered or second.is_rendered) else None


def without_labels(dataset: Dataset) -> Dataset:
    """Return the data set for unconditional training: the same images, and nothing said of them.

    A data set with labels offers this as its setting ``labels``, true unless it is set to false.
    """
    return replace(
        dataset,
        interface=replace(dataset.interface, condition=UNCONDITIONAL),
        conditions=np.zeros((len(dataset.conditions), 0), np.uint8),
        prompts={},
    )


def training_range(dataset: Dataset) -> range:
    """Return the indices of the training split, which is everything when none is declared."""
    return range(len(dataset.images))[dataset.splits.get("train", slice(None))]
