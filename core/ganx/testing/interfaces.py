"""The images and conditions that models and losses are tried with."""

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface

CLASSES = Condition("classes", (Group("digit", ("zero", "one", "two", "three")),))
LABELS = Condition("labels", (Group("object", ("red cube", "blue cube", "red ball")),))
ATTRIBUTES = Condition(
    "attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green", "gray")))
)

CONDITIONS = (UNCONDITIONAL, CLASSES, LABELS, ATTRIBUTES)
"""One vocabulary of each kind."""

_SIZES = ((32, 1), (32, 3), (64, 3))

INTERFACES = (
    *(Interface(side, channels, one) for side, channels in _SIZES for one in CONDITIONS),
    Interface(128, 1, UNCONDITIONAL),
    Interface(128, 3, LABELS),
)
"""What a model is tried with; one that cannot do some of them refuses with a sentence."""

ODD_INTERFACES = (
    Interface(7, 3, LABELS),
    Interface(48, 3, LABELS),
    Interface(32, 2, LABELS),
    Interface(32, 5, LABELS),
)
"""What a model may well refuse, but must not get wrong."""


def told(interface: Interface) -> str:
    """Name an interface in the list of tests."""
    return f"{interface.condition.kind}-{interface.channels}x{interface.resolution}"
