"""The rule of docs/drawing.md once more, number by number, and vectors that hold all others to it.

``python tests/support/draw_vectors.py`` writes draw_vectors.json anew.
"""

import json
from collections.abc import Sequence
from math import cos, log, pi, sqrt
from pathlib import Path
from struct import pack, unpack
from typing import Any

VECTORS = Path(__file__).with_suffix(".json")
WORD = 2**32


def philox(counter: Sequence[int], key: Sequence[int]) -> list[int]:
    x, k = list(counter), list(key)
    for _ in range(10):
        left, right = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [right // WORD ^ x[1] ^ k[0], right % WORD, left // WORD ^ x[3] ^ k[1], left % WORD]
        k = [(k[0] + 0x9E3779B9) % WORD, (k[1] + 0xBB67AE85) % WORD]
    return x


def word(seed: int, image: int, purpose: int, number: int) -> int:
    counter = (number // 4, image % WORD, image // WORD, purpose)
    return philox(counter, (seed % WORD, seed // WORD))[number % 4]


def float32(number: float) -> float:
    return float(unpack("<f", pack("<f", number))[0])


def latent(parts: Sequence[dict[str, Any]], seed: int, image: int) -> list[float]:
    z: list[float] = []
    for part in parts:
        start, size = len(z), part["size"]
        if part["kind"] == "categorical":
            category = word(seed, image, 0, 2 * start) * size // WORD
            z += [float(place == category) for place in range(size)]
            continue
        for j in range(start, start + size):
            a, b = word(seed, image, 0, 2 * j), word(seed, image, 0, 2 * j + 1)
            if part["kind"] == "normal":
                z.append(float32(sqrt(-2 * log((a + 1) / WORD)) * cos(2 * pi * b / WORD)))
            else:
                z.append(float32((a + 0.5) / 2**31 - 1))
    return z


def place(weights: Sequence[int], number: int) -> int:
    for index, weight in enumerate(weights):
        if number < weight:
            return index
        number -= weight
    return len(weights)


def chosen(condition: dict[str, Any], summary: dict[str, Any], seed: int, image: int) -> set[int]:
    rest = summary.get("rest", {"images": 0})
    count = rest["images"]
    r = word(seed, image, 1, 0) * (sum(summary["counts"]) + count) // WORD
    if r < sum(summary["counts"]):
        return {*summary["combinations"][place(summary["counts"], r)]}
    found: set[int] = set()
    if condition["kind"] == "labels":
        many = place(rest["labels_per_image"], word(seed, image, 1, 1) * count // WORD)
        for turn in range(min(many, condition.get("limit", 0) or many)):
            left = [0 if i in found else weight for i, weight in enumerate(rest["values"])]
            if sum(left):
                found.add(place(left, word(seed, image, 1, 2 + turn) * sum(left) // WORD))
        return found
    start = 0
    for number, group in enumerate(condition["groups"]):
        values = rest["values"][start : start + len(group["values"])]
        value = place(values, word(seed, image, 1, 2 + number) * count // WORD)
        found |= {start + value} if value < len(values) else set()
        start += len(values)
    return found


def case(
    name: str,
    parts: Sequence[tuple[str, int]],
    condition: dict[str, Any],
    distribution: dict[str, Any] | None,
    seed: int,
    images: Sequence[int],
) -> dict[str, Any]:
    """Draw what a file with these metadata shows."""
    described = [{"name": f"{kind}-{size}", "kind": kind, "size": size} for kind, size in parts]
    size = sum(len(group["values"]) for group in condition["groups"])
    sets = [
        chosen(condition, distribution, seed, image) if size and distribution else set()
        for image in images
    ]
    interface = {"resolution": 64, "channels": 3, "image_range": [-1.0, 1.0]}
    metadata: dict[str, Any] = {
        "format_version": 2,
        "interface": {**interface, "condition": condition},
        "latent": described,
        "drawing": "ganx-draw-1",
    }
    if distribution is not None:
        metadata["distribution"] = distribution
    return {
        "name": name,
        "metadata": metadata,
        "seed": str(seed),
        "images": list(images),
        "z": [latent(described, seed, image) for image in images],
        "c": [[float(index in one) for index in range(size)] for one in sets],
    }


NONE: dict[str, Any] = {"kind": "none", "groups": []}
DIGITS = {"kind": "classes", "groups": [{"name": "digit", "values": [*"0123456789"]}]}
SHAPES = ["red cube", "blue cube", "red sphere", "blue sphere", "gray cone"]
LABELS = {"kind": "labels", "groups": [{"name": "object", "values": SHAPES}], "most": 4}
FACES = {
    "kind": "attributes",
    "groups": [
        {"name": "hair", "values": ["pink", "blue"]},
        {"name": "eyes", "values": ["blue", "red", "gray"]},
    ],
}
NOISE = [("normal", 5)]
FAR = [0, 1, 2**32 - 1, 2**32, 2**32 + 1, 2**53 - 1]


def rest(images: int, labels_per_image: list[int], values: list[int]) -> dict[str, Any]:
    return {"images": images, "labels_per_image": labels_per_image, "values": values}


def cases() -> list[dict[str, Any]]:
    mixed = [("uniform", 3), ("categorical", 4), ("continuous", 2), ("normal", 2)]
    codes = [("categorical", 10), ("categorical", 3), ("categorical", 1)]
    alone: dict[str, Any] = {"combinations": [[]], "counts": [50]}
    digits = {"combinations": [[7], [1], [0]], "counts": [60, 30, 10]}
    few = {"combinations": [[3]], "counts": [20], "rest": rest(9, [0, 9], [*[1] * 9, 0])}
    shown = {"combinations": [[0, 3], [], [1]], "counts": [40, 20, 10]}
    labels = {**shown, "rest": rest(70, [5, 20, 30, 15], [60, 30, 20, 14, 1])}
    scarce = {"combinations": [], "counts": [], "rest": rest(9, [0, 0, 2, 3, 4], [0, 9, 20, 0, 0])}
    five = {"combinations": [], "counts": [], "rest": rest(9, [0, 1, 0, 4, 4], [9, 8, 7, 6, 5])}
    faces = {
        "combinations": [[1, 4]],
        "counts": [12],
        "rest": rest(25, [0, 0, 25], [5, 20, 1, 9, 15]),
    }
    partial = {"combinations": [], "counts": [], "rest": rest(9, [2, 5, 2], [4, 2, 1, 0, 2])}
    large = {
        "combinations": [[2], [4]],
        "counts": [2**31, 2**31 - 40],
        "rest": rest(20, [0, 20], [20] * 5),
    }
    return [
        case("normal noise", NOISE, NONE, alone, 0, range(4)),
        case("a logarithm of almost nought", NOISE, NONE, alone, 8, [147390]),
        case("every kind of part", mixed, NONE, alone, 3, range(8)),
        case("codes alone", codes, NONE, None, 12, range(12)),
        case("the largest seed, images beyond 32 bits", mixed, NONE, alone, 2**64 - 1, FAR),
        case("a seed beyond 32 bits", NOISE, DIGITS, digits, 2**32, FAR),
        case("classes", NOISE, DIGITS, digits, 5, range(16)),
        case("classes of few images", NOISE, DIGITS, few, 6, range(24)),
        case("labels, listed and not", [("normal", 1)], LABELS, labels, 7, range(64)),
        case("more labels than there are values", NOISE, LABELS, scarce, 8, range(12)),
        case("a generator of two labels", NOISE, {**LABELS, "limit": 2}, five, 9, range(12)),
        case("attributes, listed and not", NOISE, FACES, faces, 10, range(24)),
        case("attributes that some images lack", NOISE, FACES, partial, 11, range(24)),
        case("as many images as words", NOISE, LABELS, large, 2**63 + 11, range(8)),
    ]


TEXTS: list[tuple[dict[str, Any], str, list[int] | None]] = [
    (LABELS, "red cube, blue sphere", [0, 3]),
    (LABELS, " blue sphere ,, red cube,red cube ", [0, 3]),
    (LABELS, "object=gray cone", [4]),
    (LABELS, "", []),
    (LABELS, "red cub", None),
    (LABELS, "object=object=red cube", None),
    ({**LABELS, "limit": 2}, "red cube, blue cube", [0, 1]),
    ({**LABELS, "limit": 2}, "red cube, blue cube, gray cone", None),
    (DIGITS, "7", [7]),
    (DIGITS, "digit=7", [7]),
    (DIGITS, "7, 8", None),
    (DIGITS, "", None),
    (FACES, "hair=pink, eyes=blue", [0, 2]),
    (FACES, "eyes = gray,hair= blue", [1, 4]),
    (FACES, "eyes=gray", None),
    (FACES, "hair=pink, hair=blue, eyes=red", None),
    (FACES, "pink, eyes=red", None),
    (FACES, "nose=pink, eyes=red", None),
    (FACES, "hair=pink=pink, eyes=red", None),
    (NONE, "", []),
    (NONE, "red cube", None),
]


def texts() -> list[dict[str, Any]]:
    """What texts ask for, as the set entries of c; null where a text is refused."""
    return [{"condition": kind, "text": text, "set": entries} for kind, text, entries in TEXTS]


def write() -> None:
    drawn, read = (",\n".join(map(json.dumps, items)) for items in (cases(), texts()))
    VECTORS.write_text(f'{{"cases": [\n{drawn}\n], "texts": [\n{read}\n]}}\n')


if __name__ == "__main__":
    write()
