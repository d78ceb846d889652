"""Prompts one by one: the image, what it was asked to show, and what the judge sees in it.

Shapes: N prompts; outputs and asked [N, K].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ganx.contracts.condition import Condition
from ganx.contracts.judge import Answers
from ganx.contracts.subject import Subject
from ganx.pages.embedded import data_address
from ganx.pictures.grid import to_uint8
from ganx.sampling.samples import generate_all

MOST = 100
"""Prompts of one set that are shown."""

_QUALITY = 90


@dataclass(frozen=True)
class Word:
    """A label, and whether it stands on both sides: asked for and seen."""

    text: str
    agrees: bool
    probability: float
    """Of the judge."""


@dataclass(frozen=True)
class PromptCell:
    """One prompt."""

    picture: str
    """The address of its image."""

    asked: Sequence[Word]
    """What was asked for."""

    seen: Sequence[Word]
    """As many labels as were asked for: those that the judge holds for the likeliest."""

    @property
    def is_right(self) -> bool:
        """Whether all that was asked for is seen."""
        return all(word.agrees for word in self.asked)


@dataclass(frozen=True)
class PromptSheet:
    """All prompts of a set, each with one image."""

    name: str
    cells: Sequence[PromptCell]
    count: int
    """Prompts of the set; more than there are cells where only the first are shown."""

    seed: int
    is_judged: bool
    resolution: int

    @property
    def right(self) -> int:
        """How many show all that they were asked for."""
        return sum(cell.is_right for cell in self.cells)

    @property
    def hits(self) -> int:
        """How many labels were asked for and seen."""
        return sum(word.agrees for cell in self.cells for word in cell.asked)

    @property
    def labels(self) -> int:
        """How many labels were asked for."""
        return sum(len(cell.asked) for cell in self.cells)


def prompt_sheets(subject: Subject, most: int = MOST) -> list[PromptSheet]:
    """Draw one image of each prompt, from the noise of the first seed as evaluators draw it.

    Raises ``DataError`` for a prompt outside the vocabulary.
    """
    return [_sheet(subject, name, texts, most) for name, texts in subject.prompts.items()]


def seen_by(condition: Condition, outputs: Answers, asked: NDArray[np.float32]) -> Answers:
    """Mark what the judge sees, [N, K]: the k highest outputs, or the highest of each group.

    k is the number of labels asked for; of equal outputs the one with the lower index is first.
    """
    seen = np.zeros_like(outputs)
    for place in condition.slices.values():
        many = condition.kind == "labels"
        wanted = (asked[:, place] > 0).sum(axis=1) if many else np.ones(len(asked), np.int64)
        ranks = np.argsort(np.argsort(-outputs[:, place], axis=1, kind="stable"), axis=1)
        seen[:, place] = ranks < wanted[:, None]
    return seen


def _sheet(subject: Subject, name: str, texts: Sequence[str], most: int) -> PromptSheet:
    """Draw and judge one set."""
    generator, judge = subject.generator, subject.judge
    condition = generator.interface.condition
    asked = np.array([condition.encode(text) for text in texts], np.float32)
    images, asked = _images(subject, asked)[:most], asked[:most]
    is_judged = judge is not None and judge.interface.condition == condition
    outputs = judge.probabilities(images) if judge and is_judged else np.zeros(asked.shape)
    seen = seen_by(condition, outputs, asked) if is_judged else asked
    names = [condition.decode(row) for row in np.eye(condition.size)]
    rows = zip(images, asked > 0, seen > 0, outputs, strict=True)
    cells = [PromptCell(_address(image), *_words(names, *row)) for image, *row in rows]
    seed = subject.seeds[0]
    side = generator.interface.resolution
    return PromptSheet(name, cells, len(texts), seed, is_judged, side)


def _images(subject: Subject, asked: NDArray[np.float32]) -> Tensor:
    """Generate an image of each prompt: [N, C, H, W] on the CPU."""
    generator = subject.generator
    z = generator.latent.draw(len(asked), np.random.default_rng(subject.seeds[0]))
    return generate_all(generator, z, asked)


def _words(
    names: Sequence[str], asked: NDArray[np.bool_], seen: NDArray[np.bool_], outputs: Answers
) -> Iterator[list[Word]]:
    """Yield the words of what was asked for, and of what is seen, the likeliest first."""
    for own, other, order in (
        (asked, seen, range(len(names))),
        (seen, asked, np.argsort(-outputs, kind="stable")),
    ):
        yield [Word(names[i], bool(other[i]), float(outputs[i])) for i in order if own[i]]


def _address(image: Tensor) -> str:
    """Encode one image [C, H, W]."""
    pixels = to_uint8(image).permute(1, 2, 0).numpy()
    return data_address(Image.fromarray(pixels.squeeze(2) if len(image) == 1 else pixels), _QUALITY)
