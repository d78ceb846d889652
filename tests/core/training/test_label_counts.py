"""The largest number of labels in an image: counted where a data set does not say."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tiny import TinyDatasetConfig, open_tiny, tiny_host

from ganx.contracts.condition import Condition, Group
from ganx.errors import DataError
from ganx.settings.run import resolve
from ganx.training.setup import open_dataset, set_up

LETTERS = Condition("labels", (Group("letter", tuple("abcd")),))
SHOWN = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1]], np.uint8)


def counted(condition: Condition, prompts: Mapping[str, tuple[str, ...]]) -> int:
    base = open_tiny(TinyDatasetConfig(size=len(SHOWN)))
    interface = replace(base.interface, condition=condition)
    dataset = replace(base, interface=interface, conditions=SHOWN, prompts=prompts)
    registries: Any = SimpleNamespace(datasets={"letters": SimpleNamespace(open=lambda _: dataset)})
    config: Any = SimpleNamespace(dataset=SimpleNamespace(name="letters", config=None))
    return open_dataset(registries, config).interface.condition.most


@pytest.mark.parametrize(
    ("condition", "prompts", "most"),
    [
        (LETTERS, {}, 2),
        (LETTERS, {"test": ("a", "a, c, d")}, 3),
        (Condition("labels", LETTERS.groups, most=4), {}, 4),
        (Condition("classes", LETTERS.groups), {}, 0),
    ],
    ids=["images", "prompts", "declared", "classes"],
)
def test_labels_are_counted_in_images_and_prompts_where_the_data_set_does_not_say(
    condition: Condition, prompts: Mapping[str, tuple[str, ...]], most: int
) -> None:
    assert counted(condition, prompts) == most


def test_a_data_set_that_shows_more_labels_than_it_declares_is_refused() -> None:
    with pytest.raises(DataError, match=r"declares at most 2 labels.*has 3"):
        counted(Condition("labels", LETTERS.groups, most=2), {"test": ("a, b, c",)})


def test_a_run_knows_how_many_labels_its_generator_can_show() -> None:
    host: Any = tiny_host()
    tiny = host.models["tiny"]
    spec = replace(tiny, build=lambda *given: replace(tiny.build(*given), most_labels=1))
    classes = host.datasets["squares"]
    labels = replace(classes, open=lambda config: as_labels(classes.open(config)))
    host = replace(host, models={"tiny": spec}, datasets={"squares": labels})
    setup = set_up(host, resolve(host, {"recipe": "tiny"}))
    condition = setup.dataset.interface.condition
    assert (condition.most, condition.limit) == (1, 1)


def as_labels(dataset: Any) -> Any:
    groups = dataset.interface.condition.groups
    return replace(
        dataset, interface=replace(dataset.interface, condition=Condition("labels", groups))
    )
