"""The settings of ACGAN."""

from typing import Literal

from pydantic import Field

from ganx import Config


class AcganConfig(Config):
    """Settings of the `acgan` architecture; the defaults are report 002's."""

    width: int = Field(default=64, ge=1)
    """Channels of G's last hidden layer and D's first; each halving of the map doubles them, up
    to 8 times as many in G and 16 times in D."""

    latent_size: int = Field(default=100, ge=1)
    """Z, the length of the noise vector, which is N(0, 1)."""

    condition_features: int = Field(default=5, ge=1)
    """Numbers that G's table has for each value, of hair or of eyes for example; one table a
    group."""

    momentum: float = Field(default=0.5, gt=0.0, le=1.0)
    """The share of a batch in BatchNorm's running mean and variance, in G and D; PyTorch's 0.1
    is slower."""

    padding: Literal["same", "symmetric"] = "same"
    """Around D's maps: one row below and one column on the right, as Keras' 'same' at stride 2,
    or one on each side."""
