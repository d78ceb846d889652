"""Real images with wrong labels: D learns that an image has to show what it is said to show.

Shapes: score [B], right for an image with its own condition, wrong with another image's [B, K].
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganx.builtin.losses.adversarial import score_of
from ganx.builtin.losses.settings import MATCHING_FORMS, MatchingConfig, MatchingForm
from ganx.contracts.term import Drawing, LossContext, LossTerm, StepBatch
from ganx.errors import ConfigError

_OF: Mapping[MatchingForm, Callable[[Tensor, Tensor], Tensor]] = {
    "bce": lambda wrong, _: functional.softplus(wrong),
    "hinge": lambda wrong, _: functional.relu(1 + wrong),
    "least-squares": lambda wrong, _: wrong.square() / 2,
    "relativistic": lambda wrong, right: functional.softplus(wrong - right),
    "wasserstein": lambda wrong, right: wrong - right,
}
"""What D minimises of an image: the adversarial term's part on generated ones or, where only
differences of scores count, that of a pair, in which the wrong label stands for the fake."""


class Matching(LossTerm):
    """D lowers its score of a real image that comes with the labels of another.

    Reed et al., "Generative Adversarial Text to Image Synthesis", arXiv:1605.05396, algorithm 1
    (GAN-CLS): without it D may tell images apart and never look at what was asked for. The wrong
    labels are those of other training images, as often as they occur, and never the right ones.
    """

    def __init__(self, form: MatchingForm) -> None:
        super().__init__()
        self.form: MatchingForm = form

    def draws(self, drawing: Drawing) -> dict[str, NDArray[np.float32]]:
        """Draw another condition for each image: ``wrong`` [B, K]."""
        return {"wrong": drawing.distribution.draw_other(drawing.conditions, drawing.rng)}

    def real(self, batch: StepBatch) -> Tensor:
        """Return what D has to lose where it believes wrong labels."""
        wrong = batch.ask(batch.real, batch.draws["wrong"]).score
        return _OF[self.form](wrong, score_of(batch, "real")).mean()


def matching_of(context: LossContext, config: MatchingConfig) -> Matching:
    """Build the term in the form of the sum's adversarial term.

    Raises ``ConfigError`` where the form cannot be told, or where no label is ever wrong.
    """
    known = context.distribution
    if known is not None and len(known.rows) == 1:
        raise ConfigError(
            "The loss term 'matching' shows real images with wrong labels, but all images of the "
            "training set have the same ones. Choose other data, or leave the term out."
        )
    return Matching(_form(context) if config.form == "auto" else config.form)


def _form(context: LossContext) -> MatchingForm:
    """Find the sum's one adversarial term that has a form."""
    found = [form for form in MATCHING_FORMS if form in context.terms]
    if len(found) == 1:
        return found[0]
    has = f"has {' and '.join(found)}" if found else f"has none of {', '.join(MATCHING_FORMS)}"
    raise ConfigError(
        "The loss term 'matching' takes the form of the adversarial term beside it, but the loss "
        f"{has}. Say which form it takes, as in loss.terms.matching.form = 'hinge'."
    )
