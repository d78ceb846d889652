"""Texts are read, and refused, in the words of ganx."""

import pytest

from ganx.contracts import condition as core
from ganx.errors import DataError
from ganx_runtime import GeneratorError
from ganx_runtime.condition import Condition, Group, Kind

MANY = tuple(f"value {number}" for number in range(40))
VOCABULARIES: list[tuple[Kind, dict[str, tuple[str, ...]], int]] = [
    ("none", {}, 0),
    ("classes", {"digit": ("0", "1", "2", "7")}, 0),
    ("labels", {"object": ("red cube", "Blue cube", "blue sphere", "gray cone")}, 2),
    ("labels", {"object": MANY}, 0),
    ("attributes", {"hair": ("pink", "blue"), "eyes": ("blue", "red", "gray")}, 0),
]
TEXTS = [
    "red cube",
    "red cube, blue sphere",
    "red cube, blue sphere, gray cone",
    " blue sphere ,, red cube,red cube ",
    "object=gray cone",
    "red cub",
    "blue cube",
    "cube",
    ",",
    "7",
    "0, 1",
    "value 3",
    "valu 3",
    "hair=pink, eyes=red",
    "hair = pink , eyes = red",
    "hair=pink",
    "hair=pink, hair=blue, eyes=red",
    "hairs=pink, eyes=red",
    "hair=pnk, eyes=red",
    "pink",
]


@pytest.mark.parametrize(("kind", "groups", "limit"), VOCABULARIES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_or_refused_as_ganx_does(
    kind: Kind, groups: dict[str, tuple[str, ...]], limit: int, text: str
) -> None:
    ours = Condition(kind, tuple(Group(*one) for one in groups.items()), limit)
    theirs = core.Condition(kind, tuple(core.Group(*one) for one in groups.items()), limit=limit)
    assert answer(ours, text) == answer(theirs, text)


def answer(condition: Condition | core.Condition, text: str) -> list[float] | str:
    """Return the vector of a text, or why it is refused."""
    try:
        return [float(value) for value in condition.encode(text)]
    except DataError as error:
        return error.text
    except GeneratorError as error:
        return str(error)
