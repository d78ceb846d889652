"""The numbers by which sets of images are compared: what a network sees in them.

Shapes: images [N, C, H, W] in [-1, 1]; features [N, F]; conditions [N, K].
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.builtin.evaluators.inception import PUBLISHED, inception_features
from ganx.builtin.evaluators.settings import DistributionConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.subject import Subject
from ganx.errors import DataError
from ganx.remedies import Remedy
from ganx.sampling.samples import image_batches

_BATCH = 64

Features = NDArray[np.float32]


@dataclass(frozen=True)
class FeatureNetwork:
    """A network and how figures on its features are called."""

    name: str
    """With the digest of its weights, such as ``judge iclevr 64px 3fa9c2d1``."""

    prefix: str
    """Of the names of distances: empty for the published Inception alone, whose are FID and KID."""

    extract: Callable[[Tensor], Features]


def feature_network(subject: Subject, config: DistributionConfig) -> FeatureNetwork:
    """Choose the network. Raises ``DataError`` where it is not there."""
    if config.features == "inception":
        device = subject.generator.device
        digest, extract = inception_features(config.inception_weights, device)
        prefix = "" if digest == PUBLISHED else "other-"
        return FeatureNetwork(f"Inception {digest}", prefix, extract)
    judge = subject.judge
    if judge is None:
        raise DataError(
            "Images are compared by the features of a judge, and there is none.",
            remedy=Remedy(
                "train-a-judge-or-take-inception",
                'Train one, or take those of Inception (features = "inception").',
            ),
        )
    name = judge.name.removeprefix("judge ")
    return FeatureNetwork(f"judge {name} {judge.digest}", "judge-", judge.features)


def of_images(network: FeatureNetwork, images: Tensor) -> Features:
    """Return the features of real images."""
    return _gathered(network, torch.split(images, _BATCH), "real images")


def of_generator(
    network: FeatureNetwork, frozen: FrozenGenerator, conditions: NDArray[np.float32], seed: int
) -> Features:
    """Generate an image for each row of the conditions; no more than a batch of them is kept.

    Raises ``DataError`` when the images are not finite.
    """
    z = frozen.latent.draw(len(conditions), np.random.default_rng(seed))
    return _gathered(network, image_batches(frozen, z, conditions), "generated images")


def _gathered(network: FeatureNetwork, batches: Iterable[Tensor], what: str) -> Features:
    """Extract the features of one batch after the other."""
    with torch.inference_mode():
        features = np.concatenate([network.extract(batch) for batch in batches])
    if not np.isfinite(features).all():
        raise DataError(
            f"The {what} are not finite numbers, so they cannot be compared with others. If the "
            "run diverged, evaluate an earlier checkpoint."
        )
    return features
