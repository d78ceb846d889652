"""Generated images against real ones: painters whose distance from the real thing is known."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from squares import (
    CONFIG,
    COUNT,
    MOSTLY_RED,
    NO_LABELS,
    SIDE,
    Distort,
    Painter,
    faithful,
    figures,
    frozen,
    reference,
    trained_judge,
)
from torch import Tensor

from ganx.builtin.evaluators import features
from ganx.builtin.evaluators.settings import DistributionConfig
from ganx.contracts.judge import Judge
from ganx.contracts.results import Figure
from ganx.contracts.subject import Reference, Subject
from ganx.errors import DataError


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return trained_judge(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def subject(judge: Judge) -> Subject:
    return Subject(frozen(), judge=judge, reference=reference())


def means(subject: Subject, distort: Distort = faithful) -> dict[str, float]:
    return {
        name: figure.mean
        for name, figure in figures(replace(subject, generator=frozen(distort))).items()
    }


def test_a_faithful_generator_scores_as_another_sample_of_the_real_images(
    subject: Subject,
) -> None:
    found = figures(subject)
    assert list(found) == [
        *("judge-FID", "judge-KID"),
        *("precision", "recall", "density", "coverage"),
    ]
    assert abs(found["judge-KID"].mean) < 3 * found["judge-KID"].sd
    assert found["precision"].mean > 0.9
    assert found["recall"].mean > 0.9
    assert found["density"].mean == pytest.approx(1, abs=0.15)
    assert found["coverage"].mean == pytest.approx(1 - 2**-5, abs=0.05)


def test_the_real_images_themselves_have_no_distance(subject: Subject) -> None:
    another_sample = means(subject)["judge-FID"]
    found = figures(replace(subject, reference=reference(seed=0)))
    assert found["judge-FID"].mean < 1e-3 * another_sample
    assert abs(found["judge-KID"].mean) < 3 * found["judge-KID"].sd
    assert [found[name].mean for name in ("precision", "recall", "coverage")] == [1, 1, 1]


def test_distances_grow_with_noise_in_the_pixels(subject: Subject) -> None:
    def grainy(amount: float) -> Distort:
        return lambda images, grain: (images + amount * grain).clamp(-1, 1)

    found = [means(subject, grainy(amount)) for amount in (0, 0.05, 0.1, 0.2, 0.4)]
    for name in ("judge-FID", "judge-KID"):
        distances = [figure[name] for figure in found]
        assert distances == sorted(distances), name
        assert distances[-1] > 20 * distances[0]
    assert found[0]["precision"] > 0.9
    assert found[-1]["precision"] < 0.05


def test_images_in_another_range_are_far_away(subject: Subject) -> None:
    right, wrong = means(subject), means(subject, lambda images, _: (images + 1) / 2)
    assert wrong["judge-FID"] > 100 * right["judge-FID"]
    assert wrong["judge-KID"] > 100 * abs(right["judge-KID"])
    assert wrong["precision"] == wrong["coverage"] == wrong["density"] == 0


def test_images_are_not_rounded_to_bytes_for_a_judge(subject: Subject) -> None:
    faint = means(subject, lambda images, _: images + 1e-4)
    assert faint["judge-FID"] != means(subject)["judge-FID"]


def test_images_of_another_resolution_are_resized_without_aliasing(subject: Subject) -> None:
    fine = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(SIDE, SIDE)

    def larger(images: Tensor, _: Tensor) -> Tensor:
        # Fine checks over larger images: where resizing averages, they are gone.
        return images.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3) + 0.4 * fine

    found = means(subject, larger)["judge-FID"]
    sampled = means(subject, lambda images, grain: larger(images, grain)[..., ::2, ::2])
    cropped = means(subject, lambda images, grain: larger(images, grain)[..., :SIDE, :SIDE])
    assert sampled["judge-FID"] > 5 * found
    assert cropped["judge-FID"] > 5 * found


def test_the_generator_is_asked_for_what_the_real_images_show(subject: Subject) -> None:
    figures(subject)
    assert isinstance(subject.generator.module, Painter)
    heard = subject.generator.module.heard
    assert max(len(batch) for batch in heard) <= 64
    assert torch.equal(torch.cat(heard), torch.from_numpy(MOSTLY_RED))


def test_other_conditions_or_another_order_of_the_vocabulary_move_the_figures(
    subject: Subject,
) -> None:
    right = means(subject)
    permuted = asked_for_other(subject, MOSTLY_RED[:, [2, 0, 1]])
    assert permuted["judge-FID"] > 5 * right["judge-FID"]
    only_red = asked_for_other(subject, np.eye(3, dtype=np.float32)[np.zeros(COUNT, int)])
    assert only_red["judge-FID"] > 5 * right["judge-FID"]
    assert only_red["recall"] < 0.7
    assert only_red["coverage"] < 0.7


def asked_for_other(subject: Subject, asked: NDArray[np.float32]) -> dict[str, float]:
    """Ask for other conditions than those that the real images show."""
    true = reference()

    def read(count: int) -> tuple[Tensor, NDArray[np.float32]]:
        return true.read(count)[0], asked[:count]

    return means(replace(subject, reference=replace(true, read=read)))


def test_which_image_has_which_condition_plays_no_part(subject: Subject) -> None:
    order = np.random.default_rng(0).permutation(COUNT)
    right, mixed = means(subject), asked_for_other(subject, MOSTLY_RED[order])
    assert mixed["judge-FID"] < 3 * right["judge-FID"]
    assert mixed["coverage"] == pytest.approx(right["coverage"], abs=0.05)


def test_a_collapsed_generator_is_precise_and_recalls_nothing(subject: Subject) -> None:
    found = means(subject, lambda images, _: images[:1].expand(len(images), -1, -1, -1))
    assert found["recall"] < 0.05
    assert found["coverage"] < 0.2


def test_a_generator_without_labels_is_asked_for_nothing(subject: Subject) -> None:
    generator = frozen(conditional=False)
    found = figures(replace(subject, generator=generator))
    assert isinstance(generator.module, Painter)
    assert {batch.shape[1] for batch in generator.module.heard} == {0}
    assert found["judge-FID"].mean > 0


def test_a_figure_names_all_that_it_depends_on(subject: Subject, judge: Judge) -> None:
    named = replace(judge, record={**judge.record, "name": "squares 8px"})
    found = figures(replace(subject, judge=named))
    terms = f"300 images, painted squares, judge squares 8px {judge.digest}"
    assert found["judge-FID"].full_name == f"judge-FID ({terms})"
    assert found["judge-KID"].qualifier == f"{terms}, 20 subsets of 150"
    assert found["recall"].qualifier == f"{terms}, k = 5"
    assert {name for name, figure in found.items() if figure.better == "lower"} == {
        *("judge-FID", "judge-KID")
    }
    assert {name for name, figure in found.items() if figure.is_share} == {
        *("precision", "recall", "coverage")
    }


def test_no_more_images_are_taken_than_there_are(subject: Subject) -> None:
    few = replace(subject, reference=reference(count=120))
    (one, *_) = figures(few, DistributionConfig(subsets=2)).values()
    assert one.qualifier.startswith("120 images, ")
    assert isinstance(few.generator.module, Painter)
    assert sum(len(batch) for batch in few.generator.module.heard) == 120


def test_figures_are_means_over_the_first_seeds(subject: Subject) -> None:
    def of(seeds: tuple[int, ...], count: int) -> dict[str, Figure]:
        config = CONFIG.model_copy(update={"seeds": count})
        return figures(replace(subject, seeds=seeds), config)

    both, first, second = of((3, 4, 5), 2), of((3,), 1), of((4,), 1)
    for name, figure in both.items():
        values = [first[name].mean, second[name].mean]
        assert figure.mean == pytest.approx(np.mean(values))
        assert (figure.draws, first[name].draws) == (2, 1)
    frechet = [one["judge-FID"].mean for one in (first, second)]
    assert both["judge-FID"].sd == pytest.approx(np.std(frechet, ddof=1))
    assert first["judge-FID"].sd == 0
    assert both["judge-KID"].sd >= min(first["judge-KID"].sd, second["judge-KID"].sd) > 0


def test_the_same_subject_gives_the_same_figures_and_nothing_is_changed(subject: Subject) -> None:
    before = torch.random.get_rng_state()
    assert figures(subject) == figures(subject)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_distances_on_inception_alone_are_called_fid_and_kid(
    subject: Subject, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "inception_features", lambda *_: ("6726825d", judge.features))
    config = CONFIG.model_copy(update={"features": "inception"})
    found = figures(replace(subject, judge=None), config)
    assert list(found)[:2] == ["FID", "KID"]
    assert found["FID"].qualifier == "300 images, painted squares, Inception 6726825d"


def test_distances_on_other_weights_of_inception_are_not(
    subject: Subject, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "inception_features", lambda *_: ("0badc0de", judge.features))
    config = CONFIG.model_copy(update={"features": "inception"})
    assert list(figures(subject, config))[:2] == ["other-FID", "other-KID"]


def refusals() -> Iterator[tuple[str, Callable[[Subject], Subject]]]:
    yield "there is none. Train one", lambda subject: replace(subject, judge=None)
    yield "no real images", lambda subject: replace(subject, reference=None)
    yield (
        "6 images or more, but 5 of 'painted squares'",
        lambda subject: replace(subject, reference=reference(count=5)),
    )
    yield (
        "takes 3 labels, but the real images have 0",
        lambda subject: replace(
            subject, reference=Reference("none", 9, lambda n: (torch.zeros(n, 3, 8, 8), NO_LABELS))
        ),
    )
    yield (
        "Either the images are not, as of a training that has broken down",
        lambda subject: replace(subject, generator=frozen(lambda images, _: images * torch.nan)),
    )


@pytest.mark.parametrize(("sentence", "change"), list(refusals()))
def test_what_cannot_be_compared_is_refused(
    subject: Subject, sentence: str, change: Callable[[Subject], Subject]
) -> None:
    with pytest.raises(DataError, match=sentence):
        figures(change(subject))
