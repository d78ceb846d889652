"""A discriminator that is asked for the labels: where each shows, and whether the whole agrees.

Shapes
    images [B, C, 32 p, 32 p] -> cells [B, C p^2 + 2, 32, 32] -> [B, W / 2, 32, 32]
        -> [B, W, 16, 16], where labels leave evidence [B, K] -> [B, 3W / 2, 8, 8]
        -> mean and maximum [B, 3W] -> score [B]
    c [B, K]; W the width
"""

import math
from collections.abc import Collection

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Critique
from ganx.layers.attention import SelfAttention
from ganx.layers.cells import PlacedCells, patch_of
from ganx.layers.conditioning import ConditionProjection
from ganx.layers.evidence import EvidenceMap
from ganx.layers.init import he_normal
from ganx.layers.spectral_norm import spectral_normalise

_EVIDENCE, _DEEP = 16, 8
EVIDENTIAL_SIDES = (_EVIDENCE, _DEEP)
"""Sides of the discriminator's maps that may have self-attention; the first shows evidence."""

_SLOPE = 0.2
_SPECTRAL_GAIN = 1.9
"""What activations are multiplied by beside spectral norm, which makes a layer about half as large
as its first weights were drawn for: over some layers nothing would be left to see labels by."""


class EvidentialDiscriminator(nn.Module):
    """D(images [B, C, R, R], c [B, K]) to a logit [B], and a logit for each label [B, K].

    ``spectral_norm`` normalises all convolutions but those that give logits; ``attention`` lists
    the sides of ``EVIDENTIAL_SIDES`` that get self-attention.
    """

    def __init__(
        self,
        interface: Interface,
        width: int,
        *,
        spectral_norm: bool = False,
        attention: Collection[int] = (),
    ) -> None:
        super().__init__()
        labels, patch = interface.condition.size, patch_of(interface)
        half, deep = width // 2, 3 * width // 2
        self.gain = _SPECTRAL_GAIN if spectral_norm else 1.0
        self.cells = PlacedCells(patch)

        def convolution(inputs: int, outputs: int, side: int, stride: int) -> nn.Module:
            layer = he_normal(nn.Conv2d(inputs, outputs, side, stride, 1))
            return spectral_normalise(layer) if spectral_norm else layer

        self.first = convolution(interface.channels * patch**2 + 2, half, 3, 1)
        self.halve = convolution(half, width, 4, 2)
        self.refine = convolution(width, width, 3, 1)
        self.attend_found = SelfAttention(width) if _EVIDENCE in attention else nn.Identity()
        self.deepen = convolution(width, deep, 4, 2)
        self.last = convolution(deep, deep, 3, 1)
        self.attend_deep = SelfAttention(deep) if _DEEP in attention else nn.Identity()
        self.judge = he_normal(nn.Linear(2 * deep, 1), gain=0.5)
        self.evidence = EvidenceMap(width, labels, _EVIDENCE**2) if labels else None
        self.projection = ConditionProjection(labels, 2 * deep) if labels else None
        if self.projection is not None:
            nn.init.normal_(self.projection.table.weight, 0.0, 0.5 / math.sqrt(2 * deep))

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Say how real the images are, how well they show their conditions, and what they show."""
        x = self._activate(self.first(self.cells(images)))
        x = self._activate(self.halve(x))
        x = self.attend_found(x + self._activate(self.refine(x)))
        aux = {} if self.evidence is None else {"condition": self.evidence(x)}
        x = self._activate(self.deepen(x))
        x = self.attend_deep(self._activate(self.last(x))).float()
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        score = self.judge(pooled).squeeze(1)
        if self.projection is not None and c is not None:
            score = score + self.projection(pooled, c)
        return Critique(score, aux)

    def _activate(self, features: Tensor) -> Tensor:
        """Apply the leaky ReLU, and the gain."""
        return functional.leaky_relu(features, _SLOPE) * self.gain
