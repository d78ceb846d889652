"""A judge's data: labelled, and images that the run does not see, where there are any."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tiny import TinyDatasetConfig, open_tiny

from ganx.config import Config
from ganx.contracts.dataset import Dataset, without_labels
from ganx.contracts.specs import DatasetSpec, Purpose, Wish
from ganx.errors import ConfigError
from ganx.judging.material import judge_parts, open_for_comparison, open_for_judge


class SettingsConfig(Config):
    """Settings of a data set that records what it was opened with."""

    labels: bool = True
    """Whether there are labels."""

    size: int = 30
    """Images."""

    seed: int = 0
    """Of rendered images."""


def open_rendered(config: SettingsConfig) -> Dataset:
    dataset = replace(
        open_tiny(TinyDatasetConfig(size=config.size)), provenance=config.model_dump()
    )
    return dataset if config.labels else without_labels(dataset)


def others(config: SettingsConfig, purpose: Purpose) -> SettingsConfig:
    return config.model_copy(
        update={"seed": config.seed + {"judge": 10, "comparison": 20}[purpose]}
    )


def wished(config: SettingsConfig, wish: Wish) -> SettingsConfig:
    changes = {"labels": wish.labels or config.labels, "size": wish.images or config.size}
    return config.model_copy(update=changes)


DATASETS = {
    "rendered": DatasetSpec(
        "rendered", "Rendered", SettingsConfig, open_rendered, unseen=others, suited=wished
    ),
    "real": DatasetSpec("real", "Real", SettingsConfig, open_rendered, suited=wished),
    "plain": DatasetSpec("plain", "Without such settings", TinyDatasetConfig, open_tiny),
}


def opened(name: str, given: dict[str, Any] | None = None, **settings: Any) -> Dataset:
    return open_for_judge(DATASETS, {"name": name, **settings}, given or {})


def test_a_judge_learns_from_images_that_the_run_does_not_see() -> None:
    assert opened("rendered", seed=7).provenance["seed"] == 17
    assert opened("rendered").provenance["seed"] == 10


def test_where_there_are_no_others_they_are_those_of_the_run() -> None:
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


def compared(name: str, count: int, **given: Any) -> tuple[Dataset, list[int]]:
    dataset, indices = open_for_comparison(DATASETS[name], given, count, 64)
    return dataset, indices.tolist()


def test_judges_are_compared_on_as_many_images_as_neither_saw() -> None:
    dataset, indices = compared("rendered", 12)
    assert dataset.provenance == {"labels": True, "size": 12, "seed": 20}
    assert indices == list(range(12))


def test_what_is_given_decides_on_what_judges_are_compared() -> None:
    dataset, indices = compared("rendered", 12, seed=3, size=40)
    assert dataset.provenance == {"labels": True, "size": 40, "seed": 3}
    assert (len(indices), indices[0], indices[-1]) == (12, 0, 39)


@pytest.mark.parametrize("name", ["real", "plain"])
def test_where_there_are_no_others_judges_are_compared_on_what_they_hold_out(name: str) -> None:
    dataset, indices = compared(name, 100, size=60)
    assert np.array_equal(indices, judge_parts(dataset).held_out)
    assert len(indices) == 6
