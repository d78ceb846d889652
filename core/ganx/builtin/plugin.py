"""What the core itself provides, through the same hooks as everyone's. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import hookimpl
from ganx.builtin.augmentations.specs import SPECS
from ganx.builtin.losses.settings import (
    AuxiliaryConfig,
    BceConfig,
    GradientPenaltyConfig,
    LazyPenaltyConfig,
    MatchingConfig,
    MutualInformationConfig,
)
from ganx.builtin.optimizers import AdamConfig, AdamWConfig, adam, adamw
from ganx.builtin.plans import (
    JointConfig,
    SeparatePenaltyConfig,
    SplitConfig,
    joint,
    separate_penalty,
    split,
)
from ganx.builtin.schedules import ConstantConfig, DecayConfig, constant, cosine, linear
from ganx.contracts.specs import (
    AugmentationSpec,
    LossSpec,
    NoConfig,
    OptimizerSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)
from ganx.errors import ConfigError

if TYPE_CHECKING:
    from ganx.contracts.term import LossContext, LossTerm


def _bce(context: "LossContext", config: BceConfig) -> "LossTerm":
    from ganx.builtin.losses.adversarial import BinaryCrossEntropy

    del context
    return BinaryCrossEntropy(config)


def _least_squares(context: "LossContext", config: NoConfig) -> "LossTerm":
    from ganx.builtin.losses.adversarial import LeastSquares

    del context, config
    return LeastSquares()


def _hinge(context: "LossContext", config: NoConfig) -> "LossTerm":
    from ganx.builtin.losses.adversarial import Hinge

    del context, config
    return Hinge()


def _wasserstein(context: "LossContext", config: NoConfig) -> "LossTerm":
    from ganx.builtin.losses.adversarial import Wasserstein

    del context, config
    return Wasserstein()


def _relativistic(context: "LossContext", config: NoConfig) -> "LossTerm":
    """Build the comparison of pairs."""
    from ganx.builtin.losses.relativistic import Relativistic

    del context, config
    return Relativistic()


def _gradient_penalty(context: "LossContext", config: GradientPenaltyConfig) -> "LossTerm":
    from ganx.builtin.losses.penalties import GradientPenalty

    del context
    return GradientPenalty(config)


def _r1(context: "LossContext", config: LazyPenaltyConfig) -> "LossTerm":
    """Build the penalty on D's gradient at real images."""
    from ganx.builtin.losses.penalties import R1

    del context
    return R1(config)


def _r2(context: "LossContext", config: LazyPenaltyConfig) -> "LossTerm":
    """Build the penalty on D's gradient at generated images."""
    from ganx.builtin.losses.penalties import R2

    del context
    return R2(config)


def _auxiliary(context: "LossContext", config: AuxiliaryConfig) -> "LossTerm":
    from ganx.builtin.losses.auxiliary import AuxiliaryClassification

    return AuxiliaryClassification(context.interface.condition, config)


def _matching(context: "LossContext", config: MatchingConfig) -> "LossTerm":
    """Build the judgement of wrong labels, in the form of the sum's adversarial term."""
    from ganx.builtin.losses.matching import matching_of

    return matching_of(context, config)


def _mutual_information(context: "LossContext", config: MutualInformationConfig) -> "LossTerm":
    """Build the mutual information; raises ``ConfigError`` for a latent without codes."""
    from ganx.builtin.losses.mutual_information import MutualInformation
    from ganx.contracts.latent import codes_of

    if not codes_of(context.latent):
        parts = ", ".join(f"{part.name} ({part.kind})" for part in context.latent.parts)
        raise ConfigError(
            "The loss term 'mutual-information' needs codes, categorical or continuous, in the "
            f"model's latent, which has only {parts}. Choose a model with codes."
        )
    return MutualInformation(context.latent, config)


@hookimpl
def ganx_losses() -> Iterator[LossSpec]:
    """Provide the adversarial terms, the penalties, and the terms that read D's other heads."""
    yield LossSpec("bce", "Binary cross-entropy, non-saturating for G", _bce, BceConfig)
    yield LossSpec("least-squares", "Squared distance of the score to 1 and 0", _least_squares)
    yield LossSpec("hinge", "Hinge loss with a margin of 1", _hinge)
    yield LossSpec("wasserstein", "Difference of mean scores; needs a Lipschitz D", _wasserstein)
    yield LossSpec(
        "relativistic", "Which image of a pair is real, with the same labels", _relativistic
    )
    yield LossSpec(
        "gradient-penalty",
        "Squared distance of D's gradient norm from 1 or 0; weigh it in the sum",
        _gradient_penalty,
        GradientPenaltyConfig,
    )
    yield LossSpec(
        "r1",
        "Half the squared gradient of D at real images; its weight is gamma",
        _r1,
        LazyPenaltyConfig,
    )
    yield LossSpec(
        "r2",
        "Half the squared gradient of D at generated images; its weight is gamma",
        _r2,
        LazyPenaltyConfig,
    )
    yield LossSpec(
        "auxiliary",
        "D names classes, attributes or labels, and G shows them; needs such a head in D",
        _auxiliary,
        AuxiliaryConfig,
        needs_labels=True,
    )
    yield LossSpec(
        "matching",
        "D learns on real images with wrong labels that labels matter",
        _matching,
        MatchingConfig,
        needs_labels=True,
    )
    yield LossSpec(
        "mutual-information",
        "Codes of the latent can be read off the image; needs codes and a head Q",
        _mutual_information,
        MutualInformationConfig,
    )


@hookimpl
def ganx_optimizers() -> Iterator[OptimizerSpec]:
    """Provide the optimizers of the papers."""
    yield OptimizerSpec("adam", "Adam, in its fused form", AdamConfig, adam)
    yield OptimizerSpec("adamw", "Adam with decoupled weight decay", AdamWConfig, adamw)


@hookimpl
def ganx_augmentations() -> Iterator[AugmentationSpec]:
    """Provide DiffAugment's policies."""
    yield from SPECS


@hookimpl
def ganx_schedules() -> Iterator[ScheduleSpec | UpdatePlanSpec]:
    """Provide schedules of learning rates and weights, and update plans."""
    yield ScheduleSpec(
        "constant", "A factor of 1, after a start and a warm-up", constant, ConstantConfig
    )
    yield ScheduleSpec("linear", "A straight line down to the horizon", linear, DecayConfig)
    yield ScheduleSpec("cosine", "Half a cosine down to the horizon", cosine, DecayConfig)
    yield UpdatePlanSpec("joint", "D on real and fake in one step, then G", joint, JointConfig)
    yield UpdatePlanSpec("split", "D on real, D on fake, then G", split, SplitConfig)
    yield UpdatePlanSpec(
        "separate-penalty",
        "D on real and fake, D on the penalty, then G",
        separate_penalty,
        SeparatePenaltyConfig,
    )
