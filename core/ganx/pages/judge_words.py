"""What a reader must know of the judge, in plain sentences."""

from collections.abc import Mapping
from typing import Any

from ganx.contracts.dataset import in_common
from ganx.contracts.judge import Judge
from ganx.contracts.protocol import ScoringProtocol
from ganx.pages.wording import percent
from ganx.remedies import advised

Provenance = Mapping[str, Any]


def about_judge(protocol: ScoringProtocol, judge: Judge | None) -> list[str]:
    """Say who the judge is, what it learned from, and how well it does on images it never saw.

    ``protocol`` is an evaluation's; ``judge`` is its judge, opened, where it could be. Nothing is
    said where nobody judged.
    """
    told = protocol.judge
    if not told:
        return []
    of_run = protocol.data.provenance if protocol.data else {}
    learned = _learned_from(judge.learned_from if judge else {}, of_run)
    return [
        f"The judge {told.name} {told.digest} {learned}",
        advised(_held_out(told.held_out), judge.caution if judge else ""),
        *_selected(protocol.selected_on),
    ]


def _learned_from(own: Provenance, of_run: Provenance) -> str:
    """Say whether judge and run learned from the same images, as far as that is known."""
    if not own:
        return (
            "never took part in the training of this run; which images it was itself trained on is "
            "not recorded."
        )
    if in_common(own, of_run) is False:
        return "was trained on other images than this run and never took part in its training."
    return (
        "never took part in the training of this run, but was itself trained on the same data set, "
        "maybe on the same images."
    )


def _held_out(scores: Mapping[str, float]) -> str:
    """Say how often it is right about real images."""
    if not scores:
        return "How well it does on real images that it did not learn from is not recorded."
    listed = ", ".join(f"{name} {percent(score)}" for name, score in scores.items())
    return (
        f"On images of the data set that it did not learn from it reaches {listed}; a perfect "
        "generator would score about that."
    )


def _selected(on: str) -> list[str]:
    """Say whether its answers chose the checkpoint."""
    if not on:
        return []
    return [f"The checkpoint was chosen as the best of the run on {on} prompts."]
