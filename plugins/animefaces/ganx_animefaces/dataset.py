"""Anime faces as a data set of ganx: which source is taken, and what is said about it."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx import RENDERED, Dataset, ImageSource, Interface, without_labels
from ganx_animefaces.config import AnimefacesConfig
from ganx_animefaces.notices import empty_notice, folder_notice, rendered_notice
from ganx_animefaces.vocabulary import CONDITION, empty_values, one_hot, pair_prompts

CHANNELS = 3


def open_dataset(config: AnimefacesConfig) -> Dataset:
    """Open the source that the settings name.

    Raises ``ConfigError`` where a folder is wanted and none is given or the other way round, and
    ``DataError`` for a folder that cannot be used.
    """
    from_folder = config.chosen_source() == "folder"
    dataset = _open_folder(config) if from_folder else _open_rendered(config)
    return dataset if config.labels else without_labels(dataset)


def _open_folder(config: AnimefacesConfig) -> Dataset:
    """Open real images."""
    from ganx_animefaces.folder import read_folder

    assert config.folder is not None, "the source is chosen before"
    folder = read_folder(
        config.folder, config.resolution, CHANNELS, skip_damaged=config.skip_damaged
    )
    selection = folder.selection
    conditions = one_hot(selection.hair, selection.eyes)[folder.kept]
    dataset = _dataset(config, folder.images, conditions)
    return _described(
        dataset,
        " ".join(filter(None, (folder_notice(config, folder), folder.images.left_out))),
        {
            "source": "folder",
            "folder": str(folder.path),
            "tags": folder.tags.name,
            "tags_sha256": folder.tags_sha256,
            "rows": selection.rows,
            "left_out": dict(selection.left_out),
            "skipped_damaged": sorted(folder.images.skipped),
            "colours_outside_the_vocabulary": dict(selection.unknown),
        },
    )


def _open_rendered(config: AnimefacesConfig) -> Dataset:
    """Open faces that are yet to be drawn."""
    from ganx_animefaces.draw import draw_labels
    from ganx_animefaces.rendered import RenderedFaces

    hair, eyes = draw_labels(config.seed, 0, config.size).T
    images = RenderedFaces(config.seed, config.size, config.resolution)
    return _described(
        _dataset(config, images, one_hot(hair, eyes)),
        rendered_notice(config),
        {"source": RENDERED, "renderer": RenderedFaces.version, "seed": config.seed},
    )


def _dataset(
    config: AnimefacesConfig, images: ImageSource, conditions: NDArray[np.uint8]
) -> Dataset:
    """Put images [N] and conditions [N, K] together."""
    prompts = pair_prompts(conditions)
    return Dataset(
        interface=Interface(config.resolution, CHANNELS, CONDITION),
        images=images,
        conditions=conditions,
        prompts={"pairs": prompts} if prompts else {},
        augmentation="mirror" if config.mirror else "none",
    )


def _described(dataset: Dataset, notice: str, provenance: dict[str, Any]) -> Dataset:
    """Add what a person and a run's record should know, empty classes included."""
    empty = empty_values(dataset.conditions)
    return replace(
        dataset,
        notice=" ".join(part for part in (notice, empty_notice(empty)) if part),
        provenance={
            **provenance,
            "images": len(dataset.images),
            "resolution": dataset.interface.resolution,
            "empty_classes": empty,
        },
    )
