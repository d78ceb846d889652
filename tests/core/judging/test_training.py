"""A judge learns, is examined on images it did not see, and is kept."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tiny import TinyDatasetConfig, open_tiny

from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset, without_labels
from ganx.contracts.heads import condition_error, probabilities
from ganx.contracts.interface import Interface
from ganx.contracts.judge import Judge
from ganx.data.store import ImageStore, prepare
from ganx.errors import ConfigError, DataError, RunError
from ganx.judging.lesson import coarsened, partly_coarsened, shifted
from ganx.judging.material import judge_parts
from ganx.judging.measures import OF_LABEL_SETS
from ganx.judging.network import JudgeNetwork
from ganx.judging.saved import load_judge, save_judge
from ganx.judging.settings import JudgeConfig
from ganx.judging.training import train_judge

QUICK = JudgeConfig(width=4, epochs=8, batch_size=16)
DIGITS = Condition("classes", (Group("digit", tuple("0123456789")),))
FACES = Condition("attributes", (Group("hair", ("red", "blue")), Group("eyes", ("red", "blue"))))
OBJECTS = Condition("labels", (Group("object", tuple("abcdef")),))


@pytest.fixture(scope="module")
def squares() -> Dataset:
    return open_tiny(TinyDatasetConfig(size=200))


@pytest.fixture(scope="module")
def store(squares: Dataset, tmp_path_factory: pytest.TempPathFactory) -> ImageStore:
    return prepare(squares, "squares", tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def judge(squares: Dataset, store: ImageStore) -> Judge:
    return train_judge(squares, store, QUICK, "cpu")


def weights(judge: Judge) -> torch.Tensor:
    return torch.cat([value.double().flatten() for value in judge.network.state_dict().values()])


def some_images(count: int = 5) -> torch.Tensor:
    return torch.rand(count, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_it_tells_colours_that_it_did_not_see(judge: Judge) -> None:
    assert judge.held_out == {"colour": 1.0}
    assert judge.record["held_out"]["images"] == 20
    assert judge.record["dataset"]["images"] == 180


def test_the_same_seed_gives_the_same_weights(
    judge: Judge, squares: Dataset, store: ImageStore
) -> None:
    torch.manual_seed(5)
    again = train_judge(squares, store, QUICK, "cpu")
    other = train_judge(squares, store, QUICK.model_copy(update={"seed": 1}), "cpu")
    assert torch.equal(weights(again), weights(judge))
    assert not torch.equal(weights(other), weights(judge))


def test_the_global_random_state_is_left_alone(squares: Dataset, store: ImageStore) -> None:
    before = torch.get_rng_state()
    train_judge(squares, store, QUICK.model_copy(update={"epochs": 1, "shift": 1}), "cpu")
    assert torch.equal(torch.get_rng_state(), before)


def test_it_tells_how_far_it_is(squares: Dataset, store: ImageStore) -> None:
    told: list[tuple[int, int]] = []
    one_pass = QUICK.model_copy(update={"epochs": 1, "batch_size": 100})
    train_judge(squares, store, one_pass, "cpu", lambda *numbers: told.append(numbers))
    assert told == [(100, 180), (180, 180)]


def test_answers_do_not_depend_on_the_images_beside(judge: Judge) -> None:
    images = some_images(200)
    together = judge.probabilities(images)
    apart = np.concatenate([judge.probabilities(images[:7]), judge.probabilities(images[7:])])
    np.testing.assert_allclose(together, apart, atol=1e-5)
    np.testing.assert_allclose(together.sum(axis=1), 1.0)
    assert judge.features(images).shape == (200, 32)


def test_images_of_another_form_are_refused(judge: Judge) -> None:
    for shape in [(1, 8, 8), (3, 8, 9), (8, 8)]:
        with pytest.raises(DataError, match=r"square images with 3 channels, not at .*of shape \("):
            judge.probabilities(torch.zeros(2, *shape))


def test_saved_and_loaded_it_answers_alike(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "judges" / "squares.safetensors"
    save_judge(judge, path)
    loaded = load_judge(path)
    np.testing.assert_array_equal(
        loaded.probabilities(some_images()), judge.probabilities(some_images())
    )
    assert loaded.interface == judge.interface
    assert loaded.record == judge.record
    assert loaded.record["settings"] == QUICK.model_dump()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_folder_of_real_images_is_not_recorded(squares: Dataset, store: ImageStore) -> None:
    placed = replace(squares, provenance={"source": "folder", "folder": "somewhere"})
    one_pass = QUICK.model_copy(update={"epochs": 1})
    record = train_judge(placed, store, one_pass, "cpu").record
    assert record["dataset"]["provenance"] == {"source": "folder"}


@pytest.mark.parametrize("content", [b"", b"no safetensors at all"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "judge.safetensors"
    path.write_bytes(content)
    with pytest.raises(RunError, match="Cannot read the judge"):
        load_judge(path)


def test_a_missing_file_and_another_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="Cannot read the judge"):
        load_judge(tmp_path / "missing.safetensors")
    save_file({"a": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(RunError, match="is no judge of format 1"):
        load_judge(tmp_path / "other.safetensors")


def test_weights_of_another_width_are_refused(judge: Judge, tmp_path: Path) -> None:
    settings = {**judge.record["settings"], "width": 8}
    path = tmp_path / "judge.safetensors"
    save_judge(replace(judge, record={**judge.record, "settings": settings}), path)
    with pytest.raises(RunError, match="does not fit its own description"):
        load_judge(path)


def test_a_data_set_without_labels_has_no_judge(squares: Dataset, store: ImageStore) -> None:
    with pytest.raises(ConfigError, match="this data set has none"):
        train_judge(without_labels(squares), store, QUICK, "cpu")


@pytest.mark.parametrize("condition", [DIGITS, FACES, OBJECTS], ids=lambda one: one.kind)
@pytest.mark.parametrize(("side", "channels"), [(16, 1), (28, 1), (64, 3), (100, 4)])
def test_images_of_any_size_get_a_logit_for_each_entry(
    condition: Condition, side: int, channels: int
) -> None:
    network = JudgeNetwork(Interface(side, channels, condition), width=4).eval()
    images = torch.zeros(2, channels, side, side)
    assert network(images).shape == (2, condition.size)
    assert network.features(images).shape == (2, 32)


@pytest.mark.parametrize(("side", "channels"), [(16, 1), (64, 3), (128, 3)])
def test_at_its_default_width_it_is_small(side: int, channels: int) -> None:
    network = JudgeNetwork(Interface(side, channels, OBJECTS))
    assert 300_000 < sum(value.numel() for value in network.parameters()) < 700_000


def test_probabilities_are_of_each_group_and_of_each_label() -> None:
    logits = torch.tensor([[0.0, 0.0, 1.0, 0.0]])
    even, first = 0.5, 1 / (1 + np.exp(-1))
    found = probabilities(FACES, logits)
    np.testing.assert_allclose(found, [[even, even, first, 1 - first]], atol=1e-12)
    labels = Condition("labels", (Group("object", tuple("abcd")),))
    np.testing.assert_allclose(probabilities(labels, logits), [[even, even, first, even]])


def test_the_error_is_the_cross_entropy_of_each_group_or_label() -> None:
    logits = torch.tensor([[0.0, 0.0, 1.0, 0.0]])
    asked = torch.tensor([[1.0, 0.0, 0.0, 1.0]])
    of_second_group = np.log(1 + np.exp(1))
    assert condition_error(FACES, logits, asked).item() == pytest.approx(
        np.log(2) + of_second_group
    )
    labels = Condition("labels", (Group("object", tuple("abcd")),))
    mean = (3 * np.log(2) + of_second_group) / 4
    assert condition_error(labels, logits, asked).item() == pytest.approx(mean)


def labelled(count: int) -> Dataset:
    squares = open_tiny(TinyDatasetConfig(size=count))
    condition = Condition("labels", squares.interface.condition.groups)
    return replace(squares, interface=replace(squares.interface, condition=condition))


def test_a_split_for_testing_is_held_out(squares: Dataset) -> None:
    splits = {"train": slice(0, 150), "validation": slice(150, 160), "test": slice(160, 200)}
    training, held_out, calibration = judge_parts(replace(squares, splits=splits))
    assert training.tolist() == list(range(150))
    assert held_out.tolist() == list(range(160, 200))
    assert calibration.tolist() == []
    training, held_out, _ = judge_parts(replace(squares, splits={"validation": slice(20)}))
    assert training.tolist() == list(range(20, 200))
    assert held_out.tolist() == list(range(20))


@pytest.mark.parametrize("splits", [{}, {"test": slice(0, 200)}, {"train": slice(0, 200)}])
def test_without_such_a_split_a_random_tenth_is_held_out(
    squares: Dataset, splits: dict[str, slice]
) -> None:
    training, held_out, _ = judge_parts(replace(squares, splits=splits))
    assert len(held_out) == 20
    assert sorted([*training.tolist(), *held_out.tolist()]) == list(range(200))
    assert held_out.tolist() != list(range(180, 200))
    assert held_out.tolist() == judge_parts(squares).held_out.tolist()


@pytest.mark.parametrize("count", [200, 2000])
def test_three_views_of_a_scene_are_not_divided_but_at_the_end_of_a_part(count: int) -> None:
    parts = judge_parts(labelled(count))
    scenes = [set((part // 3).tolist()) for part in parts if len(part)]
    shared = [len(one & other) for one in scenes for other in scenes if one is not other]
    assert max(shared) <= 1
    assert len(set((parts.held_out // (count // 5)).tolist())) >= 3  # from all over


def test_what_sets_the_threshold_is_neither_learned_from_nor_examined() -> None:
    parts = judge_parts(labelled(1000))
    assert [len(part) for part in parts] == [855, 100, 45]
    assert sorted(np.concatenate(parts).tolist()) == list(range(1000))


def test_a_few_images_set_no_threshold() -> None:
    assert [len(part) for part in judge_parts(labelled(100))] == [90, 10, 0]


def test_a_judge_of_labels_sets_its_threshold(tmp_path: Path) -> None:
    dataset = labelled(600)
    judge = train_judge(dataset, prepare(dataset, "squares", tmp_path), QUICK, "cpu")
    assert judge.held_out == dict.fromkeys(("top-k", "exact match", *OF_LABEL_SETS), 1.0)
    assert judge.record["calibration"] == {"images": 27}
    assert judge.threshold == judge.record["threshold"]
    assert 0 < judge.threshold < 1
    save_judge(judge, tmp_path / "judge.safetensors")
    assert load_judge(tmp_path / "judge.safetensors").threshold == judge.threshold


def test_one_image_cannot_be_divided() -> None:
    with pytest.raises(DataError, match="two images or more"):
        judge_parts(open_tiny(TinyDatasetConfig(size=1)))


def test_half_of_the_images_are_brought_to_a_smaller_side_and_back() -> None:
    images = torch.randn(8, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    found = partly_coarsened(images, 4, np.random.default_rng(0))
    assert torch.equal(found[:4], images[:4])
    assert torch.equal(found[4:6], coarsened(images[4:6], 4))
    sides = [side for side in range(4, 16) if torch.equal(found[6:], coarsened(images[6:], side))]
    assert len(sides) == 1
    assert found[4:].var() < images[4:].var() / 2


def test_it_is_examined_at_the_smallest_side_too(squares: Dataset, store: ImageStore) -> None:
    small = QUICK.model_copy(update={"smallest": 4})
    judge = train_judge(squares, store, small, "cpu")
    assert judge.held_out == {"colour": 1.0, "colour at 4 px": 1.0}
    with pytest.raises(ConfigError, match=r"judge.smallest is 8, but .* a side of 8 pixels"):
        train_judge(squares, store, QUICK.model_copy(update={"smallest": 8}), "cpu")


def test_shifted_images_move_by_whole_pixels_and_repeat_their_edges() -> None:
    ramp = torch.arange(8.0).expand(1, 1, 8, 8)
    images = torch.cat([ramp, ramp.transpose(2, 3)], dim=1).expand(50, 2, 8, 8)
    moved = shifted(images, 2, np.random.default_rng(0))
    across = moved[:, 0, 0, 3] - 3
    down = moved[:, 1, 3, 0] - 3
    assert set(across.tolist()) == set(down.tolist()) == {-2, -1, 0, 1, 2}
    places = torch.arange(8.0)
    expected = (places + across[:, None]).clamp(0, 7)
    assert torch.equal(moved[:, 0, 0], expected)
    assert torch.equal(moved[:, 0, 7], expected)


def test_what_a_file_says_of_a_judge_is_readable_json(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "judge.safetensors"
    save_judge(judge, path)
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    about = json.loads(header["__metadata__"]["ganx.judge"])
    assert about["record"]["held_out"]["scores"] == {"colour": 1.0}
    assert about["interface"]["resolution"] == 8
