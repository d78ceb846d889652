"""The settings of losses and of the built-in terms. Loads no torch, so that all can be checked."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field, field_validator

from ganx.config import Config, validated
from ganx.contracts.specs import LossSpec
from ganx.errors import ConfigError, nearest, unknown
from ganx.losses.expression import parse_sum


class LossConfig(Config):
    """What is minimised: a weighted sum of terms, and the settings of each."""

    sum: str = "bce"
    """Terms and weights, such as ``wasserstein + 10*gradient-penalty``."""

    terms: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Settings by term, such as ``terms.bce.real_target = 0.9``."""

    weights: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Schedules that weights follow, by term: ``weights.auxiliary.name = "linear"`` and the
    schedule's own settings beside it; without a name, ``constant``. The weight in the sum is
    multiplied by the schedule's factor. Where it is 0, the term is not computed."""


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


class ChosenTerm(NamedTuple):
    """One summand with everything that is needed to build it."""

    weight: float
    spec: LossSpec
    config: Config


def chosen_terms(config: LossConfig, registry: Mapping[str, LossSpec]) -> tuple[ChosenTerm, ...]:
    """Look up and check every term of a loss without building any.

    Raises ``ConfigError`` for a sum that cannot be read, a term that no plugin provides, wrong
    settings of a term, or settings of a term that is not in the sum.
    """
    written = parse_sum(config.sum)
    for _, name in written:
        if name not in registry:
            raise ConfigError(f"In loss {config.sum!r}: {unknown('loss term', name, registry)}")
    _refuse_idle_settings(config, [name for _, name in written])
    return tuple(_chosen(weight, registry[name], config) for weight, name in written)


def _chosen(weight: float, spec: LossSpec, config: LossConfig) -> ChosenTerm:
    values = config.terms.get(spec.name, {})
    return ChosenTerm(weight, spec, validated(spec.config, values, f"loss.terms.{spec.name}"))


def _refuse_idle_settings(config: LossConfig, names: list[str]) -> None:
    """Refuse settings of a term that is not in the sum: they would silently do nothing."""
    for table, given in (("terms", config.terms), ("weights", config.weights)):
        for name in given:
            if name not in names:
                raise ConfigError(
                    f"'loss.{table}.{name}' sets a term that is not in the loss {config.sum!r}."
                    f"{nearest(name, names)} Add {name!r} to 'loss.sum' or drop its settings."
                )
