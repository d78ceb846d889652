"""The endless sequence of scenes that belongs to a seed."""

import numpy as np
import torch

from .layout import Scenes, assemble
from .visibility import well_seen


def sample_scenes(seed: int, start: int, count: int) -> Scenes:
    """Draw scenes start to start + count - 1 of a seed's sequence, on the CPU.

    Scene k depends on the seed and on k alone. Its three objects differ, are centred in the picture
    and can each be seen to 40 % or more.
    """
    wanted = np.arange(start, start + count, dtype=np.int64)
    drawn, good = assemble(seed, wanted, 0)
    kept = torch.from_numpy(good) & well_seen(drawn)
    attempt = 1
    while not bool(kept.all()):
        missing = torch.nonzero(~kept)[:, 0]
        again, good = assemble(seed, wanted[missing.numpy()], attempt)
        drawn.replace(missing, again)
        kept[missing] = torch.from_numpy(good) & well_seen(again)
        attempt += 1
    return drawn
