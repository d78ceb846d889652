"""Heads for labels on a convolutional discriminator that is otherwise a report's.

Shapes: features [B, F, r, r]; c [B, K].
"""

import math
from collections.abc import Sequence
from typing import Literal

from torch import nn

from ganx.contracts.interface import Interface
from ganx.errors import ConfigError
from ganx.layers.conditioning import ConditionProjection
from ganx.layers.convolutional import LabelHeads
from ganx.layers.evidence import EvidenceMap
from ganx.layers.pyramid import channels_at, hidden_sides


def label_heads(
    interface: Interface,
    layers: Sequence[nn.Module],
    width: int,
    condition: Literal["plane", "projection"],
    evidence: int,
) -> LabelHeads | None:
    """Make the heads that the settings ask for, or None; ``layers`` are those of the discriminator.

    ``evidence`` is the side of the map that is searched for labels, or 0. Raises ``ConfigError``
    for a side that no map has, and for evidence where the condition joins the image as a plane.
    """
    labels, resolution = interface.condition.size, interface.resolution
    maps = hidden_sides(resolution)[::-1]
    if evidence:
        _check(evidence, maps, condition)
    if not labels or condition == "plane":
        return None
    projection = ConditionProjection(labels, channels_at(4, resolution, width))
    nn.init.normal_(projection.table.weight, 0.0, 0.5 / math.sqrt(projection.table.out_features))
    if not evidence:
        return LabelHeads(projection, None, 0)
    found = EvidenceMap(channels_at(evidence, resolution, width), labels, evidence**2)
    return LabelHeads(projection, found, _end_of_block(layers, maps.index(evidence)))


def _check(evidence: int, maps: Sequence[int], condition: str) -> None:
    """Refuse evidence that cannot be had, or that would say nothing."""
    if evidence not in maps:
        existing = ", ".join(str(side) for side in reversed(maps))
        raise ConfigError(
            f"'model.evidence' asks for a map of {evidence}x{evidence}, but D's feature maps have "
            f"the sides {existing}. Choose among them, or 0 for none."
        )
    if condition == "plane":
        raise ConfigError(
            "'model.evidence' has D name the labels that an image shows, but its condition joins "
            "the image as a plane, from which it could read them off. Set "
            "model.discriminator_condition to 'projection', or model.evidence to 0."
        )


def _end_of_block(layers: Sequence[nn.Module], block: int) -> int:
    """Return the index of a block's last layer; each block begins with a convolution."""
    starts = [i for i, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]
    return starts[block + 1] - 1
