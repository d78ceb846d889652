"""Slots' entry in ganx: what it provides. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import ModelSpec, RecipeSpec, hookimpl
from ganx_slots.config import SlotsConfig
from ganx_slots.recipes import SLOTS

if TYPE_CHECKING:
    from ganx import Interface, Networks


def _build(interface: "Interface", config: SlotsConfig) -> "Networks":
    """Build generator and discriminator."""
    from ganx_slots.networks import build

    return build(interface, config)


@hookimpl
def ganx_models() -> Iterator[ModelSpec]:
    """Provide the architecture."""
    yield ModelSpec(
        "slots",
        "A slot for each label, and a discriminator that looks for each: labels within minutes",
        SlotsConfig,
        _build,
        recipe="slots",
    )


@hookimpl
def ganx_recipes() -> Iterator[RecipeSpec]:
    """Provide the run that obeys its labels."""
    yield RecipeSpec("slots", "Slots on i-CLEVR: relativistic pairs, evidence, R1 and R2", SLOTS)
