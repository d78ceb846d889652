"""What a figure of few images leaves open, in words that stand beside it."""

from collections.abc import Mapping
from math import sqrt

FEW = 100
"""Images below which the standard error of a share can be above 0.05: it is ``sqrt(p(1 - p) / N)``,
at most ``sqrt(0.25 / N)``."""

_Z = 1.959964
"""Standard deviations on either side of the mean of a normal distribution that hold 95 % of it."""


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share in [0, 1] that ``count`` images gave.

    Wilson, "Probable inference, the law of succession, and statistical inference" (1927). Unlike
    the share with two standard errors, it holds for few images and at 0 and 1 (Brown, Cai and
    DasGupta, "Interval estimation for a binomial proportion", 2001).
    """
    weight = 1 + _Z**2 / count
    centre = (share + _Z**2 / (2 * count)) / weight
    reach = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) / weight
    return max(0.0, centre - reach), min(1.0, centre + reach)


def examined_on_few(who: str, scores: Mapping[str, float], images: int) -> str:
    """Say how far the first of a judge's scores is known; nothing of ``FEW`` images or more.

    ``who`` begins the sentence, such as ``"The judge"``; ``images`` is 0 where nobody knows.
    """
    if not scores or not 0 < images < FEW:
        return ""
    name, score = next(iter(scores.items()))
    low, high = wilson_interval(score, images)
    return (
        f"{who} was examined on {images} image{'' if images == 1 else 's'} only: the 95 % interval "
        f"of its {name} is {low:.2f} to {high:.2f}. Examine it on {FEW} images or more."
    )
