"""MNIST as a data set of ganx: which source is taken."""

from pathlib import Path

import numpy as np

from ganx import RENDERED, ConfigError, Dataset, without_labels
from ganx_mnist.config import MnistConfig
from ganx_mnist.notice import describe_rendered
from ganx_mnist.vocabulary import PROMPTS, interface, one_hot


def open_dataset(config: MnistConfig) -> Dataset:
    """Open the source that the settings name.

    Raises ``ConfigError`` for settings that contradict each other, and ``DataError`` for files
    that cannot be used and for a download that fails.
    """
    source = config.chosen_source()
    _check_split(source, config)
    folder = _folder(source, config)
    if folder is None:
        dataset = _open_rendered(config)
    else:
        from ganx_mnist.real import open_folder

        dataset = open_folder(folder, config)
    return dataset if config.labels else without_labels(dataset)


def _check_split(source: str, config: MnistConfig) -> None:
    """Refuse a split that there is not."""
    if source == "rendered" and config.split in {"train", "test"}:
        raise ConfigError(
            f"The setting dataset.split is '{config.split}', but digits are rendered, which has no "
            "such split. Name the folder of MNIST's files with --data DIR, or leave dataset.split "
            "at 'auto'."
        )


def _folder(source: str, config: MnistConfig) -> Path | None:
    """Return the folder of real digits, downloaded if that is asked for; None to render."""
    if source == "download":
        from ganx_mnist.download import downloaded

        return downloaded()
    return config.folder.expanduser() if config.folder else None


def _open_rendered(config: MnistConfig) -> Dataset:
    """Open digits that are yet to be drawn."""
    from ganx_mnist.draw import check_font, digit_of
    from ganx_mnist.rendered import RenderedDigits

    check_font()
    digits = np.array([digit_of(index) for index in range(config.size)])
    return Dataset(
        interface=interface(config.resolution),
        images=RenderedDigits(config.seed, config.size, config.resolution),
        conditions=one_hot(digits),
        prompts=PROMPTS,
        notice=describe_rendered(config),
        provenance={
            "source": RENDERED,
            "renderer": RenderedDigits.version,
            "seed": config.seed,
            "images": config.size,
            "resolution": config.resolution,
        },
    )
