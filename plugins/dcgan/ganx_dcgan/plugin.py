"""DCGAN's entry in ganx: what it provides. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import ModelSpec, RecipeSpec, hookimpl
from ganx_dcgan.config import DcganConfig
from ganx_dcgan.recipes import recipes

if TYPE_CHECKING:
    from ganx import Interface, Networks


def _build(interface: "Interface", config: DcganConfig) -> "Networks":
    """Build generator and discriminator."""
    from ganx_dcgan.networks import build

    return build(interface, config)


@hookimpl
def ganx_models() -> Iterator[ModelSpec]:
    """Provide the architecture."""
    yield ModelSpec(
        "dcgan",
        "Plain convolutional GAN, with and without labels",
        DcganConfig,
        _build,
        recipe="dcgan-labels",
        unlabelled_recipe="dcgan",
    )


@hookimpl
def ganx_recipes() -> Iterator[RecipeSpec]:
    """Provide the reports' runs."""
    yield from recipes()
