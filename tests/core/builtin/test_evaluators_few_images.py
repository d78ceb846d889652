"""Figures of too few images bear a caution."""

import pytest
import torch
from squares import COUNT, SIDE, figures, frozen, reference, trained_judge

from ganx.builtin.evaluators.against_real import distribution
from ganx.builtin.evaluators.few_images import of_frechet
from ganx.builtin.evaluators.settings import DistributionConfig
from ganx.contracts.judge import Judge
from ganx.contracts.subject import Subject


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return trained_judge(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def subject(judge: Judge) -> Subject:
    return Subject(frozen(), judge=judge, reference=reference())


def cautions(subject: Subject, images: int, neighbours: int = 3) -> dict[str, str]:
    config = DistributionConfig(images=images, subsets=2, neighbours=neighbours)
    return {name: one.caution for name, one in figures(subject, config).items()}


def test_a_distance_takes_more_images_than_features(subject: Subject) -> None:
    assert subject.judge is not None
    size = subject.judge.features(torch.zeros(1, 3, SIDE, SIDE)).shape[1]
    assert 4 < size < COUNT
    few, enough = (cautions(subject, images)["judge-FID"] for images in (size, size + 1))
    assert f"{size} images are too few for {size} features" in few
    assert f"take more than {size}, better 10,000" in few
    assert enough.startswith(f"of {size + 1} images: too high by what that number makes of it")


@pytest.mark.parametrize(("images", "is_told"), [(3000, True), (9999, True), (10_000, False)])
def test_a_distance_of_less_than_is_usual_is_told_to_be_too_high(
    images: int, *, is_told: bool
) -> None:
    told = of_frechet(images, 2048)
    assert told.startswith(f"of {images:,} images: too high") if is_told else told == ""


def test_figures_of_fewer_than_a_hundred_images_bear_a_caution(subject: Subject) -> None:
    few, enough = (cautions(subject, images) for images in (99, 100))
    for name in ("judge-KID", "precision", "recall", "density", "coverage"):
        assert few[name].startswith("of 99 images only")
        assert enough[name] == ""
    assert "a neighbourhood (k = 3) takes 3%: take 100 or more" in few["recall"]


def test_many_neighbours_take_many_images(subject: Subject) -> None:
    few, enough = (cautions(subject, images, neighbours=6) for images in (119, 120))
    assert "a neighbourhood (k = 6) takes 5%: take 120 or more" in few["precision"]
    assert few["judge-KID"] == enough["precision"] == ""


def test_cautions_gather_the_figures_that_they_are_of(subject: Subject) -> None:
    (result,) = distribution(subject, DistributionConfig(images=99, subsets=2, neighbours=3))
    assert ["precision", "recall", "density", "coverage"] in result.cautions.values()
    assert "" not in result.cautions
