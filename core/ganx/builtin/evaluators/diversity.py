"""How far images of one prompt lie apart under different noise; next to nothing if G ignores it.

Shapes: P conditions [P, K] with I images each: [P * I, C, H, W] in [-1, 1]; vectors [N, D].
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ganx.builtin.evaluators.settings import DiversityConfig
from ganx.builtin.evaluators.shared_conditions import RealGroups, real_groups
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge
from ganx.contracts.results import Figure, Result
from ganx.contracts.subject import Subject
from ganx.sampling.samples import generate_all
from ganx.scoring.draws import Ask, Conditions, as_trained

Describe = Callable[[Tensor], Tensor]
"""From images [N, C, H, W] to vectors [N, D], whose root mean square differences are taken."""


@dataclass(frozen=True)
class _Question:
    """What the generator is asked for."""

    ask: Ask
    images: int
    """Of each condition."""

    words: str


def diversity(subject: Subject, config: DiversityConfig) -> Iterator[Result]:
    """Measure the mean distance between images of one condition that differ in their noise.

    The distance of two images is the root mean square difference of their pixels for ``pixel
    diversity``, and with a judge that of its features for ``feature diversity``; the mean is over
    the pairs of a condition, and then over conditions. Where real images share conditions, the
    generator is asked for these, ``... of real images`` is the same figure of the real ones with
    its standard error, and ``relative ...`` is the ratio: 0 is one image for each condition, 1 as
    diverse as real images. Which real images these are is said in ``Figure.against``.
    Elsewhere it is asked for prompts of the first set, or for conditions as in training.
    """
    groups = _real(subject, config)
    question = _question(subject, groups, config)
    spaces = _spaces(subject.judge)
    seeds = subject.seeds[: config.seeds]
    found = [_distances(spaces, *_images(subject.generator, question, seed)) for seed in seeds]
    figures: list[Figure] = []
    for name, describe in spaces.items():
        figure = _of_draws(name, [one[name] for one in found], _qualifier(name, question, subject))
        figures.append(figure)
        if groups and subject.reference:
            real = mean_distance(describe(groups.images), groups.sizes)
            figures += _beside_real(figure, real, subject.reference.name, groups)
    yield Result("diversity", "images", figures)


class Distance(NamedTuple):
    """A mean distance and how well it is known."""

    mean: float
    error: float
    """The standard error over groups; of a single group, over its images."""


def mean_distance(vectors: Tensor, sizes: Sequence[int]) -> Distance:
    """Return the mean root mean square difference within groups of rows of [N, D].

    The groups follow each other, and have ``sizes`` of at least 2 that sum to N; all count equally.
    """
    within = [torch.pdist(group) for group in torch.split(vectors, list(sizes))]
    means = torch.stack([distances.mean() for distances in within])
    error = means.std() / len(means) ** 0.5 if len(means) > 1 else _jackknife(within[0], sizes[0])
    unit = vectors.shape[1] ** 0.5
    return Distance(float(means.mean() / unit), float(error / unit))


def _jackknife(distances: Tensor, count: int) -> Tensor:
    """Return the standard error of the mean of all pairs of ``count`` rows, in ``pdist``'s order.

    Each row in turn is left out with all its pairs (Efron and Stein, 1981). 0 for two rows.
    """
    if count <= 2:  # noqa: PLR2004 -- without one of two there is no pair
        return torch.zeros(())
    of_row = torch.zeros(count)
    for side in torch.triu_indices(count, count, 1):
        of_row.index_add_(0, side, distances)
    without = (distances.sum() - of_row) / (len(distances) - (count - 1))
    return ((count - 1) * without.var(correction=0)).sqrt()


def _distances(
    spaces: Mapping[str, Describe], images: Tensor, sizes: Sequence[int]
) -> dict[str, float]:
    return {name: mean_distance(describe(images), sizes).mean for name, describe in spaces.items()}


def _real(subject: Subject, config: DiversityConfig) -> RealGroups | None:
    """Gather real images that share a condition, where there are any."""
    width = subject.generator.interface.condition.size
    if subject.reference is None:
        return None
    return real_groups(subject.reference, width, config.real_images)


def _question(subject: Subject, groups: RealGroups | None, config: DiversityConfig) -> _Question:
    """Decide what to ask for: conditions of real images, prompts, or conditions as in training."""
    frozen = subject.generator
    condition = frozen.interface.condition
    if not condition.size:
        count = config.prompts * config.images
        return _Question(lambda _: np.zeros((1, 0), np.float32), count, f"{count} images")
    words = f"{{}}, {config.images} images each"
    if groups:
        ask, count = _some_of(groups.conditions, config.prompts)
        assert subject.reference is not None
        whose = f"{count} conditions of {subject.reference.name}"
        return _Question(ask, config.images, words.format(whose))
    for name, texts in subject.prompts.items():
        encoded = np.array([condition.encode(text) for text in texts], np.float32)
        ask, count = _some_of(encoded, config.prompts)
        return _Question(ask, config.images, words.format(f"{count} prompts of {name}"))
    ask = as_trained(frozen, config.prompts)
    return _Question(
        ask, config.images, words.format(f"{config.prompts} conditions as in training")
    )


def _some_of(conditions: Conditions, count: int) -> tuple[Ask, int]:
    """Ask for ``count`` different ones of [M, K], or for all if there are fewer."""
    count = min(count, len(conditions))
    return lambda rng: rng.permutation(conditions)[:count], count


def _images(frozen: FrozenGenerator, question: _Question, seed: int) -> tuple[Tensor, list[int]]:
    """Generate the images of one seed, condition by condition; return how many each has, too."""
    rng = np.random.default_rng(seed)
    conditions = question.ask(rng)
    asked = conditions.repeat(question.images, axis=0)
    z = frozen.latent.draw(len(asked), rng)
    images = generate_all(frozen, z, asked).float()
    return images, [question.images] * len(conditions)


def _spaces(judge: Judge | None) -> Mapping[str, Describe]:
    """Return where distances are taken, by the figure's name."""
    spaces: dict[str, Describe] = {"pixel diversity": lambda images: images.flatten(1)}
    if judge:
        spaces["feature diversity"] = lambda images: torch.from_numpy(judge.features(images))
    return spaces


def _qualifier(name: str, question: _Question, subject: Subject) -> str:
    """Say what a figure depends on besides the generator."""
    if subject.judge and name == "feature diversity":
        return f"judge {subject.judge.name} {subject.judge.digest}, {question.words}"
    return question.words


def _of_draws(name: str, found: Sequence[float], qualifier: str) -> Figure:
    """Gather the draws; more is not always better, as noise is diverse too."""
    spread = float(np.std(found, ddof=1)) if len(found) > 1 else 0.0
    mean, draws = float(np.mean(found)), len(found)
    return Figure(name, mean, spread, draws, None, "neither", qualifier, is_share=False)


def _beside_real(
    figure: Figure, real: Distance, reference: str, groups: RealGroups
) -> Iterator[Figure]:
    """Yield the same of real images, with its standard error, and the ratio of both."""
    conditions = len(groups.sizes)
    counted = f"{sum(groups.sizes)} images of {conditions} condition{'s' if conditions > 1 else ''}"
    yield replace(
        figure,
        name=f"{figure.name} of real images",
        mean=real.mean,
        sd=real.error,
        draws=1,
        qualifier=f"{reference}, {counted}, ± standard error",
    )
    if real.mean:
        yield replace(
            figure,
            name=f"relative {figure.name}",
            mean=figure.mean / real.mean,
            sd=figure.sd / real.mean,
            against=reference,
        )
