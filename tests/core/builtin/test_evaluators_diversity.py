"""How far images of one prompt lie apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from seeing import DIGITS, FACES, Shows, painter, reader
from torch import Tensor

from ganx.builtin.evaluators.diversity import diversity, mean_distance
from ganx.builtin.evaluators.settings import DiversityConfig
from ganx.contracts.condition import UNCONDITIONAL, Condition
from ganx.contracts.networks import generate
from ganx.contracts.results import Figure
from ganx.contracts.subject import Reference, Subject

RELATIVE = "relative pixel diversity"


def figures(subject: Subject, **settings: Any) -> dict[str, Figure]:
    (result,) = diversity(subject, DiversityConfig(**settings))
    assert (result.evaluator, result.scope) == ("diversity", "images")
    return {figure.name: figure for figure in result.figures}


def varied(by: float) -> Shows:
    """Show what is asked for, and noise beside it."""
    return lambda z, c: torch.cat([c, by * z.clamp(-3, 3) / 3], 1)


def deaf(z: Tensor, c: Tensor) -> Tensor:
    """Show what is asked for, whatever the noise."""
    return torch.cat([c, 0 * z], 1)


def heard_by(listener: list[Tensor]) -> Shows:
    """Show noise, and note which conditions were asked for."""

    def shows(z: Tensor, c: Tensor) -> Tensor:
        listener.append(c)
        return varied(1.0)(z, c)

    return shows


def pictures(
    conditions: Sequence[int], by: float = 1.0, condition: Condition = DIGITS
) -> Reference:
    """Offer real images as a generator with so much noise would paint them."""
    frozen = painter(varied(by), condition)
    asked = np.eye(condition.size, dtype=np.float32)[list(conditions)]
    z = frozen.latent.draw(len(asked), np.random.default_rng(1))
    images = generate(frozen.module, torch.from_numpy(z), torch.from_numpy(asked))
    return Reference("photographs", len(asked), lambda count: (images[:count], asked[:count]))


def test_the_distance_of_images_is_the_root_mean_square_difference() -> None:
    vectors = torch.tensor([[0.0, 0.0], [1.0, -1.0], [0.5, 0.5], [0.5, 0.5]])
    assert mean_distance(vectors[:2], [2]) == pytest.approx((1, 0))
    # Groups of 1 and 0: their mean, and sqrt(1 / 2) over sqrt(2)
    assert mean_distance(vectors, [2, 2]) == pytest.approx((1 / 2, 1 / 2))


def test_the_error_of_a_single_group_is_that_of_leaving_out_each_image() -> None:
    # Distances of 0, 2 and 2 between 1, 1 and 3; without each in turn the means are 2, 2 and 0
    found = mean_distance(torch.tensor([[1.0], [1.0], [3.0]]), [3])
    assert found == pytest.approx((4 / 3, np.sqrt(2 / 3 * (2 * (2 / 3) ** 2 + (4 / 3) ** 2))))


def test_the_error_is_about_what_the_mean_is_off_from_sample_to_sample() -> None:
    samples = torch.randn(200, 40, 3, generator=torch.Generator().manual_seed(0))
    found = [mean_distance(sample, [40]) for sample in samples]
    spread = float(np.std([one.mean for one in found]))
    assert float(np.mean([one.error for one in found])) == pytest.approx(spread, rel=0.2)


def test_real_images_are_as_many_as_are_cheap_and_of_all_shared_conditions() -> None:
    real = pictures([0, 1, 2] * 100 + [3])
    found = figures(Subject(painter(deaf, DIGITS), reference=real))
    baseline = found["pixel diversity of real images"]
    assert baseline.qualifier == "photographs, 255 images of 3 conditions, ± standard error"
    assert 0 < baseline.sd < baseline.mean / 10


def test_the_real_images_are_named_with_what_is_held_against_them() -> None:
    found = figures(Subject(painter(deaf, DIGITS), reference=pictures([0, 1] * 40)))
    assert found[RELATIVE].title == "relative pixel diversity against photographs"
    assert found[RELATIVE].full_name.startswith("relative pixel diversity against photographs (")
    assert found["pixel diversity"].title == "pixel diversity"


def test_pairs_of_one_condition_are_compared_and_never_those_of_two() -> None:
    loud = Subject(painter(lambda z, c: torch.cat([c * 9, 0 * z], 1), DIGITS))
    assert figures(loud)["pixel diversity"].mean == 0


def test_a_generator_that_ignores_the_noise_has_none() -> None:
    subject = Subject(painter(deaf, DIGITS), reference=pictures([0, 1] * 40))
    found = figures(subject)
    assert found["pixel diversity"].mean == found[RELATIVE].mean == 0
    assert found["pixel diversity of real images"].mean > 0.1


@pytest.mark.parametrize("by", [1.0, 0.5, 0.1])
def test_relative_diversity_says_how_much_of_that_of_real_images_there_is(by: float) -> None:
    subject = Subject(painter(varied(by), DIGITS), reference=pictures([0, 1, 2, 3] * 40))
    assert figures(subject)[RELATIVE].mean == pytest.approx(by, rel=0.1)


def test_without_conditions_all_images_are_compared() -> None:
    subject = Subject(painter(varied(0.5), UNCONDITIONAL), reference=pictures([0] * 200))
    found = figures(subject, prompts=10, images=20)
    assert found["pixel diversity"].qualifier == "200 images"
    assert found[RELATIVE].mean == pytest.approx(0.5, rel=0.1)


def test_a_reference_with_labels_serves_a_generator_without() -> None:
    subject = Subject(painter(varied(1.0), UNCONDITIONAL), reference=pictures([0, 1, 2, 3]))
    assert "pixel diversity of real images" in figures(subject)


def test_conditions_that_real_images_share_are_asked_for() -> None:
    asked: list[Tensor] = []
    frozen = painter(heard_by(asked), DIGITS)
    found = figures(Subject(frozen, reference=pictures([3, 1, 1, 0, 2, 3])))
    assert set(torch.cat(asked).argmax(1).tolist()) == {1, 3}
    assert found[RELATIVE].qualifier == "2 conditions of photographs, 8 images each"


def test_where_no_real_images_share_a_condition_prompts_of_the_first_set_are_asked_for() -> None:
    prompts = {"validation": ("hair=pink, eyes=red",), "test": ("hair=blue, eyes=blue",)}
    alone = pictures([0, 1, 2], condition=FACES)
    found = figures(Subject(painter(deaf, FACES), prompts, reference=alone))
    assert set(found) == {"pixel diversity"}
    assert found["pixel diversity"].qualifier == "1 prompts of validation, 8 images each"


def test_without_prompts_conditions_are_those_of_training() -> None:
    found = figures(Subject(painter(varied(1.0), DIGITS)), prompts=5)
    assert found["pixel diversity"].qualifier == "5 conditions as in training, 8 images each"


def test_a_judge_adds_the_diversity_of_its_features() -> None:
    judge = reader(DIGITS)
    subject = Subject(painter(varied(0.5), DIGITS), judge=judge, reference=pictures([0, 1] * 64))
    found = figures(subject)
    assert found["relative feature diversity"].mean == pytest.approx(0.5, rel=0.1)
    assert found["feature diversity"].qualifier.startswith(f"judge {judge.name} {judge.digest}, ")


def test_figures_are_the_same_again_and_of_as_many_seeds_as_are_set() -> None:
    subject = Subject(painter(varied(1.0), DIGITS), seeds=(4, 5, 6))
    one, many = figures(subject)["pixel diversity"], figures(subject, seeds=3)["pixel diversity"]
    assert (one, many) == tuple(figures(subject, seeds=n)["pixel diversity"] for n in (1, 3))
    assert (one.draws, one.sd) == (1, 0)
    assert many.draws == 3
    assert 0 < many.sd < many.mean


def test_no_more_images_are_made_or_looked_at_than_are_set() -> None:
    made: list[Tensor] = []
    looked: list[int] = []
    real = pictures([0, 1, 2, 3] * 300)

    def read(count: int) -> tuple[Tensor, NDArray[np.float32]]:
        looked.append(count)
        return real.read(count)

    spied = Reference("all", real.count, read)
    figures(Subject(painter(heard_by(made), DIGITS), reference=spied, seeds=(0, 1)))
    assert (len(torch.cat(made)), looked) == (4 * 8, [512])


def test_no_figure_claims_that_more_is_better_or_is_a_share() -> None:
    subject = Subject(painter(varied(1.0), DIGITS), reference=pictures([0, 1] * 40))
    for figure in figures(subject).values():
        assert figure.better == "neither"
        assert not figure.is_share
