"""Sets of prompts: those of the data set, validation prompts drawn from its labels, and files.

Shapes: K is the size of the condition.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from ganx.contracts.condition import Condition
from ganx.contracts.distribution import ConditionDistribution
from ganx.errors import DataError, unknown
from ganx.randomness import keyed_rng

VALIDATION = "validation"
VALIDATION_PROMPTS = 64
"""How many prompts a validation set has, about."""

Prompts = Mapping[str, Sequence[str]]


def prompt_sets(
    condition: Condition,
    distribution: ConditionDistribution,
    shipped: Prompts,
    asked: Sequence[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Gather prompts by name: ``validation``, those of the data set, and files.

    ``asked`` names sets or files; empty asks for validation and all that the data set has. Raises
    ``DataError`` for an unknown name, a file that cannot be read or has the name of a set with
    other prompts, and a text outside the vocabulary.
    """
    if not condition.size:
        return {}
    drawn = validation_prompts(condition, distribution, [t for s in shipped.values() for t in s])
    known = {**({VALIDATION: drawn} if drawn else {}), **{k: tuple(v) for k, v in shipped.items()}}
    if not asked:
        return known
    found: dict[str, tuple[str, ...]] = {}
    for asked_for in asked:
        name, texts = _one(asked_for, known, condition)
        if texts != found.get(name, texts) or texts != known.get(name, texts):
            raise DataError(
                f"The file of prompts {asked_for!r} would be called {name!r}, as another set that "
                "has other prompts. Rename it."
            )
        found[name] = texts
    return found


def validation_prompts(
    condition: Condition, distribution: ConditionDistribution, taken: Iterable[str]
) -> tuple[str, ...]:
    """Draw conditions as often as they occurred in training, none of them among ``taken``.

    The same for every run on the same labels. Each is drawn once; where there are no more than
    ``VALIDATION_PROMPTS`` of them, all are taken, and repeated to about that number. Where all
    conditions are taken, as the ten digits are, they are drawn none the less.
    """
    encoded = {tuple(condition.encode(text)) for text in taken}
    free = [i for i, row in enumerate(distribution.rows) if tuple(map(float, row)) not in encoded]
    if not free:  # every condition is asked for by name: there is nothing to keep apart
        free = list(range(len(distribution.rows)))
    counts = distribution.counts[free]
    if len(free) <= VALIDATION_PROMPTS:
        chosen = np.tile(free, -(-VALIDATION_PROMPTS // len(free)))
    else:
        rng = keyed_rng(0, 0, "validation prompts")
        shares = counts / counts.sum()
        chosen = rng.choice(free, size=VALIDATION_PROMPTS, replace=False, p=shares)
    return tuple(condition.decode(distribution.rows[index]) for index in chosen)


def digest(texts: Sequence[str]) -> str:
    """Return 8 hex digits over prompts and their order."""
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()[:8]


def _one(name: str, known: Prompts, condition: Condition) -> tuple[str, tuple[str, ...]]:
    """Find one set by name, or read it from a file."""
    if name in known:
        return name, tuple(known[name])
    path = Path(name)
    if not path.is_file():
        if path.suffix:
            raise DataError(f"There is no file of prompts {name!r}.")
        raise DataError(f"{unknown('set of prompts', name, known)} Or name a file.")
    texts = _read(path)
    for number, text in enumerate(texts, start=1):
        try:
            condition.encode(text)
        except DataError as error:
            raise DataError(f"{path}, prompt {number}: {error.text}", remedy=error.remedy) from None
    return path.stem, texts


def _read(path: Path) -> tuple[str, ...]:
    """Read a text on each line, or a JSON list of texts or of lists of labels."""
    try:
        content = path.read_text("utf-8-sig")
        listed = json.loads(content) if path.suffix == ".json" else content.splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"Cannot read the prompts {path}: {error}.") from None
    if not isinstance(listed, list):
        raise DataError(f'{path} must hold a list of prompts, such as [["red cube"]].')
    texts = tuple(_text(path, number, one) for number, one in enumerate(listed, start=1) if one)
    if not texts:
        raise DataError(f"{path} holds no prompts. Write one on each line.")
    return texts


def _text(path: Path, number: int, prompt: object) -> str:
    """Write one prompt as a condition text."""
    if isinstance(prompt, str):
        return prompt.strip()
    if isinstance(prompt, list) and all(isinstance(label, str) for label in prompt):
        return ", ".join(prompt)
    raise DataError(f"{path}, prompt {number}, is neither a text nor a list of labels.")
