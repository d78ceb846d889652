"""InfoGAN's entry in ganx: what it provides. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import ModelSpec, RecipeSpec, hookimpl
from ganx_infogan.config import InfoganConfig

if TYPE_CHECKING:
    from ganx import Interface, Networks

_EPOCH = 60_000
_EPOCHS = 150

_INFOGAN = {
    "model": {"name": "infogan"},
    "dataset": {"name": "mnist", "labels": False, "resolution": 64},
    "loss": {"sum": "bce + mutual-information"},
    "plan": {"name": "joint"},
    "optimizer": {
        "generator": {"learning_rate": 1e-3, "betas": [0.5, 0.999]},
        "discriminator": {"learning_rate": 2e-4, "betas": [0.5, 0.999]},
    },
    "train": {"images": _EPOCHS * _EPOCH, "batch_size": 100},
}


def _build(interface: "Interface", config: InfoganConfig) -> "Networks":
    """Build generator and discriminator, Q being a head of the latter."""
    from ganx_infogan.networks import build

    return build(interface, config)


@hookimpl
def ganx_models() -> Iterator[ModelSpec]:
    """Provide the architecture."""
    yield ModelSpec(
        "infogan",
        "Unconditional GAN that finds categories and styles by itself",
        InfoganConfig,
        _build,
        recipe="infogan",
    )


@hookimpl
def ganx_recipes() -> Iterator[RecipeSpec]:
    """Provide the report's run."""
    yield RecipeSpec("infogan", "InfoGAN on MNIST without its labels", _INFOGAN)
