"""How far images of one prompt lie apart under different noise; next to nothing if G ignores it.

Shapes: P conditions [P, K] with I images each: [P * I, C, H, W] in [-1, 1]; vectors [N, D].
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ganx.evaluation.results import Figure, Result
from ganx.evaluation.settings import DiversityConfig
from ganx.evaluation.shared_conditions import RealGroups, real_groups
from ganx.evaluation.subject import Subject
from ganx.frozen import FrozenGenerator
from ganx.judging.draws import Ask, Conditions, as_trained
from ganx.judging.judge import Judge
from ganx.sampling import generate_all

Describe = Callable[[Tensor], Tensor]
"""From images [N, C, H, W] to vectors [N, D], whose root mean square differences are taken."""


@dataclass(frozen=True)
class _Plan:
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
    generator is asked for these, ``... of real images`` is the same figure of the real ones, and
    ``relative ...`` is the ratio: 0 is one image for each condition, 1 as diverse as real images.
    Elsewhere it is asked for prompts of the first set, or for conditions as in training.
    """
    groups = _real(subject, config)
    plan = _plan(subject, groups, config)
    spaces = _spaces(subject.judge)
    seeds = subject.seeds[: config.seeds]
    found = [_distances(spaces, *_images(subject.generator, plan, seed)) for seed in seeds]
    real = _distances(spaces, groups.images, groups.sizes) if groups else {}
    figures = [
        figure
        for name in spaces
        for figure in _figures(
            name, [one[name] for one in found], real.get(name), _qualifier(name, plan, subject)
        )
    ]
    yield Result("diversity", "images", figures)


def mean_distance(vectors: Tensor, sizes: Sequence[int]) -> float:
    """Return the mean root mean square difference within groups of rows of [N, D].

    The groups follow each other, and have ``sizes`` of at least 2 that sum to N; all count equally.
    """
    within = [torch.pdist(group).mean() for group in torch.split(vectors, list(sizes))]
    return float(torch.stack(within).mean() / vectors.shape[1] ** 0.5)


def _distances(
    spaces: Mapping[str, Describe], images: Tensor, sizes: Sequence[int]
) -> dict[str, float]:
    """Take the distance within groups of images in each space."""
    return {name: mean_distance(describe(images), sizes) for name, describe in spaces.items()}


def _real(subject: Subject, config: DiversityConfig) -> RealGroups | None:
    """Gather real images that share a condition, where there are any."""
    width = subject.generator.interface.condition.size
    return real_groups(subject.reference, width, config) if subject.reference else None


def _plan(subject: Subject, groups: RealGroups | None, config: DiversityConfig) -> _Plan:
    """Decide what to ask for: conditions of real images, prompts, or conditions as in training."""
    frozen = subject.generator
    condition = frozen.interface.condition
    if not condition.size:
        count = config.prompts * config.images
        return _Plan(lambda _: np.zeros((1, 0), np.float32), count, f"{count} images")
    words = f"{{}}, {config.images} images each"
    if groups:
        ask, count = _some_of(groups.conditions, config.prompts)
        assert subject.reference is not None
        whose = f"{count} conditions of {subject.reference.name}"
        return _Plan(ask, config.images, words.format(whose))
    for name, texts in subject.prompts.items():
        encoded = np.array([condition.encode(text) for text in texts], np.float32)
        ask, count = _some_of(encoded, config.prompts)
        return _Plan(ask, config.images, words.format(f"{count} prompts of {name}"))
    ask = as_trained(frozen, config.prompts)
    return _Plan(ask, config.images, words.format(f"{config.prompts} conditions as in training"))


def _some_of(conditions: Conditions, count: int) -> tuple[Ask, int]:
    """Ask for ``count`` different ones of [M, K], or for all if there are fewer."""
    count = min(count, len(conditions))
    return lambda rng: rng.permutation(conditions)[:count], count


def _images(frozen: FrozenGenerator, plan: _Plan, seed: int) -> tuple[Tensor, list[int]]:
    """Generate the images of one seed, condition by condition; return how many each has, too."""
    rng = np.random.default_rng(seed)
    conditions = plan.ask(rng)
    asked = conditions.repeat(plan.images, axis=0)
    z = frozen.latent.draw(len(asked), rng)
    images = generate_all(frozen, z, asked).float()
    return images, [plan.images] * len(conditions)


def _spaces(judge: Judge | None) -> Mapping[str, Describe]:
    """Return where distances are taken, by the figure's name."""
    spaces: dict[str, Describe] = {"pixel diversity": lambda images: images.flatten(1)}
    if judge:
        spaces["feature diversity"] = lambda images: torch.from_numpy(judge.features(images))
    return spaces


def _qualifier(name: str, plan: _Plan, subject: Subject) -> str:
    """Say what a figure depends on besides the generator."""
    if subject.judge and name == "feature diversity":
        return f"judge {subject.judge.name} {subject.judge.digest}, {plan.words}"
    return plan.words


def _figures(
    name: str, found: Sequence[float], real: float | None, qualifier: str
) -> Iterator[Figure]:
    """Yield the figure of the generator, that of real images, and their ratio."""
    mean, draws = float(np.mean(found)), len(found)
    spread = float(np.std(found, ddof=1)) if draws > 1 else 0.0
    yield _figure(name, mean, spread, draws, qualifier)
    if real:
        yield _figure(f"{name} of real images", real, 0.0, 1, qualifier)
        yield _figure(f"relative {name}", mean / real, spread / real, draws, qualifier)


def _figure(name: str, mean: float, spread: float, draws: int, qualifier: str) -> Figure:
    """Make a figure of which more is not always better: noise is diverse too."""
    return Figure(name, mean, spread, draws, better="neither", qualifier=qualifier, is_share=False)
