"""The settings of the residual SAGAN."""

from pydantic import Field

from ganx import Config


class SaganResnetConfig(Config):
    """Settings of the `sagan-resnet` architecture; the defaults are the SAGAN paper's."""

    width: int = Field(default=64, ge=1)
    """Channels of G's last block and D's first; each halving of the map doubles them, up to
    sixteen times as many."""

    latent_size: int = Field(default=128, ge=1)
    """Z, the length of the noise vector, which is N(0, 1)."""

    generator_attention: tuple[int, ...] | None = None
    """Sides of G's feature maps that get self-attention, such as ``[32]``; ``[]`` for none;
    unset, 32, or 16 for images of 32 pixels."""

    discriminator_attention: tuple[int, ...] | None = None
    """Sides of D's feature maps that get self-attention, such as ``[32]``; ``[]`` for none;
    unset, 32, or 16 for images of 32 pixels."""

    spectral_norm_generator: bool = True
    """Spectral normalisation of G's first linear layer and all its convolutions."""

    spectral_norm_discriminator: bool = True
    """Spectral normalisation of all of D: convolutions, the logit's layer, the projection."""
