"""Convolutional networks around a list of layers: where the condition joins, and nothing else.

Where it joins is Mirza and Osindero's, "Conditional Generative Adversarial Nets", arXiv:1411.1784,
section 3.2; the layers are mostly DCGAN's (Radford et al., arXiv:1511.06434, section 3).

Shapes: z [B, Z]; c [B, K]; images [B, C, R, R] in [-1, 1]; score [B].
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ganx.contracts.networks import Critique


class ConvolutionalGenerator(nn.Module):
    """G(z, c): what ``condition`` makes of c joins z, and the layers grow the image from there.

    ``condition`` maps [B, K] to [B, E], such as ``ConditionVector`` or ``ConditionEmbedding``; the
    layers map [B, Z + E, 1, 1] to images. Without a condition it is G(z), and E is 0.
    """

    def __init__(self, condition: nn.Module | None, layers: Iterable[nn.Module]) -> None:
        super().__init__()
        self.condition = condition
        self.layers = nn.Sequential(*layers)

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """Draw images for latents and conditions."""
        if self.condition is not None and c is not None:
            z = torch.cat((z, self.condition(c)), dim=1)
        images: Tensor = self.layers(z[:, :, None, None])
        return images


class LabelHeads(nn.Module):
    """What D has to say of labels beside an image's realness, from its own feature maps.

    ``projection`` [B, F], [B, K] to [B] is how well the last hidden map, averaged over positions,
    agrees with the condition, as a part of the score. ``evidence`` [B, F, r, r] to [B, K] names the
    labels from the map that the layer ``evidence_after`` (counted from 0) gives: the aux
    ``condition``. No condition may have joined the image before it, or it would only read it off.
    """

    def __init__(
        self, projection: nn.Module | None, evidence: nn.Module | None, evidence_after: int
    ) -> None:
        super().__init__()
        self.projection = projection
        self.evidence = evidence
        self.evidence_after = evidence_after


class ConvolutionalDiscriminator(nn.Module):
    """D(images, c): what ``plane`` makes of c is one more plane of the image that the layers see.

    ``plane`` maps [B, K] to [B, 1, R, R], such as ``ConditionPlane``; the layers map
    [B, C + 1, R, R] to [B, 1, 1, 1]. Without a condition it is D(images), without the plane. With
    ``heads`` labels are asked for at the end rather than shown at the beginning.
    """

    def __init__(
        self,
        plane: nn.Module | None,
        layers: Iterable[nn.Module],
        heads: LabelHeads | None = None,
    ) -> None:
        super().__init__()
        self.plane = plane
        self.layers = nn.Sequential(*layers)
        self.heads = heads

    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        """Say how real the images are, and how well they show their conditions."""
        if self.plane is not None and c is not None:
            images = torch.cat((images, self.plane(c).to(images.dtype)), dim=1)
        if self.heads is None:
            return Critique(self.layers(images).flatten(), {})
        return self._with_heads(images, c, self.heads)

    def _with_heads(self, x: Tensor, c: Tensor | None, heads: LabelHeads) -> Critique:
        """Judge images of which the heads have something to say, too."""
        aux: dict[str, Tensor] = {}
        hidden = x
        for index, layer in enumerate(self.layers):
            hidden, x = x, layer(x)
            if heads.evidence is not None and index == heads.evidence_after:
                aux["condition"] = heads.evidence(x)
        score = x.flatten().float()
        if heads.projection is not None and c is not None:
            score = score + heads.projection(hidden.float().mean(dim=(2, 3)), c)
        return Critique(score, aux)
