import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawing
from torch import Tensor, nn

from ganx.builtin.losses.penalties import R1, R2, GradientPenalty, LazyPenalty
from ganx.builtin.losses.settings import GradientPenaltyConfig, LazyPenaltyConfig
from ganx.contracts.networks import Critique
from ganx.contracts.term import Moment, Original, StepBatch

SHAPE = (3, 2, 4, 4)


class Linear(nn.Module):
    """D(x) = w . x, whose gradient is w everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(-0.5, 0.5, 32))

    def forward(self, images: Tensor) -> Critique:
        return Critique(images.flatten(1) @ self.weight, {})


class Quadratic(nn.Module):
    """D(x) = a/2 |x|^2, whose gradient is a x."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))

    def forward(self, images: Tensor) -> Critique:
        return Critique(self.factor / 2 * images.flatten(1).square().sum(1), {})


class Conditional(nn.Module):
    """D(x, c) = c_0 sum(x), whose gradient tells which condition was shown."""

    def forward(self, images: Tensor, condition: Tensor) -> Critique:
        return Critique(condition[:, 0] * images.flatten(1).sum(1), {})


def batch_for(discriminator: nn.Module, size: int = 0) -> StepBatch:
    torch.manual_seed(0)
    real, fake = torch.randn(SHAPE), torch.randn(SHAPE)
    c_real, c_fake = torch.full((3, size), 2.0), torch.full((3, size), 5.0)
    mix = torch.rand(3, 1, 1, 1)
    return StepBatch(
        real, c_real, c_real, c_fake, fake, discriminator, discriminator, {}, {"mix": mix}
    )


def penalty(batch: StepBatch, **settings: object) -> Tensor:
    return GradientPenalty(GradientPenaltyConfig.model_validate(settings)).penalty(batch)


def norms(images: Tensor) -> Tensor:
    return images.flatten(1).norm(dim=1)


def test_the_gradient_of_a_linear_critic_has_the_norm_of_its_weight() -> None:
    critic = Linear()
    expected = (critic.weight.norm() - 1).square().item()
    assert penalty(batch_for(critic)).item() == pytest.approx(expected, rel=1e-6)


def test_the_penalty_is_taken_at_each_images_own_mixture_of_real_and_fake() -> None:
    batch = batch_for(Quadratic(0.3))
    mixture = batch.draws["mix"] * batch.real + (1 - batch.draws["mix"]) * batch.fake
    expected = (0.3 * norms(mixture) - 1).square().mean().item()
    assert penalty(batch).item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("place", ["real", "fake"])
def test_a_zero_centred_penalty_is_the_mean_squared_norm_where_it_is_taken(place: str) -> None:
    batch = batch_for(Quadratic(0.3))
    expected = (0.3 * norms(getattr(batch, place))).square().mean().item()
    assert penalty(batch, center=0.0, at=place).item() == pytest.approx(expected, rel=1e-6)


def test_its_gradient_reaches_the_critics_parameters() -> None:
    critic = Quadratic(0.3)
    batch = batch_for(critic)
    penalty(batch, center=0.0, at="real").backward()
    assert critic.factor.grad is not None
    expected = 2 * 0.3 * norms(batch.real).square().mean().item()
    assert critic.factor.grad.item() == pytest.approx(expected, rel=1e-5)


def test_a_critic_without_slope_gives_finite_gradients() -> None:
    critic = Quadratic(0.0)
    value = penalty(batch_for(critic))
    value.backward()
    assert value.item() == 1.0
    assert critic.factor.grad is not None
    assert math.isfinite(critic.factor.grad.item())


def test_images_and_generator_get_no_gradient_from_it() -> None:
    batch = batch_for(Linear())
    batch.fake.requires_grad_()
    penalty(batch).backward()
    assert batch.fake.grad is None
    assert batch.real.grad is None
    assert not batch.real.requires_grad


@pytest.mark.parametrize(("place", "shown"), [("interpolated", 2), ("real", 2), ("fake", 5)])
def test_each_place_is_shown_with_its_condition(place: str, shown: int) -> None:
    expected = (shown * math.sqrt(32)) ** 2
    value = penalty(batch_for(Conditional(), size=4), center=0.0, at=place)
    assert value.item() == pytest.approx(expected, rel=1e-6)


def test_it_is_computed_in_float32_under_autocast() -> None:
    critic = nn.ModuleDict({"layer": nn.Linear(32, 1)})
    layer = critic["layer"]
    seen: list[torch.dtype] = []

    class Critic(nn.Module):
        def forward(self, images: Tensor) -> Critique:
            score = layer(images.flatten(1))[:, 0]
            seen.append(score.dtype)
            return Critique(score, {})

    batch = batch_for(Critic())
    exact = penalty(batch).item()
    with torch.autocast("cpu", torch.bfloat16):
        assert penalty(batch).item() == exact
    assert seen == [torch.float32, torch.float32]


def test_it_draws_one_mixture_for_each_image_and_only_where_it_mixes() -> None:
    drawn = GradientPenalty(GradientPenaltyConfig()).draws(drawing(5))
    assert drawn["mix"].shape == (5, 1, 1, 1)
    assert drawn["mix"].dtype == np.float32
    elsewhere = GradientPenalty(GradientPenaltyConfig(at="real"))
    assert elsewhere.draws(drawing(5)) == {}


def test_r1_is_half_the_squared_gradient_at_real_images() -> None:
    batch = batch_for(Quadratic(0.3))

    expected = 0.5 * (0.3 * norms(batch.real)).square().mean()
    torch.testing.assert_close(R1(LazyPenaltyConfig()).penalty(batch), expected)


def test_r1_has_the_gradient_of_its_formula_even_where_d_is_flat() -> None:
    """The square root of a norm of 0 would have none."""
    discriminator = Quadratic(0.0)
    value = R1(LazyPenaltyConfig()).penalty(batch_for(discriminator))
    torch.autograd.backward(value)

    assert value == 0
    assert discriminator.factor.grad == 0


ZERO_CENTRED = pytest.mark.parametrize(("kind", "place"), [(R1, "real"), (R2, "fake")])


@ZERO_CENTRED
def test_r1_and_r2_are_half_the_squared_gradient_each_at_its_images(
    kind: type[LazyPenalty], place: str
) -> None:
    batch = batch_for(Quadratic(0.3))
    expected = 0.5 * (0.3 * norms(getattr(batch, place))).square().mean()
    torch.testing.assert_close(kind(LazyPenaltyConfig()).penalty(batch), expected)

    linear = batch_for(Linear())
    slope = linear.discriminator.weight.square().sum().item()
    assert kind(LazyPenaltyConfig()).penalty(linear).item() == pytest.approx(slope / 2)


@ZERO_CENTRED
def test_r1_and_r2_show_each_image_with_its_condition(kind: type[LazyPenalty], place: str) -> None:
    shown = {"real": 2, "fake": 5}[place]
    value = kind(LazyPenaltyConfig()).penalty(batch_for(Conditional(), size=4))
    assert value.item() == pytest.approx(shown**2 * 32 / 2)


@ZERO_CENTRED
def test_a_share_is_the_first_images_rounded_up(kind: type[LazyPenalty], place: str) -> None:
    batch = batch_for(Quadratic(0.3))
    expected = 0.5 * (0.3 * norms(getattr(batch, place)[:2])).square().mean()
    torch.testing.assert_close(kind(LazyPenaltyConfig(share=0.4)).penalty(batch), expected)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 1.0])
def test_pieces_of_a_batch_have_the_mean_of_the_whole_ones_share(share: float) -> None:
    whole = batch_for(Quadratic(0.3))
    term = R2(LazyPenaltyConfig(share=share))
    pieces = [
        replace(whole, fake=whole.fake[i : i + 1], c_fake=whole.c_fake[i : i + 1], piece=(i, 3))
        for i in range(3)
    ]

    values = torch.stack([term.penalty(piece) for piece in pieces])

    torch.testing.assert_close(values.mean(), term.penalty(whole))
    assert (values > 0).sum() == math.ceil(3 * share)


@pytest.mark.parametrize("every", [1, 4, 16])
def test_a_lazy_penalty_counts_n_times_in_the_first_and_each_nth_iteration(every: int) -> None:
    term = R1(LazyPenaltyConfig(every=every))
    factors = [term.factor(Moment(64 * iteration, iteration)) for iteration in range(48)]
    assert factors == [float(every), *[0.0] * (every - 1)] * (48 // every)


def halves(images: Tensor) -> Tensor:
    """Augment images in a way that halves D's gradient and shows it other images."""
    return images / 2 + 1


@pytest.mark.parametrize("kind", ["real", "fake"])
def test_a_penalty_at_images_is_that_before_augmentation_through_it(kind: str) -> None:
    before = torch.randn(SHAPE)
    batch = replace(batch_for(Quadratic(0.3)), originals={kind: Original(before, halves)})
    squares = (0.3 / 2 * norms(halves(before))).square()
    lazy = {"real": R1, "fake": R2}[kind]

    assert penalty(batch, center=0.0, at=kind).item() == pytest.approx(squares.mean().item())
    whole = lazy(LazyPenaltyConfig()).penalty(batch).item()
    assert whole == pytest.approx(squares.mean().item() / 2)
    share = lazy(LazyPenaltyConfig(share=0.5)).penalty(batch).item()
    assert share == pytest.approx(squares[:2].mean().item() / 2)


def test_mixtures_are_of_what_d_sees() -> None:
    batch = batch_for(Quadratic(0.3))
    originals = {"real": Original(batch.real + 3, halves), "fake": Original(batch.fake - 3, halves)}
    assert torch.equal(penalty(replace(batch, originals=originals)), penalty(batch))
