"""Complete runs of SAGAN on i-CLEVR. Loads no torch."""

from typing import Any

from ganx import LABELLED_TRAINING

_EPOCH = 18_009
_DATASET = {"name": "iclevr"}

# The two time-scale update rule of the SAGAN paper.
_OPTIMIZERS = {
    "generator": {"learning_rate": 1e-4, "betas": [0.0, 0.9]},
    "discriminator": {"learning_rate": 4e-4, "betas": [0.0, 0.9]},
}


def _training(epochs: int) -> dict[str, int]:
    """Count the images of so many passes over the data set."""
    return {"images": epochs * _EPOCH, "batch_size": 64}


SAGAN_BCE: dict[str, Any] = {
    "model": {"name": "sagan"},
    "dataset": _DATASET,
    "loss": {"sum": "bce"},
    "plan": {"name": "split", "generator_steps": 2},
    "optimizer": _OPTIMIZERS,
    "train": _training(2_000),
}

SAGAN_WGAN_GP: dict[str, Any] = {
    "model": {"name": "sagan", "latent_size": 128},
    "dataset": _DATASET,
    "loss": {"sum": "wasserstein + 10*gradient-penalty"},
    "plan": {"name": "joint"},
    "optimizer": _OPTIMIZERS,
    "train": _training(300),
}

SAGAN_RESNET: dict[str, Any] = {
    "model": {"name": "sagan-resnet"},
    "dataset": _DATASET,
    "loss": {"sum": "hinge"},
    "plan": {"name": "joint"},
    "optimizer": _OPTIMIZERS,
    "train": _training(300),
}


SAGAN: dict[str, Any] = {
    "model": {"name": "sagan", "form": "styled", "latent_size": 64},
    "dataset": {"name": "iclevr"},
    **LABELLED_TRAINING,
    "train": {"images": 54_000, "batch_size": 16},
    "evaluate": {"every": 6_000},
}
