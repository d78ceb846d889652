"""A judge's data: labelled, and rendered from another seed than the run's."""

from dataclasses import replace
from typing import Any

import pytest
from tiny import ColourSquares, TinyDatasetConfig, open_tiny

from ganx.config import Config
from ganx.dataset import Dataset, without_labels
from ganx.errors import ConfigError
from ganx.judging.opening import open_for_judge
from ganx.specs import DatasetSpec


class SettingsConfig(Config):
    """Settings of a data set that records what it was opened with."""

    labels: bool = True
    """Whether there are labels."""

    size: int = 30
    """Images."""

    seed: int = 0
    """Of rendered images."""


class Decoded(ColourSquares):
    """The same squares, from files as it were."""

    action = "decode"


def open_rendered(config: SettingsConfig) -> Dataset:
    dataset = replace(
        open_tiny(TinyDatasetConfig(size=config.size)), provenance=config.model_dump()
    )
    return dataset if config.labels else without_labels(dataset)


def open_real(config: SettingsConfig) -> Dataset:
    return replace(open_rendered(config), images=Decoded(config.size))


DATASETS = {
    "rendered": DatasetSpec("rendered", "Rendered", SettingsConfig, open_rendered),
    "real": DatasetSpec("real", "Real", SettingsConfig, open_real),
    "plain": DatasetSpec("plain", "Without such settings", TinyDatasetConfig, open_tiny),
}


def opened(name: str, given: dict[str, Any] | None = None, **settings: Any) -> Dataset:
    return open_for_judge(DATASETS, {"name": name, **settings}, given or {})


def test_rendered_images_come_from_another_seed() -> None:
    assert opened("rendered", seed=7).provenance["seed"] == 1007
    assert opened("rendered").provenance["seed"] == 1000


def test_real_images_are_those_of_the_run() -> None:
    assert opened("real", seed=7).provenance["seed"] == 7


def test_labels_are_there_even_if_the_run_had_none() -> None:
    assert opened("rendered", labels=False).interface.condition.size == 3


def test_what_is_given_goes_before_what_the_run_had() -> None:
    provenance = opened("rendered", {"size": 12, "seed": 3}, size=40, seed=7).provenance
    assert provenance == {"labels": True, "size": 12, "seed": 3}


def test_a_data_set_without_such_settings_is_opened_as_the_run_had_it() -> None:
    assert len(opened("plain", size=9).images) == 9


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(ConfigError, match=r"Unknown setting 'dataset\.sized'"):
        opened("plain", {"sized": 3})
