"""An augmentation: half of the images mirrored, with a setting for how many."""

from pydantic import Field

from ganx import AugmentationSpec, Config, hookimpl


class FlipConfig(Config):
    """Settings of the flip."""

    share: float = Field(default=0.5, ge=0.0, le=1.0)
    """How many of the images are mirrored."""


def build(interface, config):
    import torch

    from ganx import Augmentation

    class Flip(Augmentation):
        numbers = 1

        def forward(self, images, numbers):
            chosen = (numbers < config.share)[:, :, None, None]
            return torch.where(chosen, images.flip(3), images)

    return Flip()


@hookimpl
def ganx_augmentations():
    yield AugmentationSpec("flip", "Mirrors some of the images", build, FlipConfig)
