"""What is said of a judge and of the data beside every score."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from seeing import reader
from tiny import TinyDatasetConfig, open_tiny

from ganx.contracts.dataset import without_labels
from ganx.contracts.interface import Interface
from ganx.contracts.judge import Judge
from ganx.contracts.specs import DatasetSpec
from ganx.data.identity import labels_digest
from ganx.errors import DataError
from ganx.judging.network import JudgeNetwork
from ganx.judging.saved import save_judge
from ganx.scoring.opening import judge_for, note_on_labels, notes_of
from ganx.testing.interfaces import ATTRIBUTES

FOLDER: dict[str, Any] = {"source": "folder"}
SCENES: dict[str, Any] = {"source": "rendered", "seed": 0}
SQUARES = DatasetSpec("squares", "Coloured squares", TinyDatasetConfig, open_tiny)


def known(top_k: float = 0.99, **record: Any) -> Judge:
    return reader(record={"held_out": {"scores": {"top-k": top_k}}, **record})


def learned_from(**provenance: Any) -> Judge:
    return known(dataset={"provenance": provenance})


def notes(judge: Any, trained_on: dict[str, Any]) -> str:
    return " ".join(notes_of(judge, trained_on))


def test_real_images_and_a_good_judge_need_no_note() -> None:
    assert notes(known(), FOLDER) == notes(None, FOLDER) == ""


def test_scores_on_rendered_images_compare_with_nothing_published() -> None:
    assert "no score here compares with a published one" in notes(None, SCENES)


def test_a_judge_that_is_often_wrong_is_told() -> None:
    assert "right on at most 30% of images" in notes(known(0.3), FOLDER)


def test_a_judge_that_was_examined_on_few_images_is_told() -> None:
    judge = reader(record={"held_out": {"images": 2, "scores": {"top-k": 1.0}}})
    assert notes(judge, FOLDER) == judge.caution != ""


def test_a_judge_that_learned_from_the_runs_own_scenes_is_told() -> None:
    said = "learned from scenes that this run was trained on"
    assert said in notes(learned_from(source="rendered", seed=0), SCENES)
    assert said not in notes(learned_from(source="rendered", seed=1000), SCENES)
    assert said not in notes(learned_from(source="folder"), FOLDER)


def test_labels_that_a_generator_learned_and_that_changed_since_are_told() -> None:
    squares = open_tiny(TinyDatasetConfig())
    others = replace(squares, conditions=squares.conditions[::-1])
    learned: dict[str, Any] = {"labels_fingerprint": labels_digest(squares)}
    labelled: Any = SimpleNamespace(interface=squares.interface)
    unlabelled: Any = SimpleNamespace(interface=without_labels(squares).interface)
    (said,) = note_on_labels(labelled, others, learned)
    assert "are not those that the run was trained on" in said
    assert [*note_on_labels(labelled, squares, learned)] == []
    assert [*note_on_labels(unlabelled, others, learned)] == []
    assert [*note_on_labels(labelled, others, FOLDER)] == []


def saved(folder: Any, interface: Interface) -> Any:
    torch.manual_seed(0)
    network = JudgeNetwork(interface, 4).eval()
    path = folder / "judge.safetensors"
    save_judge(Judge(network, interface, {"settings": {"width": 4}}), path)
    return path


def test_a_judge_of_other_labels_is_refused(tmp_path: Any) -> None:
    squares = open_tiny(TinyDatasetConfig())
    path = saved(tmp_path, replace(squares.interface, condition=ATTRIBUTES))
    with pytest.raises(DataError, match="knows other labels than the data set 'squares'"):
        judge_for(SQUARES, squares, path, torch.device("cpu"))


def test_a_run_without_labels_can_have_a_judge_for_its_codes(tmp_path: Any) -> None:
    squares = open_tiny(TinyDatasetConfig())
    judge = judge_for(
        SQUARES, without_labels(squares), saved(tmp_path, squares.interface), torch.device("cpu")
    )
    assert judge is not None
    assert judge.interface.condition == squares.interface.condition
