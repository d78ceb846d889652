"""The recipe of slots. Loads no torch."""

from typing import Any

from ganx import LABELLED_TRAINING

SLOTS: dict[str, Any] = {
    "model": {"name": "slots"},
    "dataset": {"name": "iclevr"},
    **LABELLED_TRAINING,
    "train": {"images": 40_000, "batch_size": 16},
    "evaluate": {"every": 4_000},
}
