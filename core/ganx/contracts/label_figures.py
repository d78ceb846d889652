"""The figures that tell whether a run learns its labels: their scope, and what they are called."""

SCOPE = "labels"
"""They stand in metrics as ``labels.label preference``."""

PREFERENCE = "label preference"
"""How much higher D scores real images with their own labels than with another image's: the mean
difference, in standard deviations of D's scores."""

HEAD_PREFERENCE = "label preference of the head"
"""The same of the log-likelihood that D's head ``condition`` gives to labels."""

SHARE_OF_C = "share of c"
"""Which share of the variance of generated pixels the condition decides by itself."""

SHARE_OF_Z = "share of z"
"""Which share the noise decides by itself."""

SHARE_OF_BOTH = "share of both"
"""The rest: what one of them does depends on the other."""

GRADIENT_RATIO = "gradient from c over z"
"""How much of G's loss comes to it by its condition, over how much comes by its noise."""

FIGURES = (PREFERENCE, HEAD_PREFERENCE, SHARE_OF_C, SHARE_OF_Z, SHARE_OF_BOTH, GRADIENT_RATIO)
"""All of them; a run has those that apply to its networks."""

LOW = 0.1
"""Below this, a preference is a sign that labels are not learned."""


def named(figure: str) -> str:
    """Name a figure as metrics do."""
    return f"{SCOPE}.{figure}"


def is_of_labels(score: str) -> bool:
    """Tell whether a score by ``scope.figure`` is one of these figures."""
    return score in _NAMES


_NAMES = frozenset(map(named, FIGURES))
