"""i-CLEVR as a data set of ganx: which source is taken, and what is said about it.

Shapes: N images; K = 24 objects.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganx import RENDERED, Condition, Dataset, Group, Interface, without_labels
from ganx_iclevr.config import IclevrConfig
from ganx_iclevr.folder import read_folder
from ganx_iclevr.vocabulary import OBJECTS, PROMPTS, prompt_texts, shipped_prompts

CHANNELS = 3

FACTORS = ("colour", "shape")
"""What the words of an object's name say."""

SHIPPED_JUDGE = Path(__file__).parent / "judges" / "rendered-64.safetensors"
"""A judge of rendered scenes; how it was made is told in the plugin's README."""

LAB_JUDGE = "checkpoint.pth"
"""The lab's own judge, where it lies beside the labels."""


def open_dataset(config: IclevrConfig) -> Dataset:
    """Open the source that the settings name.

    Raises ``ConfigError`` where a folder is wanted and none is given or the other way round, and
    ``DataError`` for a folder that cannot be used.
    """
    from_folder = config.chosen_source() == "folder"
    dataset = _open_folder(config) if from_folder else _open_rendered(config)
    return dataset if config.labels else without_labels(dataset)


def _open_folder(config: IclevrConfig) -> Dataset:
    """Open real images."""
    assert config.folder is not None, "the source is chosen before"
    folder = read_folder(
        config.folder, config.resolution, CHANNELS, skip_damaged=config.skip_damaged
    )
    conditions = multi_hot(folder.shown, len(folder.objects))
    return Dataset(
        interface=_interface(config, folder.objects),
        images=folder.images,
        conditions=conditions,
        prompts=_prompts(folder.prompts),
        factors=_factors(folder.objects),
        judge=_lab_judge(folder.path, folder.objects),
        notice=folder.images.left_out,
        provenance={
            "source": "folder",
            "folder": str(folder.path),
            "images": len(folder.images),
            "resolution": config.resolution,
            "labels_sha256": folder.labels_sha256,
            "skipped_damaged": sorted(folder.images.skipped),
            "prompts": {name: folder.prompt_origin(name) for name in folder.prompts},
        },
    )


def _open_rendered(config: IclevrConfig) -> Dataset:
    """Open scenes that are yet to be rendered."""
    from ganx_iclevr.rendered import RenderedImages, rendered_objects

    return Dataset(
        interface=_interface(config, OBJECTS),
        images=RenderedImages(config.seed, config.size, config.resolution),
        conditions=multi_hot(rendered_objects(config.seed, config.size), len(OBJECTS)),
        prompts=_prompts(shipped_prompts()),
        factors=_factors(OBJECTS),
        judge=SHIPPED_JUDGE,
        notice=_rendered_notice(config),
        provenance={
            "source": RENDERED,
            "renderer": RenderedImages.version,
            "seed": config.seed,
            "images": config.size,
            "resolution": config.resolution,
            "prompts": dict.fromkeys(PROMPTS, "shipped"),
        },
    )


def _rendered_notice(config: IclevrConfig) -> str:
    """Say why scenes are rendered and what that means for scores."""
    if config.source == "auto":
        reason = "No folder of real i-CLEVR images was given (--data DIR), so"
    else:
        reason = "As dataset.source is 'rendered',"
    return (
        f"{reason} {config.size:,} scenes are rendered instead; scores on them are not comparable "
        "to published ones."
    )


def _interface(config: IclevrConfig, objects: Sequence[str]) -> Interface:
    """Describe images and conditions to the models."""
    condition = Condition("labels", (Group("object", tuple(objects)),))
    return Interface(config.resolution, CHANNELS, condition)


def _factors(objects: Sequence[str]) -> tuple[str, ...]:
    """Say what the words of a name mean, where each has a colour and a shape."""
    return FACTORS if all(len(name.split()) == len(FACTORS) for name in objects) else ()


def _lab_judge(folder: Path, objects: Sequence[str]) -> Path | None:
    """Find the lab's judge; it knows the protocol's objects in the protocol's order alone."""
    path = folder / LAB_JUDGE
    return path if path.is_file() and tuple(objects) == OBJECTS else None


def _prompts(prompts: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, tuple[str, ...]]:
    """Write every set of prompts as condition texts."""
    return {name: prompt_texts(objects) for name, objects in prompts.items()}


def multi_hot(shown: Sequence[Iterable[int]], size: int) -> NDArray[np.uint8]:
    """Write object indices of N images as conditions [N, size]."""
    conditions = np.zeros((len(shown), size), dtype=np.uint8)
    for row, objects in enumerate(shown):
        conditions[row, list(objects)] = 1
    return conditions
