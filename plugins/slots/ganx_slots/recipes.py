"""The recipe of slots: what makes labels learnable within minutes."""

from typing import Any

_LAZY = {"every": 16, "share": 0.5}


def _adam() -> dict[str, Any]:
    """Write one network's optimizer: warm-up, a long plateau, and a short fall at the end."""
    schedule = {"name": "linear", "warmup": 1600, "hold": 0.65, "final": 0.05}
    return {"learning_rate": 7e-4, "betas": [0.0, 0.99], "schedule": schedule}


SLOTS: dict[str, Any] = {
    "model": {"name": "slots"},
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
    "optimizer": {"generator": _adam(), "discriminator": _adam()},
    "ema": {"half_life": 2_000, "warmup": 0.05},
    "train": {"images": 40_000, "batch_size": 16},
    "evaluate": {"every": 4_000},
}
