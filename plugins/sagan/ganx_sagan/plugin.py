"""SAGAN's entry in ganx: what it provides. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import ModelSpec, RecipeSpec, hookimpl
from ganx_sagan.config import SaganConfig
from ganx_sagan.recipes import SAGAN, SAGAN_BCE, SAGAN_RESNET, SAGAN_WGAN_GP
from ganx_sagan.resnet_config import SaganResnetConfig

if TYPE_CHECKING:
    from ganx import Interface, Networks


def _build(interface: "Interface", config: SaganConfig) -> "Networks":
    """Build generator and discriminator."""
    from ganx_sagan.networks import build

    return build(interface, config)


def _build_resnet(interface: "Interface", config: SaganResnetConfig) -> "Networks":
    """Build the residual generator and discriminator."""
    from ganx_sagan.resnet import build

    return build(interface, config)


@hookimpl
def ganx_models() -> Iterator[ModelSpec]:
    """Provide the architectures."""
    yield ModelSpec(
        "sagan",
        "Self-attention GAN with spectral norm, conditioned on labels",
        SaganConfig,
        _build,
        recipe="sagan",
    )
    yield ModelSpec(
        "sagan-resnet",
        "Residual SAGAN: conditional batch norm in G, projection in D",
        SaganResnetConfig,
        _build_resnet,
        recipe="sagan-resnet",
    )


@hookimpl
def ganx_recipes() -> Iterator[RecipeSpec]:
    """Provide the run that obeys its labels, the reports' runs, and the paper's."""
    yield RecipeSpec(
        "sagan", "SAGAN on i-CLEVR that learns its labels: evidence, pairs, R1 and R2", SAGAN
    )
    yield RecipeSpec("sagan-bce", "SAGAN on i-CLEVR with BCE, two G steps for each D", SAGAN_BCE)
    yield RecipeSpec(
        "sagan-wgan-gp", "SAGAN on i-CLEVR with a Wasserstein critic and penalty", SAGAN_WGAN_GP
    )
    yield RecipeSpec(
        "sagan-resnet", "The SAGAN paper's residual form on i-CLEVR with hinge", SAGAN_RESNET
    )
