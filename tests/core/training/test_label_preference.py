"""D's preference for right labels, of discriminators whose answers are known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.contracts.condition import Condition, Group
from ganx.contracts.networks import Critique
from ganx.layers.spectral_norm import spectral_normalise
from ganx.training.label_preference import label_preferences, rotation_of

COUNT = 64
COLOURS = Condition("classes", (Group("colour", ("red", "green", "blue")),))


class Plain(nn.Module):
    """A discriminator that answers by a function of (images, c)."""

    def __init__(self, answer: Callable[[Tensor, Tensor], Critique]) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, images: Tensor, c: Tensor) -> Critique:
        return self.answer(images, c)


def batch() -> tuple[Tensor, Tensor]:
    """Make images whose first channel holds their own label, and whose second a number."""
    rng = np.random.default_rng(1)
    c = np.eye(3, dtype=np.float32)[rng.integers(3, size=COUNT)]
    images = np.zeros((COUNT, 2, 1, 3), np.float32)
    images[:, 0, 0] = c
    images[:, 1, 0, 0] = rng.normal(size=COUNT)
    return torch.from_numpy(images), torch.from_numpy(c)


def preferences(answer: Callable[[Tensor, Tensor], Critique], **given: Any) -> dict[str, float]:
    images, c = batch()
    asked = {"pieces": 4, "head": None, **given}
    return label_preferences(Plain(answer), images, c, rotation_of(c.numpy()), **asked)


def fit(images: Tensor, c: Tensor) -> Tensor:
    return (images[:, 0, 0] * c).sum(1)


def test_labels_are_rotated_so_that_the_fewest_stay() -> None:
    conditions = np.array([[0], [1], [0], [1], [1], [1]], np.float32)
    rotation = rotation_of(conditions)
    kept = [int((np.roll(conditions, by, 0) == conditions).sum()) for by in range(1, 6)]
    assert (~rotation.changed).sum() == min(kept)
    assert rotation.by == 1 + kept.index(min(kept))
    assert not rotation_of(np.ones((5, 2), np.float32)).changed.any()
    assert not rotation_of(np.ones((1, 2), np.float32)).changed.any()


def test_a_preference_is_in_standard_deviations_of_the_scores() -> None:
    """Right labels raise the score by 0.5; that some labels please more drops out."""
    images, _ = batch()
    liking = torch.tensor([5.0, -7.0, 1.0])

    def answer(images: Tensor, c: Tensor) -> Critique:
        return Critique(0.5 * fit(images, c) + images[:, 1, 0, 0] + c @ liking, {})

    _, c = batch()
    sd = (images[:, 1, 0, 0] + c @ liking).std()
    found = preferences(answer)
    assert found == {"label preference": pytest.approx(0.5 / float(sd), rel=1e-5)}


def test_a_score_that_takes_no_labels_has_no_preference() -> None:
    def answer(images: Tensor, c: Tensor) -> Critique:
        del c
        return Critique(images[:, 1, 0, 0], {"condition": 4 * images[:, 0, 0]})

    assert preferences(answer) == {}
    (name,) = preferences(answer, head=COLOURS)
    assert name == "label preference of the head"


def test_a_score_that_could_take_labels_and_does_not_has_a_preference_of_nothing() -> None:
    def answer(images: Tensor, c: Tensor) -> Critique:
        return Critique(images[:, 1, 0, 0] + 0 * c.sum(1), {})

    assert preferences(answer) == {"label preference": 0.0}


def test_a_preference_without_any_other_label_is_left_out() -> None:
    images, c = batch()
    same = torch.ones_like(c)
    asked = Plain(lambda images, c: Critique(fit(images, c), {}))
    rotation = rotation_of(same.numpy())
    assert label_preferences(asked, images, same, rotation, pieces=1, head=None) == {}


@pytest.mark.parametrize("kind", ["classes", "labels"])
def test_the_head_speaks_by_its_log_likelihood(kind: Any) -> None:
    """Its evidence for the right label is 4 times a number of the image; all else is 0."""
    images, c = batch()
    rotation = rotation_of(c.numpy())
    logits = (4 * images[:, 1, 0, :1] * c).double()
    if kind == "classes":
        right, wrong = ((logits.log_softmax(1) * one).sum(1) for one in (c, c.roll(rotation.by, 0)))
    else:
        chances = logits.sigmoid()
        right, wrong = (
            (one * chances + (1 - one) * (1 - chances)).log().sum(1)
            for one in (c, c.roll(rotation.by, 0))
        )
    changed = torch.from_numpy(rotation.changed)
    sd = ((right.var() + wrong[changed].var()) / 2).sqrt()
    found = preferences(
        lambda images, c: Critique(
            images[:, 1, 0, 0] + 0 * len(c),
            {"condition": 4 * images[:, 1, 0, :1] * images[:, 0, 0]},
        ),
        head=replace(COLOURS, kind=kind),
    )
    expected = float((right - wrong)[changed].mean() / sd)
    assert found == {"label preference of the head": pytest.approx(expected, rel=1e-5)}


def test_dropout_and_power_iterations_make_no_preference() -> None:
    class Shaky(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = spectral_normalise(nn.Linear(6, 1))
            self.drop = nn.Dropout(0.5)

        def forward(self, images: Tensor, c: Tensor) -> Critique:
            shown = self.layer(self.drop(images.flatten(1))).squeeze(1)
            return Critique(shown + 0 * c.sum(1), {})

    torch.manual_seed(0)
    images, c = batch()
    rotation = rotation_of(c.numpy())
    found = label_preferences(Shaky().train(), images, c, rotation, pieces=4, head=None)
    assert found == {"label preference": 0.0}
