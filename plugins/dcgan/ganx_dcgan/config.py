"""The settings of DCGAN."""

from typing import ClassVar, Literal

from pydantic import Field

from ganx import Config


class DcganConfig(Config):
    """Settings of the `dcgan` architecture; the defaults are report 003's."""

    REPORT_ONLY: ClassVar = (
        "condition_features",
        "discriminator_condition_slope",
        "discriminator_condition",
        "evidence",
        "discriminator_norm",
        "discriminator_slope",
        "generator_bias",
        "discriminator_bias",
        "init_sigma",
    )
    """Settings that the form ``styled`` has no use for."""

    form: Literal["report", "styled"] = "report"
    """Which networks: the reports', or those that learn their labels within minutes. In these noise
    and labels scale and shift G's maps, D looks for each label, and both work on 32x32 cells."""

    width: int = Field(default=64, ge=1)
    """Channels of G's last hidden layer, and of D's first unless that has its own; each halving
    of the map doubles them, up to eight times as many."""

    discriminator_width: int | None = Field(default=None, ge=1)
    """Channels of D's first layer; unset, as ``width``."""

    latent_size: int = Field(default=100, ge=1)
    """Z, the length of the noise vector."""

    noise: Literal["normal", "uniform"] = "normal"
    """The noise's distribution: N(0, 1) or U(-1, 1)."""

    condition_features: int = Field(default=1024, ge=1)
    """Numbers that G's linear layer and ReLU make of the condition, beside the noise. Many more
    than those of the noise outweigh it, and G tends to paint one picture for each condition; 24
    leave the noise its say."""

    discriminator_condition_slope: float = Field(default=0.2, ge=0, lt=1)
    """Slope of the LeakyReLU after the linear layer that makes D's condition plane; 0 is ReLU."""

    discriminator_condition: Literal["plane", "projection"] = "plane"
    """How D is told the condition: as one more image plane, the reports', or by the projection of
    its last features."""

    evidence: int = Field(default=0, ge=0)
    """Side of D's feature map on which it looks for each label, for the loss term `auxiliary`; 0:
    it does not. Needs the projection: from a plane it would read the labels off."""

    discriminator_norm: Literal["batch", "none"] = "batch"
    """What normalises D's hidden layers; its first layer has no norm. A gradient penalty is each
    image's own and wants none."""

    discriminator_slope: float = Field(default=0.2, ge=0, lt=1)
    """Slope of the LeakyReLU after each of D's hidden convolutions."""

    generator_bias: bool = False
    """Biases in G's transposed convolutions."""

    discriminator_bias: bool = False
    """Biases in D's convolutions."""

    init_sigma: float = Field(default=0.02, ge=0, allow_inf_nan=False)
    """Standard deviation of the convolutions' first weights, and of BatchNorm's around 1;
    0 keeps PyTorch's own initial weights."""
