"""The settings of losses and of the built-in terms. Loads no torch, so that all can be checked."""

from typing import Any, Literal, get_args

from pydantic import Field, field_validator

from ganx.config import Config


class BceConfig(Config):
    """Settings of the binary cross-entropy."""

    real_target: float = Field(default=1.0, gt=0.5, le=1.0)
    """What D is to answer for a real image: 1, or less for one-sided label smoothing."""


class GradientPenaltyConfig(Config):
    """Settings of the gradient penalty."""

    center: float = Field(default=1.0, ge=0.0, allow_inf_nan=False)
    """The gradient norm that is not penalised: 1 as in WGAN-GP, or 0 as in R1."""

    at: Literal["interpolated", "real", "fake"] = "interpolated"
    """Where the gradient is taken: on random mixtures of real and fake, or on one of them."""


class LazyPenaltyConfig(Config):
    """Settings of the zero-centred penalties r1 and r2."""

    every: int = Field(default=1, ge=1)
    """Computed in each so-many-th iteration, counted as often: lazy regularisation (StyleGAN2,
    arXiv:1912.04958), which costs less and holds D nearly as well; 16 in the paper."""

    share: float = Field(default=1.0, gt=0.0, le=1.0)
    """The share of the batch that it is taken on: its first images, rounded up."""


class AuxiliaryConfig(Config):
    """Settings of the auxiliary classification."""

    on_fake: Literal["none", "as-real", "absent"] = "as-real"
    """What D learns of generated images: that they show what was asked for (as-real, the paper's),
    that they show none of it (absent), or nothing. Older files say true and false for as-real and
    none."""

    reduce: Literal["mean", "sum"] = "mean"
    """What is taken of the errors of labels; groups of classes or attributes are summed anyway."""

    generator_weight: float = Field(default=1.0, ge=0.0, allow_inf_nan=False)
    """The weight of G's part, beside that of the whole term in the sum."""

    fake_weight: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)
    """The weight of D's part on generated images, beside that of the whole term."""

    fake_start: int = Field(default=0, ge=0)
    """Images seen before which D's part on generated images does not count."""

    fake_rise: int = Field(default=0, ge=0)
    """Images seen over which that part then rises in a straight line to its weight."""

    @field_validator("on_fake", mode="before")
    @classmethod
    def _in_words(cls, value: Any) -> Any:
        """Read what was a yes or no before there was a third way."""
        return {True: "as-real", False: "none"}[value] if isinstance(value, bool) else value


MatchingForm = Literal["bce", "hinge", "least-squares", "relativistic", "wasserstein"]
"""The adversarial terms whose form ``matching`` can take."""

MATCHING_FORMS: tuple[MatchingForm, ...] = get_args(MatchingForm)


class MatchingConfig(Config):
    """Settings of the matching-aware discriminator."""

    form: Literal["auto", "bce", "hinge", "least-squares", "relativistic", "wasserstein"] = "auto"
    """How D is told that labels are wrong: auto takes the form of the sum's adversarial term."""


class MutualInformationConfig(Config):
    """Settings of the mutual information."""

    continuous_weight: float = Field(default=0.1, gt=0.0, allow_inf_nan=False)
    """The weight of continuous codes beside categorical ones: lambda of InfoGAN."""

    log_variance_bound: float = Field(default=4.0, gt=0.0, allow_inf_nan=False)
    """The logarithm of Q's variance stays between minus and plus this; 4 is 0.018 to 55."""
