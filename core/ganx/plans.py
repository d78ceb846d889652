"""The built-in update plans: in which order the two networks step in one iteration."""

from pydantic import Field

from ganx.config import Config
from ganx.plan import Phase, UpdatePlan


class SplitConfig(Config):
    """Settings of the plan with one step of D on real images and one on generated ones."""

    generator_steps: int = Field(default=1, ge=1)
    """Steps of G in one iteration, each on a fresh latent."""


class JointConfig(Config):
    """Settings of the plan in which a step of D sees real and generated images together."""

    discriminator_steps: int = Field(default=1, ge=1)
    """Steps of D in one iteration, each on a fresh real batch and latent; WGAN-GP's paper has 5."""

    generator_steps: int = Field(default=1, ge=1)
    """Steps of G in one iteration, each on a fresh latent."""


class SeparatePenaltyConfig(Config):
    """Settings of the plan in which the gradient penalty is a step of its own."""

    generator_steps: int = Field(default=1, ge=1)
    """Steps of G in one iteration, each on a fresh latent."""


def split(config: SplitConfig) -> UpdatePlan:
    """Step D on real images, then D on generated ones with any penalty, then G."""
    real = Phase("discriminator", ("real",), fresh_real=True)
    fake = Phase("discriminator", ("fake", "pair", "penalty"))
    return UpdatePlan((real, fake, *_generator(config.generator_steps)))


def joint(config: JointConfig) -> UpdatePlan:
    """Step D on everything at once, as the papers have it, then G."""
    critic = Phase("discriminator", ("real", "fake", "pair", "penalty"), fresh_real=True)
    return UpdatePlan(
        (*(critic,) * config.discriminator_steps, *_generator(config.generator_steps))
    )


def separate_penalty(config: SeparatePenaltyConfig) -> UpdatePlan:
    """Step D on real and generated images, then D on the penalty at the same images, then G."""
    critic = Phase("discriminator", ("real", "fake", "pair"), fresh_real=True)
    penalty = Phase("discriminator", ("penalty",), fresh_latent=False)
    return UpdatePlan((critic, penalty, *_generator(config.generator_steps)))


def _generator(steps: int) -> tuple[Phase, ...]:
    """Step G a number of times."""
    return (Phase("generator", ("generator",)),) * steps
