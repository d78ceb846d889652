"""A run goes on with the data that it was started on, wherever that lies, and with no other."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lab import Lab, assert_same_checkpoint
from tiny import ColourSquares, TinyDatasetConfig, open_tiny

from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset
from ganx.contracts.specs import DatasetSpec
from ganx.data.identity import Identity
from ganx.errors import ConfigError, GanxError, RunError
from ganx.runs.directory import RunDirectory
from ganx.training.former_data import check_data

Change = Callable[[Dataset], Dataset]


class PlacedConfig(TinyDatasetConfig):
    """Settings of squares that pretend to lie somewhere."""

    folder: Path | None = None
    """Where they lie."""


def lab_of(folder: Path, change: Change = lambda dataset: dataset) -> Lab:
    """Make a lab whose squares have changed."""
    lab = Lab(folder)

    def opened(config: PlacedConfig) -> Dataset:
        return change(open_tiny(config))

    squares = DatasetSpec("squares", "Squares", PlacedConfig, opened)
    return replace(lab, host=replace(lab.host, datasets={"squares": squares}))


def relabelled(dataset: Dataset) -> Dataset:
    rows = dataset.conditions.copy()
    rows[7] = [0, 0, 1]
    return replace(dataset, conditions=rows)


def reordered(dataset: Dataset) -> Dataset:
    (group,) = dataset.interface.condition.groups
    condition = Condition("classes", (Group(group.name, group.values[::-1]),))
    return replace(dataset, interface=replace(dataset.interface, condition=condition))


def split(dataset: Dataset) -> Dataset:
    return replace(dataset, splits={"train": slice(0, 40)})


def shorter(dataset: Dataset) -> Dataset:
    return replace(dataset, images=ColourSquares(40), conditions=dataset.conditions[:40])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (relabelled, "the labels of images"),
        (reordered, r"the vocabulary: another order \("),
        (split, "split train added"),
        (shorter, "50 images then, 40 now"),
    ],
)
def test_a_run_is_not_resumed_on_other_data_and_told_what_differs(
    tmp_path: Path, change: Change, told: str
) -> None:
    done = lab_of(tmp_path).run()
    before = done.config.read_bytes(), done.metrics.read_bytes()
    with pytest.raises(RunError, match=f"What differs: {told}") as refused:
        lab_of(tmp_path, change).resume(done, train={"images": 200})
    assert refused.value.remedy is not None
    assert refused.value.remedy.facts == {"config": str(done.config), "run": str(done.path)}
    assert f"train.init_from = {str(done.path)!r}" in refused.value.remedy.words
    assert (done.config.read_bytes(), done.metrics.read_bytes()) == before


def test_the_data_may_lie_elsewhere_and_the_configuration_then_says_where(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    lab = lab_of(tmp_path)
    with lab.start(dataset={"folder": str(old)}) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    old.rename(new)
    with pytest.raises(RunError, match=r"is not at .*old any more\. .*in dataset\.folder"):
        lab.resume(trainer.run)
    moved = lab.resume(trainer.run, dataset={"folder": str(new)})
    assert moved.read_config()["dataset"]["folder"] == str(new)
    assert_same_checkpoint(lab.run(dataset={"folder": str(new)}), moved)
    with pytest.raises(ConfigError, match=r"dataset\.size cannot change"):
        lab.resume(moved, dataset={"folder": str(old), "size": 7})


def test_a_checkpoint_and_the_provenance_say_who_the_data_is(tmp_path: Path) -> None:
    done = lab_of(tmp_path).run()
    expected = Identity.of(open_tiny(TinyDatasetConfig()))
    state = json.loads((done.newest_checkpoint() / "state.json").read_text())
    assert Identity.from_json(state["dataset"]) == expected
    told = done.read_provenance()[-1].dataset
    assert told["fingerprint"] == expected.fingerprint
    assert told["labels_fingerprint"] == expected.labels


def test_a_run_keeps_who_its_data_was_while_its_files_change(tmp_path: Path) -> None:
    lab = lab_of(tmp_path)
    with lab.start() as trainer:
        ColourSquares.fingerprint, kept = lambda _: "f" * 64, ColourSquares.fingerprint
        try:
            trainer.train()
        finally:
            ColourSquares.fingerprint = kept
    lab.resume(trainer.run, train={"images": 200})


def old(fingerprint: str, **provenance: Any) -> str:
    """Resume a checkpoint of before, and return what is said of it."""
    dataset = replace(open_tiny(TinyDatasetConfig()), provenance=provenance)
    folder = Path("runs", "00000", "checkpoints", "000000096")
    try:
        check_data({"dataset_fingerprint": fingerprint}, dataset, Identity.of(dataset), folder)
    except GanxError as error:
        return error.text
    return ""


def test_a_checkpoint_of_before_is_taken_where_its_fingerprint_means_the_same() -> None:
    assert old(ColourSquares(50).fingerprint()) == ""
    assert "images of the data set are not those" in old("f00d", source="rendered")
    assert "times of their last change. So nobody can tell" in old("f00d", source="folder")


def test_the_run_of_a_checkpoint_is_named(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "00000-tiny")
    dataset = open_tiny(TinyDatasetConfig())
    saved = {"dataset": {**Identity.of(dataset).to_json(), "labels": "other"}}
    with pytest.raises(RunError, match=r"00000-tiny/config\.toml and train\.init_from"):
        check_data(saved, dataset, Identity.of(dataset), run.checkpoint(96))
