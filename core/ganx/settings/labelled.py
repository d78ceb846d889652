"""The training that makes labels learnable within minutes, for recipes of any model with a head.

Loads no torch. ``docs/recipes/slots.md`` and ``docs/recipes/sagan.md`` say where each part comes
from and what happens without it.
"""

from collections.abc import Mapping
from typing import Any

_LAZY: Mapping[str, Any] = {"every": 16, "share": 0.5}

_ADAM: Mapping[str, Any] = {
    "learning_rate": 7e-4,
    "betas": [0.0, 0.99],
    # Warm-up, a long plateau, and a short fall at the end.
    "schedule": {"name": "linear", "warmup": 1600, "hold": 0.65, "final": 0.05},
}

LABELLED_TRAINING: Mapping[str, Any] = {
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
    "optimizer": {"generator": _ADAM, "discriminator": _ADAM},
    "ema": {"half_life": 2_000, "warmup": 0.05},
}
"""The tables ``loss``, ``plan``, ``optimizer`` and ``ema`` of a recipe, for batches of 16: D names
the labels of real images by its head ``condition``, real and generated images are compared in
pairs, and R1 and R2 (R3GAN, arXiv:2501.05441) keep D from running away."""
