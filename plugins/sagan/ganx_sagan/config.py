"""The settings of SAGAN."""

from typing import ClassVar, Literal

from pydantic import Field

from ganx import Config


class SaganConfig(Config):
    """Settings of the `sagan` architecture; the defaults are report 000's."""

    REPORT_ONLY: ClassVar = ("condition_features", "discriminator_condition", "evidence")
    """Settings that the form ``styled`` has no use for."""

    form: Literal["report", "styled"] = "report"
    """Which networks: the report's, or those that learn their labels within minutes. In these noise
    and labels scale and shift G's maps, D looks for each label, and both work on 32x32 cells."""

    width: int = Field(default=64, ge=1)
    """Channels of G's last hidden layer and D's first; each halving of the map doubles them,
    up to eight times as many."""

    latent_size: int = Field(default=100, ge=1)
    """Z, the length of the noise vector, which is N(0, 1)."""

    condition_features: int | None = Field(default=None, ge=1)
    """Numbers that G's linear layer makes of the condition; unset, as many as the latent has."""

    generator_attention: tuple[int, ...] | None = None
    """Sides of G's feature maps that get self-attention, such as ``[16, 32]``; ``[]`` for none;
    unset, those of 16 and 32 that exist, and 16 in the form ``styled``."""

    discriminator_attention: tuple[int, ...] | None = None
    """Sides of D's feature maps that get self-attention, such as ``[8, 4]``; ``[]`` for none;
    unset, those of 8 and 4 that exist, and 8 in the form ``styled``."""

    spectral_norm_generator: bool = True
    """Spectral normalisation of all of G's transposed convolutions but the last."""

    spectral_norm_discriminator: bool = True
    """Spectral normalisation of all of D's convolutions but the last."""

    discriminator_condition: Literal["plane", "projection"] = "plane"
    """How D is told the condition: as one more image plane, the report's, or by the projection of
    its last features."""

    evidence: int = Field(default=0, ge=0)
    """Side of D's feature map on which it looks for each label, for the loss term `auxiliary`; 0:
    it does not. Needs the projection: from a plane it would read the labels off."""
