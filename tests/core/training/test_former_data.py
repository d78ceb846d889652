"""A run goes on with the data that it was started on, wherever that lies, and with no other."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lab import Lab, assert_same_checkpoint
from tiny import ColourSquares, TinyDatasetConfig, open_tiny

from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset
from ganx.contracts.specs import DatasetSpec
from ganx.data.identity import Identity
from ganx.errors import ConfigError, RunError
from ganx.runs.checkpoint import load_state

Change = Callable[[Dataset], Dataset]


class PlacedConfig(TinyDatasetConfig):
    """Settings of squares that pretend to lie somewhere."""

    folder: Path | None = None
    """Where they lie."""


def array_of(array: np.ndarray) -> bytes:
    """Write an array as a file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


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
        (relabelled, r"the labels of 1 image \(number 7\)"),
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
    with pytest.raises(RunError, match=r"is not at .*old\. .*in dataset\.folder"):
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


@pytest.mark.parametrize(
    ("fingerprint", "source", "told"),
    [
        (ColourSquares(50).fingerprint(), "rendered", ""),
        ("f00d", "rendered", "images of the data set are not those"),
        ("f00d", "folder", "times of their last change. So nobody can tell"),
    ],
)
def test_a_checkpoint_of_before_is_taken_where_its_fingerprint_means_the_same(
    fingerprint: str, source: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = lab_of(tmp_path, lambda one: replace(one, provenance={"source": source}))
    done = lab.run()
    state = load_state(done.newest_checkpoint())
    del state["dataset"]
    former = {**state, "dataset_fingerprint": fingerprint}
    monkeypatch.setattr("ganx.training.former_data.load_state", lambda _: former)
    if not told:
        lab.resume(done)
        return
    with pytest.raises(RunError, match=told):
        lab.resume(done)


def test_changed_data_is_refused_before_its_images_are_prepared(tmp_path: Path) -> None:
    done = lab_of(tmp_path).run()
    cached = [path.name for path in (tmp_path / "cache" / "images").iterdir()]
    with pytest.raises(RunError, match="What differs"):
        lab_of(tmp_path, shorter).resume(done)
    assert [path.name for path in (tmp_path / "cache" / "images").iterdir()] == cached


@pytest.mark.parametrize("content", [None, b"", b"damaged", array_of(np.zeros(3))])
def test_without_the_marks_of_a_run_it_is_told_what_differs_but_not_where(
    tmp_path: Path, content: bytes | None
) -> None:
    done = lab_of(tmp_path).run()
    if content is None:
        done.marks.unlink()
    else:
        done.marks.write_bytes(content)
    with pytest.raises(RunError, match=r"What differs: the labels of images\."):
        lab_of(tmp_path, relabelled).resume(done)
