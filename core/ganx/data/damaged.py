"""Images that cannot be decoded: which, why, and what to do about each cause."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from ganx.errors import DataError

NAMED = 20
"""How many images a message names before it counts the rest."""


class Cause(Enum):
    """Why an image cannot be decoded, in words, and what to do."""

    CUT_SHORT = "cut short or damaged", "copy or download it again"
    NO_IMAGE = "no image, or of another format", "convert or remove it"
    TOO_LARGE = "too large", "make it smaller"
    NOT_READABLE = "not readable", "make it readable"
    MISSING = "missing", "put it back"
    UNKNOWN_RANGE = (
        "of an unknown range of grey",
        "convert it, or set dataset.grey_range where the data set has that setting",
    )

    @property
    def words(self) -> str:
        """What is wrong with such images."""
        return self.value[0]

    def remedy(self, count: int) -> str:
        """Say what to do about one of them, or about several."""
        todo = self.value[1]
        return todo if count == 1 else todo.replace(" it", " them")


class Damage(NamedTuple):
    """What is wrong with one image."""

    place: str
    """The file, for people."""

    cause: Cause
    reason: str
    """In the words of who noticed."""

    lasts: bool = True
    """Whether the content of the file is to blame, and not a disk or the memory of today."""


class DamagedImagesError(DataError):
    """Images that cannot be decoded; ``damages`` are those known, in their order, of ``total``."""

    def __init__(self, damages: Sequence[Damage], total: int = 1, advice: str = "") -> None:
        super().__init__(f"{_told(damages, total)} {advice}".strip())
        self.damages = tuple(damages)
        self.total = total
        self.advice = advice


def merged(errors: Sequence[DamagedImagesError]) -> DamagedImagesError:
    """Make one error of those of one source, of which there is at least one."""
    damages = [damage for error in errors for damage in error.damages]
    return DamagedImagesError(damages, errors[0].total, errors[0].advice)


def by_cause(damages: Iterable[Damage]) -> str:
    """Count images by what is wrong with them, the most frequent first."""
    counts = Counter(damage.cause for damage in damages)
    return ", ".join(f"{count:,} {cause.words}" for cause, count in counts.most_common())


def left_out(damages: Sequence[Damage]) -> str:
    """Say that damaged images are left out; nothing where there are none."""
    if not damages:
        return ""
    if len(damages) == 1:
        (one,) = damages
        return f"1 image is left out, as it cannot be decoded: {one.place} ({one.cause.words})."
    return (
        f"{len(damages):,} images are left out, as they cannot be decoded ({by_cause(damages)}); "
        f"the first of them is {damages[0].place}."
    )


def _told(damages: Sequence[Damage], total: int) -> str:
    """Name the images, count the rest, and say for each cause what to do."""
    if len(damages) == 1:
        (one,) = damages
        todo = one.cause.remedy(1)
        return f"Cannot decode the image {one.place}: {one.reason}. {_sentence(todo)}"
    lines = [f"{len(damages):,} of {total:,} images cannot be decoded:"]
    lines += [f"- {one.place}: {one.reason}" for one in damages[:NAMED]]
    if damages[NAMED:]:
        lines.append(f"- and {len(damages) - NAMED:,} more")
    return "\n".join([*lines, *_remedies(damages)])


def _remedies(damages: Sequence[Damage]) -> list[str]:
    """Say for each cause how many images it has, and what to do about them."""
    counts = Counter(damage.cause for damage in damages)
    return [
        _sentence(f"{count:,} {'is' if count == 1 else 'are'} {cause.words}: {cause.remedy(count)}")
        for cause, count in counts.most_common()
    ]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
