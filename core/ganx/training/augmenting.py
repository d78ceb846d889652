"""The augmentations of a run, one after the other.

Shapes: images [B, C, H, W] in [-1, 1]; numbers [B, N] by augmentation; scores [B].
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.contracts.augmentation import Augmentation
from ganx.contracts.interface import Interface
from ganx.settings.augmentations import ChosenAugmentation


class Augmentations(nn.Module):
    """Changes images by each augmentation in its turn; their state is part of the module's."""

    def __init__(self, augmentations: Mapping[str, Augmentation]) -> None:
        super().__init__()
        self.chosen = nn.ModuleDict(dict(augmentations))

    @classmethod
    def built(cls, chosen: Sequence[ChosenAugmentation], interface: Interface) -> "Augmentations":
        """Build those that a run asks for, in their order."""
        return cls({one.spec.name: one.spec.build(interface, one.config) for one in chosen})

    def __len__(self) -> int:
        """Count them."""
        return len(self.chosen)

    def draw(self, count: int, rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
        """Draw what each needs for ``count`` images: [count, N] by name."""
        return {name: one.draw(count, rng) for name, one in self._each()}

    def by(self, numbers: Mapping[str, Tensor]) -> Callable[[Tensor], Tensor]:
        """Return what changes the first so many images by their own random numbers."""

        def change(images: Tensor) -> Tensor:
            for name, augmentation in self._each() if len(images) else ():
                images = augmentation(images, numbers[name][: len(images)])
            return images

        return change

    def observe(self, scores: Tensor, images_seen: int) -> None:
        """Tell each what D says of real images."""
        for _, one in self._each():
            one.observe(scores.detach(), images_seen)

    def readings(self) -> dict[str, Tensor]:
        """Gather what each has for the log."""
        return {
            f"augmentation.{key}": value.detach()
            for _, one in self._each()
            for key, value in one.readings().items()
        }

    def _each(self) -> list[tuple[str, Augmentation]]:
        return [(name, one) for name, one in self.chosen.items() if isinstance(one, Augmentation)]
