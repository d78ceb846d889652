"""Colours: CLEVR's eight, and the sRGB curve (IEC 61966-2-1)."""

from functools import cache

import torch
from torch import Tensor

# Published with clevr-dataset-gen, in the order of COLOURS.
COLOUR_BYTES = (
    (87, 87, 87),
    (173, 35, 35),
    (42, 75, 215),
    (29, 105, 20),
    (129, 74, 25),
    (129, 38, 192),
    (41, 208, 208),
    (255, 238, 51),
)

_LINEAR_BELOW = 0.0031308
_STEPS = 4096


def _to_byte(linear: float) -> int:
    """Encode linear light from 0 to 1 as an sRGB byte."""
    low = linear <= _LINEAR_BELOW
    encoded = 12.92 * linear if low else 1.055 * linear ** (1.0 / 2.4) - 0.055
    return round(255.0 * encoded)


def reflectances() -> list[list[float]]:
    """Say how much of each channel CLEVR's colours throw back, [8][3].

    clevr-dataset-gen hands the bytes to the material as they are, as if they were linear: that is
    why its red and its purple look washed out. Real images bear it out: the channels of all four
    colours measured keep the bytes' own proportions in linear light.
    """
    return [[value / 255.0 for value in colour] for colour in COLOUR_BYTES]


@cache
def _table() -> bytes:
    """Encode linear light in even steps from 0 to 1."""
    return bytes(_to_byte(step / (_STEPS - 1)) for step in range(_STEPS))


def encode(linear: Tensor) -> Tensor:
    """Encode linear light as sRGB bytes, by table: a power's last bit differs by machine."""
    table = torch.frombuffer(bytearray(_table()), dtype=torch.uint8).to(linear.device)
    index = linear.mul(_STEPS - 1).add_(0.5).clamp_(0.0, _STEPS - 1).to(torch.int32)
    return table.index_select(0, index.reshape(-1)).reshape(index.shape)
