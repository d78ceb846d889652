"""ACGAN's entry in ganx: what it provides. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import ModelSpec, RecipeSpec, hookimpl
from ganx_acgan.config import AcganConfig

if TYPE_CHECKING:
    from ganx import Interface, Networks

_ADAM = {"learning_rate": 2e-4, "betas": [0.5, 0.999]}
_SHARED = {
    "loss": {"sum": "bce + auxiliary", "terms": {"bce": {"real_target": 0.9}}},
    "plan": {"name": "joint"},
    "optimizer": {"generator": _ADAM, "discriminator": _ADAM},
}

_FACES_EPOCH = 36_736
_FACES_EPOCHS = 100
_FACES = {
    "model": {"name": "acgan"},
    "dataset": {"name": "animefaces"},
    **_SHARED,
    "train": {"images": _FACES_EPOCHS * _FACES_EPOCH, "batch_size": 64},
}

_SCENES_EPOCH = 18_009
_SCENES_EPOCHS = 300
_SCENES = {
    "model": {"name": "acgan", "condition_features": 100},
    "dataset": {"name": "iclevr"},
    **_SHARED,
    "train": {"images": _SCENES_EPOCHS * _SCENES_EPOCH, "batch_size": 64},
}


def _build(interface: "Interface", config: AcganConfig) -> "Networks":
    """Build generator and discriminator."""
    from ganx_acgan.networks import build

    return build(interface, config)


@hookimpl
def ganx_models() -> Iterator[ModelSpec]:
    """Provide the architecture."""
    yield ModelSpec(
        "acgan",
        "GAN whose discriminator also classifies: by class, by attribute or by label",
        AcganConfig,
        _build,
        recipe="acgan",
    )


@hookimpl
def ganx_recipes() -> Iterator[RecipeSpec]:
    """Provide the reports' runs."""
    yield RecipeSpec("acgan", "ACGAN on anime faces by hair and eye colour", _FACES)
    yield RecipeSpec("acgan-iclevr", "ACGAN on i-CLEVR with a head of 24 labels", _SCENES)
