"""Signs that training fails: what is looked at, from where on it is alarming, and what to try.

The thresholds lie between runs that were looked at, with room on both sides; DCGAN, SAGAN, ACGAN
and InfoGAN on rendered i-CLEVR, faces and digits, 32 and 64 pixels, batches of 64 and 100:

- ``collapse``: runs that varied their images had a relative pixel diversity of 0.31 or more after
  20,000 images seen; those that painted one image for each prompt came down to 0.04 to 0.15.
  InfoGAN starts at 0.1, and passes 0.27 at 12,000 images.
- ``saturation``: smoothed, D's answer to generated images was never below 0.013 where G learned,
  and below 0.001 where D learned far faster than G; D's hinge loss never below 0.02 of that of a D
  which does not know, against 0.0005.
- ``defeat``: D's answers to real and generated images were less than 0.02 apart for at most 70
  iterations where D recovered, and for the last 860 of 1,138 in the run that failed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Levels = Mapping[str, float]
"""Losses and readings by name, smoothed; or scores of an evaluation."""

RELATIVE, ABSOLUTE = "images.relative pixel diversity", "images.pixel diversity"


@dataclass(frozen=True)
class Sign:
    """Something that is too low when training fails."""

    kind: str
    """As in ``AlarmRaised``."""

    level: Callable[[Levels], float | None]
    """What is looked at; None where the figures do not tell."""

    alarming: float
    """Below this it is a sign of failing."""

    gone: float
    """Above this the alarm has cleared, and may be raised anew."""

    patience: int
    """For how long it must have been there: iterations, or images seen for scores."""

    text: Callable[[Levels], str]
    """What was seen, what it means and what to try."""

    grace: int = 0
    """Before this nothing is raised: iterations, or images seen for scores."""


def _fooled(levels: Levels) -> float | None:
    """Return the probability that D gives generated images, if it knows real ones for real."""
    if not {"probability.real", "probability.fake"} <= levels.keys():
        return None
    fake = max(levels["probability.fake"], levels.get("probability.generator", 0.0))
    return fake if levels["probability.real"] > 1 / 2 else 1.0


def _saturated(levels: Levels) -> str:
    """Tell of a D that is sure."""
    return (
        f"D has been almost sure for hundreds of iterations: on average it gives real images "
        f"{levels['probability.real']:.3f} and generated ones {_fooled(levels):.4f} as their "
        "probability of being real. So sure a D hardly says what would make an image better, and "
        f"images often stop improving. {_holding_back('bce')}"
    )


def _holding_back(loss: str) -> str:
    """Tell how to weaken a D that learns by a loss."""
    return (
        "If they do, hold D back in a new run: a lower --set "
        "optimizer.discriminator.learning_rate=..., --set plan.generator_steps=2, or a penalty "
        f"added to the loss, such as --loss '{loss} + 5*r1'."
    )


_SATURATION = Sign("saturation", _fooled, 0.01, 0.05, 300, _saturated)
"""D tells real from generated images almost surely. Not asked of scores that are no logits: the
critic of a Wasserstein loss is meant to be as sure as it can be, and its score has no scale."""


def _hinge(levels: Levels) -> float | None:
    """Return D's hinge loss as a share of that of a D which does not know: 1 on each side."""
    if not {"real.hinge", "fake.hinge"} <= levels.keys():
        return None
    return (levels["real.hinge"] + levels["fake.hinge"]) / 2


def _saturated_hinge(levels: Levels) -> str:
    """Tell of a D that no longer learns."""
    return (
        f"D's hinge loss has been next to nothing for hundreds of iterations: "
        f"{levels['real.hinge']:.4f} on real and {levels['fake.hinge']:.4f} on generated images. "
        "All lie beyond its margin, so D no longer learns, and G is led by a D that stands still. "
        f"{_holding_back('hinge')}"
    )


_SATURATION_OF_HINGE = Sign("saturation", _hinge, 0.005, 0.02, 300, _saturated_hinge)
"""All images lie beyond D's margin."""


def _told_apart(levels: Levels) -> float | None:
    """Return how much likelier D finds real images to be real."""
    if not {"probability.real", "probability.fake"} <= levels.keys():
        return None
    return levels["probability.real"] - levels["probability.fake"]


def _defeated(levels: Levels) -> str:
    """Tell of a D that is guessing."""
    return (
        f"D has not told real from generated images for hundreds of iterations: on average it "
        f"gives real ones {levels['probability.real']:.3f} and generated ones "
        f"{levels['probability.fake']:.3f} as their probability of being real, so G learns nothing "
        "from it. Unless the images are already as good as real ones, strengthen D in a new run: "
        "--set plan.generator_steps=1, --set plan.discriminator_steps=2, or a higher --set "
        "optimizer.discriminator.learning_rate=..., at least that of G."
    )


_DEFEAT = Sign("defeat", _told_apart, 0.02, 0.05, 300, _defeated)
"""D guesses, or is misled. A perfect G would look the same, which the text says."""

OF_LOSSES = (_SATURATION, _SATURATION_OF_HINGE, _DEFEAT)
"""What is looked for at each reading of the losses."""


def _varied(scores: Levels) -> float | None:
    """Return the diversity relative to training images; without these, as if they had 0.05."""
    if ABSOLUTE not in scores:
        return None
    return scores.get(RELATIVE, scores[ABSOLUTE] / _LEAST_REAL)


_LEAST_REAL = 0.05
"""A pixel diversity that most data have: real scenes of one gray room have 0.085."""


def _collapsed(scores: Levels) -> str:
    """Tell of a G that ignores the noise."""
    beside = f", {scores[RELATIVE]:.2f} times that of training images" if RELATIVE in scores else ""
    return (
        "Images that differ only in their noise look alike: their pixels in [-1, 1] differ by "
        f"{scores[ABSOLUTE]:.4f}{beside}. G ignores the noise, and paints one image for each "
        "prompt. This seldom mends itself. Start anew, or from an earlier checkpoint with "
        "--init-from, with --loss 'wasserstein + 10*gradient-penalty', --set "
        "plan.generator_steps=1, or a lower --set optimizer.generator.learning_rate=...."
    )


_COLLAPSE = Sign("collapse", _varied, 0.2, 0.25, 2_000, _collapsed, grace=20_000)
"""G ignores the noise. Its patience asks for a second evaluation."""

OF_SCORES = (_COLLAPSE,)
"""What is looked for at each evaluation."""
