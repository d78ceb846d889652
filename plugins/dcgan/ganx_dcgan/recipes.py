"""DCGAN's recipes: the runs of reports 001 (its starting point), 003 and 004."""

from collections.abc import Iterator
from typing import Any

from ganx import LABELLED_TRAINING, RecipeSpec

_MNIST_EPOCH = 60_000
_ICLEVR_EPOCH = 18_009

_DCGAN_PAPER = [0.5, 0.999]
_WGAN_GP_PAPER = [0.0, 0.9]


def _adams(generator: float, discriminator: float, betas: list[float]) -> dict[str, Any]:
    """Write the table of both optimizers, which are Adam."""
    return {
        "generator": {"learning_rate": generator, "betas": betas},
        "discriminator": {"learning_rate": discriminator, "betas": betas},
    }


_DCGAN = {
    "model": {"name": "dcgan", "noise": "uniform"},
    "dataset": {"name": "mnist", "labels": False, "resolution": 64},
    "loss": {"sum": "bce"},
    "plan": {"name": "joint"},
    "optimizer": _adams(1e-3, 2e-4, _DCGAN_PAPER),
    "train": {"images": 150 * _MNIST_EPOCH, "batch_size": 100},
}

_CDCGAN = {
    "model": {"name": "dcgan"},
    "dataset": {"name": "iclevr"},
    "loss": {"sum": "bce"},
    "plan": {"name": "joint", "generator_steps": 4},
    "optimizer": _adams(2e-4, 2e-4, _DCGAN_PAPER),
    "train": {"images": 200 * _ICLEVR_EPOCH, "batch_size": 128},
}

_REPORT_004 = {
    "name": "dcgan",
    "latent_size": 128,
    "condition_features": 100,
    "discriminator_condition_slope": 0.0,
    "discriminator_slope": 0.1,
    "generator_bias": True,
    "discriminator_bias": True,
}
"""The model's settings that both of report 004's recipes share."""

_WGAN_GP = {
    "model": {
        **_REPORT_004,
        "width": 300,
        "discriminator_width": 100,
        "discriminator_norm": "none",
        # Without norm, D starts as steep as its weights are large; PyTorch's follow the width
        # (gradient norm 0.012 at 8 to 100 channels), N(0, 0.02) does not (0.0007 to 0.09).
        "init_sigma": 0.0,
    },
    "dataset": {"name": "iclevr"},
    "loss": {"sum": "wasserstein + 10*gradient-penalty"},
    "plan": {"name": "joint", "discriminator_steps": 1, "generator_steps": 1},
    "optimizer": _adams(1e-4, 4e-4, _WGAN_GP_PAPER),
    "train": {"images": 600 * _ICLEVR_EPOCH, "batch_size": 64},
}

_DCGAN_BCE = {
    "model": _REPORT_004,
    "dataset": {"name": "iclevr"},
    "loss": {"sum": "bce"},
    "plan": {"name": "joint"},
    "optimizer": _adams(1e-4, 4e-4, _WGAN_GP_PAPER),
    "train": {"images": 300 * _ICLEVR_EPOCH, "batch_size": 64},
}


_DCGAN_LABELS: dict[str, Any] = {
    "model": {"name": "dcgan", "form": "styled", "latent_size": 64},
    "dataset": {"name": "iclevr"},
    **LABELLED_TRAINING,
    "train": {"images": 54_000, "batch_size": 16},
    "evaluate": {"every": 6_000},
}


def recipes() -> Iterator[RecipeSpec]:
    """Yield the run that learns its labels, and the reports' four."""
    yield RecipeSpec(
        "dcgan-labels",
        "DCGAN on i-CLEVR that learns its labels: evidence, pairs, R1 and R2",
        _DCGAN_LABELS,
    )
    yield RecipeSpec("dcgan", "Unconditional DCGAN on MNIST with BCE", _DCGAN)
    yield RecipeSpec(
        "cdcgan", "Conditional DCGAN on i-CLEVR with BCE, four G steps for each D", _CDCGAN
    )
    yield RecipeSpec("wgan-gp", "Wide DCGAN on i-CLEVR with WGAN-GP; 69 M parameters", _WGAN_GP)
    yield RecipeSpec("dcgan-bce", "WGAN-GP's networks at width 64 on i-CLEVR, BCE", _DCGAN_BCE)
