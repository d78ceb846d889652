"""How far the distribution of generated images lies from that of real ones.

It is blind to whether an image shows what it was asked for: which image belongs to which condition
plays no part, only how often each condition occurs. Shapes: conditions [N, K]; features [N, F].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganx.builtin.evaluators.distances import frechet_distance, kernel_distance
from ganx.builtin.evaluators.features import (
    FeatureNetwork,
    Features,
    feature_network,
    of_generator,
    of_images,
)
from ganx.builtin.evaluators.few_images import of_frechet, of_kernel, of_neighbours
from ganx.builtin.evaluators.neighbours import NeighbourScores, neighbour_scores
from ganx.builtin.evaluators.settings import DistributionConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.results import Better, Figure, Result
from ganx.contracts.subject import Subject
from ganx.errors import DataError

_FEWEST = 4
"""Images that two subsets of two can be drawn from."""


@dataclass(frozen=True)
class Scores:
    """What one draw of noise came to."""

    frechet: float
    kernel: tuple[float, float]
    """Mean and standard deviation over subsets."""

    neighbours: NeighbourScores


def distribution(subject: Subject, config: DistributionConfig) -> Iterator[Result]:
    """Hold generated images against real ones, by the features of a network.

    As many images are generated as real ones are taken, with the conditions of the real ones, for
    each of the first ``config.seeds`` seeds. Distances on a judge's features are called
    ``judge-FID`` and ``judge-KID``; they cannot be compared with those of Inception, nor with
    those of another judge. Every figure names the reference, the count and the network in its
    qualifier. The sd of a KID is that over its subsets, of all seeds together; all others have
    theirs over the seeds. Figures of too few images bear a caution. Raises ``DataError`` for a
    reference that is too small or has other labels than the generator, and when the network is not
    there.
    """
    network = feature_network(subject, config)
    images, conditions = _real_images(subject, config)
    asked = _asked_for(subject.generator, conditions)
    real = of_images(network, images)
    assert subject.reference is not None
    common = f"{len(real):,} images, {subject.reference.name}, {network.name}"
    draws = [
        _scores(real, of_generator(network, subject.generator, asked, seed), config)
        for seed in subject.seeds[: config.seeds]
    ]
    yield Result(
        "distribution", "images", list(_figures(draws, network, common, config, real.shape))
    )


def _real_images(
    subject: Subject, config: DistributionConfig
) -> tuple[Tensor, NDArray[np.float32]]:
    """Read the reference, as much of it as is wanted and there."""
    reference = subject.reference
    if reference is None:
        raise DataError("There are no real images that generated ones could be held against.")
    count, fewest = min(config.images, reference.count), max(_FEWEST, config.neighbours + 1)
    if count < fewest:
        raise DataError(
            f"Distributions are compared by {fewest} images or more, but {count} of "
            f"{reference.name!r} were to be taken. Take more images, or fewer neighbours."
        )
    return reference.read(count)


def _asked_for(frozen: FrozenGenerator, conditions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the generator is asked for: nothing, if it takes no labels."""
    size = frozen.interface.condition.size
    if size and size != conditions.shape[1]:
        raise DataError(
            f"The generator takes {size} labels, but the real images have {conditions.shape[1]}. "
            "Hold it against images of the data set that it was trained on."
        )
    return conditions[:, :size]


def _scores(real: Features, generated: Features, config: DistributionConfig) -> Scores:
    """Compare the images of one seed with the real ones."""
    return Scores(
        frechet_distance(real, generated),
        kernel_distance(real, generated, config.subsets, _subset_size(config, len(real))),
        neighbour_scores(real, generated, config.neighbours),
    )


def _subset_size(config: DistributionConfig, count: int) -> int:
    """At most half of the images, so that the subsets differ."""
    return min(config.subset_size, count // 2)


def _figures(
    draws: Sequence[Scores],
    network: FeatureNetwork,
    common: str,
    config: DistributionConfig,
    shape: tuple[int, ...],
) -> Iterator[Figure]:
    """Gather the seeds into figures; ``shape`` is that of the features of one side."""
    count, size = shape[0], _subset_size(config, shape[0])
    frechet = [draw.frechet for draw in draws]
    distance = _over_seeds(f"{network.prefix}FID", frechet, common, better="lower", is_share=False)
    yield replace(distance, caution=of_frechet(*shape))
    name, subsets = f"{network.prefix}KID", f"{common}, {config.subsets} subsets of {size:,}"
    yield replace(_kernel(name, draws, subsets), caution=of_kernel(count))
    for place, name in enumerate(NeighbourScores._fields):
        found = [draw.neighbours[place] for draw in draws]
        qualifier = f"{common}, k = {config.neighbours}"
        share = _over_seeds(name, found, qualifier, is_share=name != "density")
        yield replace(share, caution=of_neighbours(count, config.neighbours))


def _kernel(name: str, draws: Sequence[Scores], qualifier: str) -> Figure:
    """Gather the kernel distance: mean and spread over all subsets of all seeds."""
    means, sds = np.array([draw.kernel for draw in draws]).T
    sd = np.sqrt(np.mean(sds**2) + np.var(means))
    mean = float(np.mean(means))
    return Figure(name, mean, float(sd), len(draws), None, "lower", qualifier, is_share=False)


def _over_seeds(
    name: str, found: Sequence[float], qualifier: str, *, better: Better = "higher", is_share: bool
) -> Figure:
    """Gather one number over the seeds."""
    sd = float(np.std(found, ddof=1)) if len(found) > 1 else 0.0
    mean = float(np.mean(found))
    return Figure(name, mean, sd, len(found), None, better, qualifier, is_share)
