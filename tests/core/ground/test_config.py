"""What a wrong value is answered with: plain words, not those of Python."""

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field

from ganx.config import Config, validated
from ganx.errors import ConfigError
from ganx.settings.tables import TrainConfig


class Inner(Config):
    depth: int = 1


class Parts(Config):
    width: int = 1
    rate: float = 0.5
    ratio: float = Field(default=0.5, allow_inf_nan=False)
    mirror: bool = False
    label: str = ""
    data: Path = Path()
    betas: tuple[float, float] = (0.0, 0.9)
    sizes: list[int] = Field(default_factory=list)
    few: list[int] = Field(default=[1], min_length=1, max_length=2)
    terms: dict[str, float] = Field(default_factory=dict)
    inner: Inner = Inner()
    norm: Literal["batch", "none"] = "batch"
    side: Literal[16, 32, 64] = 16


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("width", "wide", "give a whole number"),
        ("width", 1.5, "give a whole number"),
        ("width", [], "give a whole number"),
        ("width", "9" * 5000, "give a smaller whole number"),
        ("rate", "fast", "give a number"),
        ("rate", {}, "give a number"),
        ("ratio", float("inf"), "give a finite number"),
        ("mirror", "perhaps", "give true or false"),
        ("mirror", [], "give true or false"),
        ("label", 3, "give text"),
        ("data", 3, "give a path"),
        ("betas", "0.5", 'give a list such as [1, 2] or ["a", "b"]'),
        ("betas", [1, 2, 3], "give at most 2 values"),
        ("sizes", 3, 'give a list such as [1, 2] or ["a", "b"]'),
        ("few", [], "give 1 or more values"),
        ("terms", 3, "give a table of settings"),
        ("inner", 3, "give a table of settings"),
        ("norm", "layer", "choose from batch, none"),
        ("side", 48, "choose from 16, 32, 64"),
    ],
)
def test_a_wrong_value_is_answered_with_what_to_give(name: str, value: Any, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validated(Parts, {name: value}, "model")
    assert str(caught.value) == f"Wrong value {value!r} for 'model.{name}': {told}."


def test_a_wrong_value_in_a_list_is_named_by_its_place() -> None:
    with pytest.raises(ConfigError, match=r"'x' for 'model\.sizes\.1': give a whole number"):
        validated(Parts, {"sizes": [1, "x"]}, "model")


def test_a_setting_without_a_default_that_is_not_given_is_missing() -> None:
    class Needy(Config):
        data: Path

    with pytest.raises(ConfigError) as caught:
        validated(Needy, {}, "dataset")
    assert str(caught.value) == "The setting 'dataset.data' is missing: give it a value."


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:0", "cuda:11"])
def test_every_kind_of_device_is_accepted(device: str) -> None:
    assert validated(TrainConfig, {"device": device}, "train").device == device


@pytest.mark.parametrize("device", ["gpu", "cuda:", "cuda:x", "cpu:0", "", "cuda\n"])
def test_other_devices_are_refused_with_the_choices(device: str) -> None:
    with pytest.raises(ConfigError, match=r"'train\.device': give auto, cpu, cuda or cuda:N"):
        validated(TrainConfig, {"device": device}, "train")
