"""The generator with a slot for each label.

Object-compositional, as van Steenkiste et al., "Investigating Object Compositionality in GANs",
arXiv:1810.10340, and conditioned on a set of labels: each label asked for fills a slot, which has
a pose and a sprite; sprites are placed, layered by depth over a background, and rendered. A slot's
sprite depends on its own label, noise and pose, and its pose besides on the noise of the others.

Shapes
    B   batch                           S       slots
    K   size of the condition           N       noise of a slot
    H   cells of the working grid on a side, each p x p pixels of C channels: R = p * H
    z   [B, M * N + Z'] noise of M owners and of the background
    c   [B, K] condition
    G   -> poses and sprites [B, S, F + 1, 16, 16] -> placed [B, S, F + 1, H, H]
        -> features [B, F, H, H] -> images [B, C, R, R] in [-1, 1]
"""

import torch
from torch import Tensor, nn

from ganx import GRID, Interface, patch_of
from ganx_slots.compositing import Placing, layered
from ganx_slots.config import SlotsConfig
from ganx_slots.filling import filling_of
from ganx_slots.layout import Poses, SetLayer, standing
from ganx_slots.renderer import SPRITE, Background, Renderer, SpritePainter
from ganx_slots.sizes import object_size

_WHERE = 3
"""What a sprite knows of its pose: across, down, and the logarithm of its size."""


class SlotGenerator(nn.Module):
    """G(z [B, Z], c [B, K]) to images [B, C, R, R] in [-1, 1]."""

    def __init__(self, interface: Interface, config: SlotsConfig) -> None:
        super().__init__()
        self.side = GRID
        width, features, embedding = config.width, 3 * config.width // 4, 3 * config.width // 2
        self.filling = filling_of(interface.condition, config, embedding)
        self.owned = self.filling.owners * config.slot_noise
        size = object_size(interface.condition, config)
        self.tokens = SetLayer(config.slot_noise, 4 * width)
        self.poses = Poses(4 * width, embedding, GRID, size * GRID / SPRITE)
        looks = embedding + config.slot_noise + _WHERE
        self.sprites = SpritePainter(looks, 4 * width, 2 * width, features)
        self.placing = Placing(GRID, SPRITE)
        self.background = Background(
            config.background_noise, features, 2 * width, config.background_cells, GRID
        )
        self.renderer = Renderer(features, width, interface.channels, patch_of(interface))

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images for latents and conditions."""
        placed, depth = self.place(z, c)
        features = layered(placed, depth, self.background(z[:, self.owned :]))
        images: Tensor = self.renderer(features.type_as(z))
        return images

    def place(self, z: Tensor, c: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return what each slot draws, in its place: [B, S, F + 1, H, H], and depth [B, S, 1].

        The last feature is alpha, which says how far the slot's object covers each cell.
        """
        asked = z[:, :0] if c is None else c
        embedding, noise, there = self.filling(z[:, : self.owned], asked)
        still = standing(noise, there)
        pose = self.poses(self.tokens(noise, there, still), embedding, noise, still)
        where = torch.cat([2 * pose.centre / self.side - 1, pose.size.log()], dim=2)
        looks = torch.cat([embedding, noise, where.type_as(embedding)], dim=2)
        sprites = self.sprites(looks, there)
        return self.placing(sprites, pose).float(), pose.depth
