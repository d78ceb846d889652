"""Complete runs of SAGAN on i-CLEVR. Loads no torch."""

from typing import Any

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


def _steady_adam() -> dict[str, Any]:
    """Write one network's optimizer: warm-up, a long plateau, and a short fall at the end."""
    schedule = {"name": "linear", "warmup": 1600, "hold": 0.65, "final": 0.05}
    return {"learning_rate": 7e-4, "betas": [0.0, 0.99], "schedule": schedule}


_LAZY = {"every": 16, "share": 0.5}

SAGAN: dict[str, Any] = {
    "model": {"name": "sagan", "form": "styled", "latent_size": 64},
    "dataset": {"name": "iclevr"},
    "loss": {
        "sum": "relativistic + auxiliary + 0.25*r1 + 0.25*r2",
        "terms": {
            "auxiliary": {
                "reduce": "sum",
                "generator_weight": 0.5,
                "on_fake": "absent",
                "fake_weight": 0.1,
                "fake_start": 5_000,
                "fake_rise": 8_000,
            },
            "r1": _LAZY,
            "r2": _LAZY,
        },
    },
    "plan": {"name": "joint", "judge_together": True, "reuse_fakes": True},
    "optimizer": {"generator": _steady_adam(), "discriminator": _steady_adam()},
    "ema": {"half_life": 2_000, "warmup": 0.05},
    "train": {"images": 54_000, "batch_size": 16},
    "evaluate": {"every": 6_000},
}
