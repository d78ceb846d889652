"""SAGAN's entry in ganx: what it provides. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import hookimpl
from ganx.specs import ModelSpec, RecipeSpec
from ganx_sagan.config import SaganConfig

if TYPE_CHECKING:
    from ganx.interface import Interface
    from ganx.networks import Networks

_EPOCH = 18_009
_EPOCHS = 2_000

_SAGAN_BCE = {
    "model": {"name": "sagan"},
    "dataset": {"name": "iclevr"},
    "loss": {"sum": "bce"},
    "plan": {"name": "split", "generator_steps": 2},
    "optimizer": {
        "generator": {"learning_rate": 1e-4, "betas": [0.0, 0.9]},
        "discriminator": {"learning_rate": 4e-4, "betas": [0.0, 0.9]},
    },
    "train": {"images": _EPOCHS * _EPOCH, "batch_size": 64},
}


def _build(interface: "Interface", config: SaganConfig) -> "Networks":
    """Build generator and discriminator."""
    from ganx_sagan.networks import build

    return build(interface, config)


@hookimpl
def ganx_models() -> Iterator[ModelSpec]:
    """Provide the architecture."""
    yield ModelSpec(
        "sagan",
        "Self-attention GAN with spectral norm, conditioned on labels",
        SaganConfig,
        _build,
        recipe="sagan-bce",
    )


@hookimpl
def ganx_recipes() -> Iterator[RecipeSpec]:
    """Provide the report's run."""
    yield RecipeSpec("sagan-bce", "SAGAN on i-CLEVR with BCE, two G steps for each D", _SAGAN_BCE)
