"""What the core itself provides, through the same hooks as everyone's. Loads no torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ganx import hookimpl
from ganx.losses.config import BceConfig, GradientPenaltyConfig
from ganx.plans import (
    JointConfig,
    SeparatePenaltyConfig,
    SplitConfig,
    joint,
    separate_penalty,
    split,
)
from ganx.schedules import ConstantConfig, DecayConfig, constant, cosine, linear
from ganx.specs import LossSpec, NoSettings, ScheduleSpec, UpdatePlanSpec

if TYPE_CHECKING:
    from ganx.losses.term import LossContext, LossTerm


def _bce(context: "LossContext", config: BceConfig) -> "LossTerm":
    """Build the binary cross-entropy."""
    from ganx.losses.adversarial import BinaryCrossEntropy

    del context
    return BinaryCrossEntropy(config)


def _hinge(context: "LossContext", config: NoSettings) -> "LossTerm":
    """Build the hinge loss."""
    from ganx.losses.adversarial import Hinge

    del context, config
    return Hinge()


def _wasserstein(context: "LossContext", config: NoSettings) -> "LossTerm":
    """Build the Wasserstein loss."""
    from ganx.losses.adversarial import Wasserstein

    del context, config
    return Wasserstein()


def _gradient_penalty(context: "LossContext", config: GradientPenaltyConfig) -> "LossTerm":
    """Build the gradient penalty."""
    from ganx.losses.penalties import GradientPenalty

    del context
    return GradientPenalty(config)


@hookimpl
def ganx_losses() -> Iterator[LossSpec]:
    """Provide the adversarial terms and the gradient penalty."""
    yield LossSpec("bce", "Binary cross-entropy, non-saturating for G", _bce, BceConfig)
    yield LossSpec("hinge", "Hinge loss with a margin of 1", _hinge)
    yield LossSpec("wasserstein", "Difference of mean scores; needs a Lipschitz D", _wasserstein)
    yield LossSpec(
        "gradient-penalty",
        "Squared distance of D's gradient norm from 1 or 0; weigh it in the sum",
        _gradient_penalty,
        GradientPenaltyConfig,
    )


@hookimpl
def ganx_schedules() -> Iterator[ScheduleSpec | UpdatePlanSpec]:
    """Provide learning-rate schedules and update plans."""
    yield ScheduleSpec("constant", "The learning rate as it is", constant, ConstantConfig)
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
