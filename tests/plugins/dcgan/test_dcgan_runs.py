"""What ``ganx train --plugin dcgan`` does with each data set, with and without labels."""

import tomllib
from pathlib import Path

import pytest
from small_run import checkpoint_bytes

from ganx.sampling.generator import load_generator
from ganx_cli.ending import run
from ganx_cli.main import cli

SMALL = (
    *("--images", "32", "--precision", "float32", "--set", "model.width=8"),
    *("--set", "dataset.size=24", "--set", "dataset.resolution=32"),
    *("--set", "evaluate.evaluators=[]"),
)


def train(folder: Path, *options: str) -> Path:
    out = ("--out", str(folder / "runs"))
    assert run(cli, ["train", "--plugin", "dcgan", *SMALL, *out, *options]) == 0
    (found,) = (folder / "runs").iterdir()
    return found


def recipe_of(trained: Path) -> str:
    return str(tomllib.loads((trained / "config.toml").read_text("utf-8"))["recipe"])


@pytest.mark.parametrize("dataset", ["iclevr", "mnist", "animefaces"])
def test_each_data_set_trains_on_its_labels(dataset: str, tmp_path: Path) -> None:
    trained = train(tmp_path, "--dataset", dataset)
    assert recipe_of(trained) == "dcgan-labels"
    assert load_generator(trained).interface.condition.size > 0


@pytest.mark.parametrize("dataset", ["iclevr", "mnist", "animefaces"])
def test_each_data_set_trains_without_labels(dataset: str, tmp_path: Path) -> None:
    trained = train(tmp_path, "--dataset", dataset, "--set", "dataset.labels=false")
    assert recipe_of(trained) == "dcgan"
    assert load_generator(trained).interface.condition.size == 0


CONSTANT = (
    *("--set", "optimizer.generator.schedule.name=constant"),
    *("--set", "optimizer.discriminator.schedule.name=constant"),
    *("--dataset", "mnist"),
)
"""Without a fall of the rate at the run's end, which would lie elsewhere in a longer one."""


def test_a_prolonged_run_has_the_bits_of_one_that_was_long_from_the_start(tmp_path: Path) -> None:
    whole = train(tmp_path / "whole", *CONSTANT, "--images", "64")
    part = train(tmp_path / "part", *CONSTANT)
    assert run(cli, ["train", "--resume", str(part), "--images", "64"]) == 0
    assert checkpoint_bytes(part) == checkpoint_bytes(whole)
