"""The recipe of slots."""

_ADAM = {
    "learning_rate": 7e-4,
    "betas": [0.0, 0.99],
}

SLOTS = {
    "model": {"name": "slots"},
    "dataset": {"name": "iclevr"},
    "loss": {"sum": "hinge"},
    "plan": {"name": "joint"},
    "optimizer": {"generator": _ADAM, "discriminator": _ADAM},
    "ema": {"half_life": 10_000, "warmup": 0.03},
    "train": {"images": 40_000, "batch_size": 32},
}
