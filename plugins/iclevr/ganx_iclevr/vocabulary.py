"""The 24 objects and the two sets of 32 prompts of the i-CLEVR protocol."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

SHAPES = ("cube", "sphere", "cylinder")
COLOURS = ("gray", "red", "blue", "green", "brown", "purple", "cyan", "yellow")
OBJECTS = tuple(f"{colour} {shape}" for shape in SHAPES for colour in COLOURS)
"""The objects in the order of the protocol's ``objects.json``."""

PROMPTS = ("test", "new_test")
"""The sets of prompts: 72 and 84 objects in 32 prompts each; never trained on."""


@cache
def shipped_prompts() -> Mapping[str, Sequence[Sequence[str]]]:
    """Read the prompts that come with the plugin: for each set a list of lists of objects."""
    folder = files("ganx_iclevr") / "prompts"
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in PROMPTS}


def prompt_texts(prompts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Write prompts as condition texts such as ``"red cube, blue sphere"``."""
    return tuple(", ".join(objects) for objects in prompts)
