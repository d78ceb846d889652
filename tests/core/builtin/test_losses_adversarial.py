import math

import pytest
import torch
from torch import Tensor, nn

from ganx.builtin.losses.adversarial import BinaryCrossEntropy, Hinge, Wasserstein
from ganx.builtin.losses.settings import BceConfig
from ganx.contracts.networks import Critique
from ganx.contracts.specs import LossSpec
from ganx.contracts.term import LossTerm, StepBatch
from ganx.errors import ConfigError
from ganx.settings.loss import LossConfig, chosen_terms

REAL = (2.0, -0.5)
FAKE = (-3.0, 0.25)


def batch_of(real: Tensor, fake: Tensor) -> StepBatch:
    empty = torch.zeros(len(real), 0)
    images = torch.zeros(len(real), 1, 2, 2)
    critiques = {"real": Critique(real, {}), "fake": Critique(fake, {})}
    module = nn.Identity()
    return StepBatch(images, empty, empty, empty, images, module, module, critiques, {})


def parts_of(term: LossTerm) -> dict[str, float]:
    batch = batch_of(torch.tensor(REAL), torch.tensor(FAKE))
    return {part: getattr(term, part)(batch).item() for part in term.parts()}


def log_sigmoid(logit: float) -> float:
    return -math.log(1 + math.exp(-logit))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_every_adversarial_term_has_the_same_three_parts() -> None:
    for term in (BinaryCrossEntropy(BceConfig()), Hinge(), Wasserstein()):
        assert term.parts() == ("real", "fake", "generator")


def test_bce_is_the_cross_entropy_of_the_sigmoid_and_does_not_saturate_for_g() -> None:
    found = parts_of(BinaryCrossEntropy(BceConfig()))
    assert found["real"] == pytest.approx(mean([-log_sigmoid(s) for s in REAL]))
    assert found["fake"] == pytest.approx(mean([-log_sigmoid(-s) for s in FAKE]))
    assert found["generator"] == pytest.approx(mean([-log_sigmoid(s) for s in FAKE]))


def test_label_smoothing_moves_the_real_target_only() -> None:
    plain, smooth = (
        parts_of(BinaryCrossEntropy(BceConfig(real_target=target))) for target in (1.0, 0.9)
    )
    expected = mean([-0.9 * log_sigmoid(s) - 0.1 * log_sigmoid(-s) for s in REAL])
    assert smooth["real"] == pytest.approx(expected)
    assert smooth["fake"] == plain["fake"]
    assert smooth["generator"] == plain["generator"]


def test_a_smoothed_discriminator_is_best_at_its_target_probability() -> None:
    logit = torch.tensor([math.log(0.9 / 0.1)], requires_grad=True)
    BinaryCrossEntropy(BceConfig(real_target=0.9)).real(batch_of(logit, logit)).backward()
    assert logit.grad is not None
    assert logit.grad.item() == pytest.approx(0.0, abs=1e-7)


def test_bce_stays_finite_at_logits_whose_sigmoid_is_zero_or_one() -> None:
    extreme = torch.tensor([-500.0, 500.0])
    term = BinaryCrossEntropy(BceConfig())
    assert term.real(batch_of(extreme, extreme)).item() == pytest.approx(250.0)


def test_hinge_has_a_margin_of_one_for_d_and_none_for_g() -> None:
    assert parts_of(Hinge()) == pytest.approx(
        {"real": (0.0 + 1.5) / 2, "fake": (0.0 + 1.25) / 2, "generator": 2.75 / 2}
    )


def test_wasserstein_is_the_difference_of_mean_scores() -> None:
    assert parts_of(Wasserstein()) == pytest.approx(
        {"real": -0.75, "fake": -1.375, "generator": 1.375}
    )


@pytest.mark.parametrize("term", [BinaryCrossEntropy(BceConfig()), Hinge(), Wasserstein()])
def test_losses_of_low_precision_scores_are_computed_in_float32(term: LossTerm) -> None:
    scores = torch.tensor(REAL, dtype=torch.bfloat16)
    for part in term.parts():
        assert getattr(term, part)(batch_of(scores, scores)).dtype == torch.float32


@pytest.mark.parametrize("target", [0.5, 0.0, 1.1, math.nan])
def test_a_real_target_outside_its_range_is_refused_by_name(target: float) -> None:
    spec = LossSpec("bce", "", lambda _context, config: BinaryCrossEntropy(config), BceConfig)
    config = LossConfig(terms={"bce": {"real_target": target}})
    with pytest.raises(ConfigError, match=r"'loss\.terms\.bce\.real_target'"):
        chosen_terms(config, {"bce": spec})
