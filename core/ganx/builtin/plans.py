"""The built-in update plans: in which order the two networks step in one iteration."""

from dataclasses import replace

from pydantic import Field

from ganx.config import Config
from ganx.contracts.plan import Part, Phase, UpdatePlan


class _StepsConfig(Config):
    """How often each network steps in one iteration."""

    discriminator_steps: int = Field(default=1, ge=1)
    """Turns of D in one iteration, each on a fresh real batch and latent; WGAN-GP's paper
    (arXiv:1704.00028, algorithm 1) has 5."""

    generator_steps: int = Field(default=1, ge=1)
    """Steps of G in one iteration, each on a fresh latent."""


class SplitConfig(_StepsConfig):
    """Settings of the plan with one step of D on real images and one on generated ones."""


class JointConfig(_StepsConfig):
    """Settings of the plan in which a step of D sees real and generated images together."""

    judge_together: bool = False
    """D sees real and generated images in one batch of twice the size, which is faster. Spectral
    norm then has one power iteration a step of D instead of two; D must not have BatchNorm."""

    reuse_fakes: bool = False
    """G's first step takes the images and D's answers to real ones from D's last step instead of
    making them anew, which is faster; it needs memory for the whole batch."""


class SeparatePenaltyConfig(_StepsConfig):
    """Settings of the plan in which the gradient penalty is a step of its own."""


def split(config: SplitConfig) -> UpdatePlan:
    """Step D on real images, then D on generated ones with any penalty, then G.

    No paper's order, but that of report 000 (the recipe ``sagan-bce``).
    """
    real = Phase("discriminator", ("real",), fresh_real=True)
    fake = Phase("discriminator", ("fake", "pair", "penalty"))
    return _iteration((real, fake), config)


def joint(config: JointConfig) -> UpdatePlan:
    """Step D on everything at once, then G: algorithm 1 of Goodfellow et al., arXiv:1406.2661.

    With several steps of D it is algorithm 1 of WGAN-GP (Gulrajani et al., arXiv:1704.00028).
    """
    parts: tuple[Part, ...] = ("real", "fake", "pair", "penalty")
    critic = Phase("discriminator", parts, fresh_real=True, judge_together=config.judge_together)
    plan = _iteration((critic,), config)
    return _reusing(plan) if config.reuse_fakes else plan


def separate_penalty(config: SeparatePenaltyConfig) -> UpdatePlan:
    """Step D on real and generated images, then D on the penalty at the same images, then G.

    No paper's order, but that of report 004 (the recipe ``sagan-wgan-gp``).
    """
    critic = Phase("discriminator", ("real", "fake", "pair"), fresh_real=True)
    penalty = Phase("discriminator", ("penalty",), fresh_latent=False)
    return _iteration((critic, penalty), config)


def _iteration(turn: tuple[Phase, ...], config: _StepsConfig) -> UpdatePlan:
    """Let D have its turns, then G its steps."""
    generator = Phase("generator", ("generator",))
    return UpdatePlan(turn * config.discriminator_steps + (generator,) * config.generator_steps)


def _reusing(plan: UpdatePlan) -> UpdatePlan:
    """Let D's last phase leave its images to G's first."""
    phases = list(plan.phases)
    first = next(place for place, phase in enumerate(phases) if phase.owner == "generator")
    phases[first - 1] = replace(phases[first - 1], keep_fake=True)
    phases[first] = replace(phases[first], reuse_fake=True)
    return UpdatePlan(tuple(phases))
