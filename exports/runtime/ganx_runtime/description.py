"""What a file says of itself, checked: the JSON under the metadata key ``ganx``, version 2."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, get_args

from ganx_runtime.condition import Condition, Group, Kind
from ganx_runtime.drawing import RULE, LatentPart, PartKind, Rest, Summary
from ganx_runtime.errors import GeneratorError

VERSION = 2
"""Of the metadata's form."""

LARGEST_SIDE = 2**14
LARGEST_VECTOR = 2**20
LARGEST_BATCH = 2**16
MOST_CHANNELS = 4
LARGEST_COUNT = 2**53

Output = Literal["float", "uint8"]


@dataclass(frozen=True)
class Description:
    """The part of the metadata by which a file is run."""

    resolution: int
    channels: int
    condition: Condition
    latent: tuple[LatentPart, ...]
    distribution: Summary | None
    output: Output
    batch: int | None
    """So many rows the file takes at once; any number of rows where there is none."""

    @property
    def latent_size(self) -> int:
        """Z, the length of a latent vector."""
        return sum(part.size for part in self.latent)

    @property
    def inputs(self) -> dict[str, int]:
        """The lengths of the file's inputs by their names."""
        sizes = {"z": self.latent_size, "c": self.condition.size}
        return {name: size for name, size in sizes.items() if size}


def read_metadata(text: str) -> dict[str, Any]:
    """Read the JSON of a file.

    Raises ``GeneratorError`` where it is none, or of another version than this.
    """
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged("metadata", "no JSON") from None
    if not isinstance(metadata, dict):
        raise _damaged("metadata", "no object")
    version = metadata.get("format_version")
    if version == 1:
        raise GeneratorError(
            "The file was exported by an older ganx (format_version 1). Export it again with "
            "`ganx export`, from the run that it came from."
        )
    if version != VERSION or metadata.get("drawing") != RULE:
        raise GeneratorError(
            f"The file has format_version {version!r} and is drawn from by the rule "
            f"{metadata.get('drawing')!r}; this ganx-runtime knows {VERSION} and {RULE!r}. "
            "Install a newer ganx-runtime."
        )
    return metadata


def described(metadata: Mapping[str, Any]) -> Description:
    """Check the metadata of a file; raises ``GeneratorError`` that names the key that is wrong."""
    interface = _object(metadata, "interface")
    file = _object(metadata, "file")
    condition = _condition(_object(interface, "condition"))
    output = _one_of(file, "output", get_args(Output))
    batch = None if file.get("batch") is None else _whole(file, "batch", 1, LARGEST_BATCH)
    return Description(
        resolution=_whole(interface, "resolution", 1, LARGEST_SIDE),
        channels=_whole(interface, "channels", 1, MOST_CHANNELS),
        condition=condition,
        latent=_latent(_list(metadata, "latent")),
        distribution=_summary(metadata["distribution"], condition)
        if metadata.get("distribution") is not None
        else None,
        output=output,
        batch=batch,
    )


def _condition(data: Mapping[str, Any]) -> Condition:
    """Read the vocabulary."""
    kind: Kind = _one_of(data, "kind", get_args(Kind))
    groups = tuple(
        Group(_text(group, "name"), tuple(_texts(group, "values")))
        for group in _list(data, "groups")
    )
    condition = Condition(kind, groups, _whole(data, "limit", 0, LARGEST_VECTOR, absent=0))
    many = {"none": len(groups) == 0, "attributes": len(groups) > 0}.get(kind, len(groups) == 1)
    twice = len(condition.slices) != len(groups) or any(
        len(set(group.values)) != len(group.values) for group in groups
    )
    if not many or twice or condition.size > LARGEST_VECTOR:
        raise _damaged("interface.condition.groups", "no vocabulary of its kind")
    return condition


def _latent(parts: Sequence[Any]) -> tuple[LatentPart, ...]:
    """Read the parts of z."""
    found = tuple(
        LatentPart(
            _text(part, "name"),
            _one_of(part, "kind", get_args(PartKind)),
            _whole(part, "size", 1, LARGEST_VECTOR),
        )
        for part in parts
    )
    if not 0 < sum(part.size for part in found) <= LARGEST_VECTOR:
        raise _damaged("latent", "too long, or empty")
    return found


def _summary(data: Any, condition: Condition) -> Summary:
    """Read the distribution, whose counts must agree with each other."""
    combinations = tuple(tuple(_places(one, condition)) for one in _list(data, "combinations"))
    counts = tuple(_counts(data, "counts"))
    rest = None if data.get("rest") is None else _rest(_object(data, "rest"), condition)
    if len(counts) != len(combinations) or sum(counts) + (rest.images if rest else 0) == 0:
        raise _damaged("distribution.counts", "of another length than its combinations, or empty")
    return Summary(combinations, counts, rest)


def _places(data: Any, condition: Condition) -> list[int]:
    """Check the entries of one combination."""
    inside = isinstance(data, list) and all(
        type(one) is int and 0 <= one < condition.size for one in data
    )
    if not inside or any(first >= second for first, second in pairwise(data)):
        raise _damaged("distribution.combinations", "no rising places of the condition")
    return list(data)


def _rest(data: Mapping[str, Any], condition: Condition) -> Rest:
    """Read the counts of the images whose combination is not listed."""
    rest = Rest(
        _whole(data, "images", 1, LARGEST_COUNT),
        tuple(_counts(data, "labels_per_image")) if condition.kind == "labels" else (),
        tuple(_counts(data, "values")),
    )
    if len(rest.values) != condition.size or condition.kind == "none":
        raise _damaged("distribution.rest.values", "of another length than the condition")
    # Images may lack an attribute, but have no two values of one.
    groups = [sum(rest.values[place]) for place in condition.slices.values()]
    labels = condition.kind == "labels"
    agree = sum(rest.labels_per_image) == rest.images if labels else max(groups) <= rest.images
    if not agree:
        raise _damaged("distribution.rest", "in disagreement with its number of images")
    return rest


def _damaged(key: str, what: str) -> GeneratorError:
    return GeneratorError(
        f"What the file says of itself cannot be used: {key} is {what}. It is damaged, or was not "
        "made by ganx. Export it again."
    )


def _object(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise _damaged(key, "no object")
    return found


def _list(data: Any, key: str) -> Sequence[Any]:
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise _damaged(key, "no list")
    return found


def _text(data: Any, key: str) -> str:
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, str):
        raise _damaged(key, "no text")
    return found


def _texts(data: Any, key: str) -> Sequence[str]:
    found = _list(data, key)
    if not found or not all(isinstance(one, str) for one in found):
        raise _damaged(key, "no list of texts")
    return found


def _one_of(data: Any, key: str, choices: tuple[Any, ...]) -> Any:
    found = data.get(key) if isinstance(data, dict) else None
    if found not in choices:
        raise _damaged(key, f"none of {', '.join(choices)}")
    return found


def _whole(data: Any, key: str, least: int, most: int, absent: int | None = None) -> int:
    found = data.get(key, absent) if isinstance(data, dict) else None
    if type(found) is not int or not least <= found <= most:
        raise _damaged(key, f"no whole number from {least} to {most:,}")
    return found


def _counts(data: Any, key: str) -> Sequence[int]:
    found = _list(data, key)
    if not all(type(one) is int and 0 <= one <= LARGEST_COUNT for one in found):
        raise _damaged(key, "no list of counts")
    return found
