"""The pyramid of feature maps of a DCGAN-like network.

Shapes: R is the images' resolution; hidden maps have the sides 4, 8, ..., R / 2.
"""


def hidden_sides(resolution: int) -> list[int]:
    """List the sides of the hidden feature maps, the smallest first: 4, 8, ..., R / 2."""
    return [2**power for power in range(2, resolution.bit_length() - 1)]


def channels_at(side: int, resolution: int, width: int, most: int = 8) -> int:
    """Return the channels of a hidden map: ``width`` at R / 2, doubling with each halving.

    They never exceed ``most`` times the width (Radford et al., arXiv:1511.06434, have 8).
    """
    return width * min(most, resolution // (2 * side))
