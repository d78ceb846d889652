"""The terms that read D's other heads, against values computed by hand."""

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ganx.builtin.losses.mutual_information import bounded, gaussian_nll
from ganx.builtin.losses.settings import AuxiliaryConfig
from ganx.builtin.plugin import ganx_losses
from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition, Group
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.networks import Critique
from ganx.contracts.term import LossContext, LossTerm, StepBatch
from ganx.errors import ConfigError

SPECS = {spec.name: spec for spec in ganx_losses()}
CLASSES = Condition("classes", (Group("digit", ("0", "1", "2")),))
LABELS = Condition("labels", (Group("object", ("cube", "ball", "cone")),))
FACE = Condition("attributes", (Group("hair", ("pink", "blue")), Group("eyes", ("red", "green"))))
NOISE = LatentPart("noise", "normal", 2)
CODES = Latent((NOISE, LatentPart("digit", "categorical", 3), LatentPart("style", "continuous", 2)))
NOTHING = torch.zeros(0)


def build(name: str, condition: Condition, latent: Latent, **settings: Any) -> LossTerm:
    spec = SPECS[name]
    context = LossContext(Interface(32, 3, condition), latent)
    return spec.build(context, validated(spec.config, settings, name))


def batch(
    real: dict[str, Tensor], fake: dict[str, Tensor], c_real: Tensor, c_fake: Tensor, z: Tensor
) -> StepBatch:
    critiques = {"real": Critique(NOTHING, real), "fake": Critique(NOTHING, fake)}
    return StepBatch(
        NOTHING, c_real, z, c_fake, NOTHING, nn.Identity(), nn.Identity(), critiques, {}
    )


def auxiliary(condition: Condition, logits: list[list[float]], c: list[list[float]]) -> StepBatch:
    head, asked = {"condition": torch.tensor(logits)}, torch.tensor(c)
    other = {"condition": -torch.tensor(logits)}
    del condition
    return batch(head, other, asked, asked, NOTHING)


def test_classes_have_the_cross_entropy_of_a_softmax() -> None:
    term = build("auxiliary", CLASSES, Latent((NOISE,)))
    given = auxiliary(CLASSES, [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], [[0, 0, 1.0], [1.0, 0, 0]])

    first = math.log(math.e + math.e**2 + math.e**3) - 3
    assert float(term.real(given)) == pytest.approx((first + math.log(3)) / 2)
    opposite = math.log(math.e**-1 + math.e**-2 + math.e**-3) + 3
    assert float(term.fake(given)) == pytest.approx((opposite + math.log(3)) / 2)
    assert float(term.generator(given)) == float(term.fake(given))


def test_attributes_have_a_softmax_for_each_group_and_their_errors_add_up() -> None:
    term = build("auxiliary", FACE, Latent((NOISE,)))
    given = auxiliary(FACE, [[2.0, 0.0, 0.0, 1.0]], [[1.0, 0, 1.0, 0]])

    hair = math.log(1 + math.e**-2)
    eyes = math.log(1 + math.e)
    assert float(term.real(given)) == pytest.approx(hair + eyes)


def test_labels_have_a_binary_cross_entropy_each_and_their_mean_is_taken() -> None:
    term = build("auxiliary", LABELS, Latent((NOISE,)))
    given = auxiliary(LABELS, [[2.0, -1.0, 0.0]], [[1.0, 0, 1.0]])

    errors = [math.log(1 + math.e**-2), math.log(1 + math.e**-1), math.log(2)]
    assert float(term.real(given)) == pytest.approx(sum(errors) / 3)


@pytest.mark.parametrize("on_fake", ["none", False])
def test_the_classifier_may_be_kept_away_from_generated_images(on_fake: str | bool) -> None:
    term = build("auxiliary", CLASSES, Latent((NOISE,)), on_fake=on_fake)

    assert term.parts() == ("real", "generator")
    assert build("auxiliary", CLASSES, Latent((NOISE,))).parts() == ("real", "fake", "generator")


def test_yes_and_no_of_older_configurations_are_read() -> None:
    assert AuxiliaryConfig.model_validate({"on_fake": True}).on_fake == "as-real"
    assert AuxiliaryConfig.model_validate({"on_fake": False}).on_fake == "none"
    with pytest.raises(ConfigError, match="choose from none, as-real, absent"):
        validated(AuxiliaryConfig, {"on_fake": "never"}, "loss.terms.auxiliary")


def test_the_errors_of_labels_may_be_summed_which_changes_nothing_for_groups() -> None:
    for condition, times in ((LABELS, 3), (CLASSES, 1)):
        mean, total = (
            build("auxiliary", condition, Latent((NOISE,)), reduce=how) for how in ("mean", "sum")
        )
        given = auxiliary(condition, [[2.0, -1.0, 0.0]], [[1.0, 0, 0]])
        for part in ("real", "fake", "generator"):
            one, other = (float(getattr(term, part)(given)) for term in (mean, total))
            assert other == pytest.approx(times * one)


def test_gs_part_has_a_weight_of_its_own() -> None:
    plain, half = (
        build("auxiliary", LABELS, Latent((NOISE,)), generator_weight=one) for one in (1, 0.5)
    )
    given = auxiliary(LABELS, [[2.0, -1.0, 0.0]], [[1.0, 0, 0]])

    assert float(half.generator(given)) == pytest.approx(float(plain.generator(given)) / 2)
    assert float(half.fake(given)) == float(plain.fake(given))
    none = build("auxiliary", LABELS, Latent((NOISE,)), generator_weight=0)
    assert none.parts() == ("real", "fake")


def test_a_generated_image_may_be_taught_as_showing_none_of_the_labels() -> None:
    term = build("auxiliary", LABELS, Latent((NOISE,)), on_fake="absent", fake_weight=0.3)
    given = auxiliary(LABELS, [[2.0, -1.0, 0.0]], [[1.0, 0, 1.0]])

    errors = [math.log(1 + math.exp(one)) for one in (-2.0, 1.0, 0.0)]
    assert float(term.fake(given)) == pytest.approx(0.3 * sum(errors) / 3)
    asked = [math.log(1 + math.exp(one)) for one in (2.0, 1.0, 0.0)]
    assert float(term.generator(given)) == pytest.approx(sum(asked) / 3)


def test_of_a_group_no_value_is_likelier_than_another_in_an_image_that_shows_none() -> None:
    term = build("auxiliary", FACE, Latent((NOISE,)), on_fake="absent")
    logits = torch.tensor([[2.0, 0.0, 0.0, 1.0]], requires_grad=True)
    given = batch({}, {"condition": logits}, NOTHING, NOTHING, NOTHING)
    (slope,) = torch.autograd.grad(term.fake(given), logits)

    expected = logits.detach().unflatten(1, (2, 2)).softmax(-1).flatten(1) - 1 / 2
    torch.testing.assert_close(slope, expected)


@pytest.mark.parametrize(
    ("images_seen", "weight"),
    [(0, 0), (99, 0), (100, 0), (150, 0.1), (299, 0.398), (300, 0.4), (10**9, 0.4)],
)
def test_what_generated_images_teach_sets_in_late_and_rises(
    images_seen: int, weight: float
) -> None:
    settings = {"on_fake": "absent", "fake_weight": 0.4, "fake_start": 100, "fake_rise": 200}
    term = build("auxiliary", LABELS, Latent((NOISE,)), **settings)
    plain = build("auxiliary", LABELS, Latent((NOISE,)), on_fake="absent")
    given = auxiliary(LABELS, [[2.0, -1.0, 0.0]], [[1.0, 0, 1.0]])

    now = replace(given, images_seen=images_seen)
    assert float(term.fake(now)) == pytest.approx(weight * float(plain.fake(given)))
    assert float(term.real(now)) == float(plain.real(given))


def test_without_a_rise_generated_images_count_in_full_from_the_start_on() -> None:
    term = build("auxiliary", LABELS, Latent((NOISE,)), fake_start=100)
    given = auxiliary(LABELS, [[2.0, -1.0, 0.0]], [[1.0, 0, 1.0]])

    values = [float(term.fake(replace(given, images_seen=seen))) for seen in (99, 100)]
    assert values[0] == 0 < values[1]


def information(z: list[list[float]], **heads: list[list[float]]) -> StepBatch:
    named = {f"q.{name.replace('_', '.', 1)}": torch.tensor(one) for name, one in heads.items()}
    return batch({}, named, NOTHING, NOTHING, torch.tensor(z))


def test_mutual_information_is_cross_entropy_and_a_tenth_of_the_gaussian_likelihood() -> None:
    term = build("mutual-information", UNCONDITIONAL, CODES)
    given = information(
        [[9.0, 9.0, 0.0, 1.0, 0.0, 0.5, -0.5]],
        digit=[[0.0, 1.0, 0.0]],
        style_mean=[[0.0, -0.5]],
        style_log_variance=[[0.0, 0.0]],
    )

    category = math.log(2 + math.e) - 1
    gaussian = 2 * 0.5 * math.log(2 * math.pi) + 0.5 * (0.5**2 + 0)
    assert float(term.generator(given)) == pytest.approx(category + 0.1 * gaussian)
    assert term.parts() == ("generator",)


def test_the_weight_of_continuous_codes_is_a_setting() -> None:
    latent = Latent((LatentPart("style", "continuous", 1),))
    given = information([[1.0]], style_mean=[[0.0]], style_log_variance=[[0.0]])
    terms = [
        build("mutual-information", UNCONDITIONAL, latent, continuous_weight=weight)
        for weight in (1.0, 3.0)
    ]

    one, three = (float(term.generator(given)) for term in terms)
    assert one == pytest.approx(0.5 * math.log(2 * math.pi) + 0.5)
    assert three == pytest.approx(3 * one)


def test_the_likelihood_is_the_normal_distributions() -> None:
    value, mean = torch.tensor([[0.3, 1.0], [0.0, -1.0]]), torch.tensor([[-0.2, 0.5], [0.1, 0.0]])
    variance = torch.tensor([[0.49, 1.0], [0.2, 2.0]])
    expected = -torch.distributions.Normal(mean, variance.sqrt()).log_prob(value).sum(1)

    torch.testing.assert_close(gaussian_nll(value, mean, variance.log()), expected.mean())


def test_the_variance_stays_positive_and_bounded_and_keeps_a_gradient() -> None:
    raw = torch.tensor([-1e3, -10.0, 0.0, 0.01, 10.0, 1e3], requires_grad=True)
    held = bounded(raw, 4.0)

    assert held.abs().max() <= 4.0
    assert held[2] == 0
    assert float(held[3].detach()) == pytest.approx(0.01, rel=1e-4)
    torch.autograd.backward(held[[1, 2, 3, 4]].sum())
    assert raw.grad is not None
    assert (raw.grad[1:5] > 0).all()


def test_a_latent_of_noise_has_no_information_to_recover() -> None:
    with pytest.raises(ConfigError, match=r"needs codes.*noise \(normal\)"):
        build("mutual-information", UNCONDITIONAL, Latent((NOISE,)))


def test_least_squares_draws_scores_to_one_and_zero() -> None:
    term = build("least-squares", UNCONDITIONAL, CODES)
    scores = {"real": torch.tensor([0.0, 3.0]), "fake": torch.tensor([1.0, -2.0])}
    given = StepBatch(
        *(NOTHING,) * 5,
        nn.Identity(),
        nn.Identity(),
        {name: Critique(score, {}) for name, score in scores.items()},
        {},
    )

    assert float(term.real(given)) == pytest.approx((1 + 4) / 2 / 2)
    assert float(term.fake(given)) == pytest.approx((1 + 4) / 2 / 2)
    assert float(term.generator(given)) == pytest.approx((0 + 9) / 2 / 2)
