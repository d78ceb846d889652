"""The settings of InfoGAN."""

import re

from pydantic import Field, field_validator

from ganx import Config

NOISE = "noise"
STYLE = "style"


class InfoganConfig(Config):
    """Settings of the `infogan` architecture; the defaults are report 001's."""

    width: int = Field(default=64, ge=1)
    """Channels of G's last hidden layer and D's first; each halving of the map doubles them,
    up to eight times as many."""

    noise_size: int = Field(default=62, ge=1)
    """Length of the noise, which is U(-1, 1) and carries no code."""

    categories: int = Field(default=10, ge=0)
    """Values of the categorical code; 0 for none."""

    category_name: str = "digit"
    """What the latent part with the categorical code is called."""

    style_size: int = Field(default=2, ge=0)
    """Continuous codes, each U(-1, 1), together the latent part ``style``; 0 for none."""

    q_hidden: int = Field(default=100, ge=1)
    """Width of Q's hidden layer."""

    q_features: int = Field(default=10, ge=1)
    """Features that Q reads every code from."""

    init_sigma: float = Field(default=0.02, ge=0.0, allow_inf_nan=False)
    """Standard deviation of the convolutions' first weights, and of BatchNorm's around 1; 0 keeps
    PyTorch's own initial weights."""

    @field_validator("categories")
    @classmethod
    def _a_choice(cls, categories: int) -> int:
        if categories == 1:
            raise ValueError("a code of one value says nothing; give 2 or more, or 0 for none")
        return categories

    @field_validator("category_name")
    @classmethod
    def _a_name_of_its_own(cls, name: str) -> str:
        if name in {NOISE, STYLE} or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
            raise ValueError(
                f"give a word of letters, digits, - and _ other than {NOISE} and {STYLE}, which "
                "are parts of the latent already"
            )
        return name
