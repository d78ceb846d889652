"""Whether a run learns its labels, in words for people who have not met the figures."""

from collections.abc import Iterator, Mapping

from ganx.contracts.label_figures import (
    GRADIENT_RATIO,
    HEAD_PREFERENCE,
    PREFERENCE,
    SHARE_OF_C,
    SHARE_OF_Z,
    is_of_labels,
)


def label_words(scores: Mapping[str, float]) -> str:
    """Tell what scores by ``scope.figure`` say of labels; empty where they say nothing."""
    figures = {name.partition(".")[2]: one for name, one in scores.items() if is_of_labels(name)}
    return "; ".join(_told(figures))


def _told(figures: Mapping[str, float]) -> Iterator[str]:
    """Yield what the figures say."""
    if PREFERENCE in figures:
        yield f"D prefers right labels by {figures[PREFERENCE]:.2f} sd"
    if HEAD_PREFERENCE in figures:
        whose = "its head" if PREFERENCE in figures else "D's head, not its score, tells labels: it"
        yield f"{whose} prefers right ones by {figures[HEAD_PREFERENCE]:.2f} sd"
    if SHARE_OF_C in figures:
        yield (
            f"labels alone decide {figures[SHARE_OF_C]:.0%} of the pixels' variance, noise alone "
            f"{figures[SHARE_OF_Z]:.0%}, the rest both together"
        )
    if GRADIENT_RATIO in figures:
        yield f"G's loss hangs {figures[GRADIENT_RATIO]:.2f} times as much on labels as on noise"
