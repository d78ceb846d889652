"""Reading the two kinds of tag files, distrusting every line of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ganx import DataError
from ganx_animefaces.vocabulary import EYES, HAIR

PARTS = ("hair", "eyes")

COLOUR_WORDS = frozenset(
    {
        *HAIR,
        *EYES,
        *("silver", "grey", "gold", "golden", "blond", "platinum", "violet", "lavender", "magenta"),
        *("crimson", "scarlet", "maroon", "cyan", "turquoise", "teal", "navy", "indigo", "beige"),
        *("tan", "cream", "peach", "lilac", "amber", "hazel", "light", "dark", "rainbow"),
        *("multicolored", "multi-colored", "bicolored", "two-tone", "gradient", "streaked"),
    }
)
"""A free tag such as ``silver hair`` speaks of a colour when it has one of these words."""

_COLOUR_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_COUNTED = re.compile(r"(.*\S.*):[0-9]+")
_INDEX = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Row:
    """One line of a tag file."""

    index: str
    """The stem of the image's file name."""

    colours: dict[str, list[str]]
    """For hair and for eyes the colours that the line names, inside the vocabulary or not."""


def read_pairs(path: Path) -> list[Row]:
    """Read ``tags.csv``: lines such as ``7,pink hair blue eyes``.

    Raises ``DataError`` naming the line that has another form or an image that was there before.
    """
    return _read(path, _pair_colours, "7,pink hair blue eyes")


def read_counted(path: Path) -> list[Row]:
    """Read ``tags_clean.csv``: an index, a comma, and ``tag:count`` between tabs.

    Tags that do not speak of a colour of hair or eyes (``long hair``, ``smile``) are passed over.
    Raises ``DataError`` naming the line that has another form or an image that was there before.
    """
    return _read(path, _counted_colours, "7,<tag>:<count><tab><tag>:<count>")


def _read(
    path: Path, colours: Callable[[str], dict[str, list[str]] | None], form: str
) -> list[Row]:
    """Read all lines, each image once."""
    rows: list[Row] = []
    first: dict[str, int] = {}
    for number, line in _lines(path):
        index, comma, text = line.partition(",")
        found = colours(_unquoted(text.strip(" "))) if comma and _INDEX.fullmatch(index) else None
        if found is None:
            raise DataError(
                f"{path}, line {number}: {_shortened(line)!r} is not of the form {form!r}. "
                "Correct the line, or remove it."
            )
        if index in first:
            raise DataError(
                f"{path}, line {number}: image {index} has tags on line {first[index]} already. "
                "Remove one of the two lines."
            )
        first[index] = number
        rows.append(Row(index, found))
    if not rows:
        raise DataError(f"{path} is empty. Restore the file of the original data set.")
    return rows


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines of a file with their numbers; a line break at the end begins no line."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not text in UTF-8: byte {error.start} does not belong there. Restore the "
            "file of the original data set."
        ) from error
    lines = text.removesuffix("\n").split("\n") if text else []
    return enumerate(lines, start=1)


def _pair_colours(text: str) -> dict[str, list[str]] | None:
    """Take ``<colour> hair <colour> eyes`` apart; None where something is left over."""
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    colour: list[str] = []
    for word in text.split():
        if word in PARTS and colour:
            found[word].append(" ".join(colour))
            colour = []
        elif word in PARTS or not _COLOUR_WORD.fullmatch(word):
            return None
        else:
            colour.append(word)
    return None if colour else found


def _counted_colours(text: str) -> dict[str, list[str]] | None:
    """Pick the colours of hair and eyes out of free tags; None where a tag has no count."""
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for piece in text.split("\t"):
        if not piece.strip():
            continue  # the files have a tab behind the last tag too
        counted = _COUNTED.fullmatch(piece.strip())
        if counted is None:
            return None
        colour, _, part = counted[1].strip().rpartition(" ")
        if part in PARTS and not COLOUR_WORDS.isdisjoint(colour.split()):
            found[part].append(colour)
    return found


def _unquoted(text: str) -> str:
    """Take off the quotes that a table program may have put around a field."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def _shortened(line: str) -> str:
    """Keep an error readable."""
    longest = 60
    return line if len(line) <= longest else f"{line[:longest]}..."
