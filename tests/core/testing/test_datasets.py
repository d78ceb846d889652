"""The data set contract of ganx.testing refuses data sets that break it, and takes sound ones."""

import hashlib
from dataclasses import replace as with_
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
from refusal import refused
from torch import Tensor

from ganx.config import Config
from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.contracts.specs import DatasetSpec, Purpose, Wish
from ganx.testing import DatasetContract


class Squares(tiny.ColourSquares):
    """A sound source of images, whose methods the tests below replace."""

    parallel = True

    def fingerprint(self) -> str:
        return f"{len(self):016x}" * 4


def dataset(size: int = 12, **changes: Any) -> DatasetContract:
    contract = DatasetContract()

    def open_(config: tiny.TinyDatasetConfig) -> Dataset:
        made = tiny.open_tiny(config)
        fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
        return Dataset(**{**fields, "images": Squares(config.size), **changes})

    contract.spec = DatasetSpec("squares", "For tests", tiny.TinyDatasetConfig, open_)
    contract.config = {"size": size}
    contract.variants = ({"size": 13},)
    return contract


def replace(monkeypatch: pytest.MonkeyPatch, name: str, method: Any) -> None:
    monkeypatch.setattr(Squares, name, method)


def test_a_sound_data_set_keeps_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = dataset()
    unlike = ("opening", "copy", "unseen")
    tests = [name for name in dir(contract) if name.startswith("test_")]
    for name in tests:
        if not any(word in name for word in unlike):
            getattr(contract, name)()
    contract.test_opening_reads_no_pixel(monkeypatch)


ONE_HOT = np.eye(3, dtype=np.uint8)[np.arange(12) % 3]


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        (ONE_HOT[:, :2], r"\(12, 2\), not \(12, 3\)"),
        (ONE_HOT[:11], r"\(11, 3\)"),
        (ONE_HOT.astype(np.float32), "float32, not uint8"),
        (ONE_HOT * 2, "other than 0 and 1"),
        (np.ones_like(ONE_HOT), "exactly one value of 'colour'"),
        (np.zeros_like(ONE_HOT), "exactly one value of 'colour'"),
    ],
)
def test_conditions_that_do_not_fit_are_refused(conditions: Any, sentence: str) -> None:
    contract = dataset(conditions=conditions)
    refused(contract, "test_conditions_are_what_the_vocabulary_allows", sentence)


@pytest.mark.parametrize(
    ("changes", "test", "sentence"),
    [
        ({"prompts": {"test": ()}}, "test_prompts_can_be_read", "is empty"),
        ({"splits": {"train": slice(50, 60)}}, "test_splits_are_ranges_of_images", "is empty"),
        ({"splits": {"train": slice(0, 9, 2)}}, "test_splits_are_ranges_of_images", "leaves"),
        ({"augmentation": "spin"}, "test_declarations_are_valid", "'spin' is not of"),
        (
            {"interface": Interface(8, 1, Condition("classes", (Group("colour", tiny.COLOURS),)))},
            "test_images_have_the_declared_form",
            "An image is",
        ),
    ],
)
def test_declarations_that_do_not_hold_are_refused(changes: Any, test: str, sentence: str) -> None:
    refused(dataset(**changes), test, sentence)


def test_a_source_whose_pixels_depend_on_the_block_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = tiny.ColourSquares.read

    def shifted(self: Squares, start: int, stop: int, device: str) -> Tensor:
        return whole(self, start, stop, device) + (stop - start)

    replace(monkeypatch, "read", shifted)
    test = "test_an_image_does_not_depend_on_the_block_it_is_read_in"
    refused(dataset(), test, "depend on the block")


def test_a_parallel_source_that_is_not_safe_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tiny.ColourSquares.read
    replace(
        monkeypatch,
        "read",
        lambda self, start, stop, device: whole(self, 0, stop - start, device),
    )
    refused(dataset(), "test_blocks_can_be_read_side_by_side", "side by side get other pixels")


def test_a_fingerprint_that_changes_by_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = iter(range(100))
    replace(monkeypatch, "fingerprint", lambda _self: f"{next(counter):064x}")
    test = "test_the_fingerprint_stays_while_nothing_changes"
    refused(dataset(), test, "changes from call to call")


def test_a_fingerprint_that_never_changes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, "fingerprint", lambda _self: "0" * 64)
    refused(dataset(), "test_the_fingerprint_changes_with_the_pixels", "share a fingerprint")


def test_a_fingerprint_that_reads_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, "fingerprint", lambda self: str(self.read(0, 1, "cpu").sum().item()))
    refused(dataset(), "test_opening_reads_no_pixel", "reads pixels", monkeypatch)


class PlacedConfig(tiny.TinyDatasetConfig):
    """Settings of squares that lie somewhere."""

    folder: Path
    """Where."""


@pytest.mark.parametrize("kind", ["folder", "file"])
@pytest.mark.parametrize("known_by", ["place", "time"])
def test_a_fingerprint_of_times_or_places_is_refused(
    known_by: str, kind: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    class Known(Squares):
        def __init__(self, config: PlacedConfig) -> None:
            super().__init__(config.size)
            self.file = config.folder / "file" if kind == "folder" else config.folder

        def fingerprint(self) -> str:
            seen = self.file if known_by == "place" else self.file.stat().st_mtime_ns
            return hashlib.sha256(str(seen).encode()).hexdigest()

    (tmp_path / "file").write_text("content")
    contract = dataset()
    made = tiny.open_tiny(tiny.TinyDatasetConfig(size=12))
    contract.spec = DatasetSpec(
        "placed", "Placed", PlacedConfig, lambda config: with_(made, images=Known(config))
    )
    contract.config = {"size": 12, "folder": tmp_path if kind == "folder" else tmp_path / "file"}
    test = "test_a_copy_of_the_folder_is_the_same_data_set"
    refused(contract, test, "there differ: the images", tmp_path_factory)


class MoodyConfig(Config):
    """Settings of squares that are opened anew in many ways."""

    size: int = 12
    """Images."""

    mood: int = 0
    """What decides the pixels."""

    resolution: int = 8
    """The side that is declared."""

    hidden: bool = False
    """Whether they show nothing."""


class Moods(Squares):
    """Squares in a colour of their mood."""

    def __init__(self, size: int, mood: int) -> None:
        super().__init__(size)
        self.mood = mood

    def fingerprint(self) -> str:
        return f"{self.mood:032x}{len(self):032x}"

    def read(self, start: int, stop: int, device: str) -> Tensor:
        return super().read(start, stop, device) + self.mood


def open_moody(config: MoodyConfig) -> Dataset:
    made = tiny.open_tiny(tiny.TinyDatasetConfig(size=config.size))
    interface = Interface(config.resolution, 3, made.interface.condition)
    conditions = made.conditions * (not config.hidden)
    return Dataset(
        interface,
        Moods(config.size, config.mood),
        conditions,
        provenance={"source": "rendered", "seed": config.mood % 100},
    )


def moody(unseen: Any = None, suited: Any = None) -> DatasetContract:
    contract = DatasetContract()
    contract.spec = DatasetSpec("moody", "For tests", MoodyConfig, open_moody)
    if unseen:
        contract.spec = with_(contract.spec, unseen=unseen)
    if suited:
        contract.spec = with_(contract.spec, suited=suited)
    return contract


def by(**steps: int) -> Any:
    """Open other moods for each purpose, or other forms."""

    def unseen(config: MoodyConfig, purpose: Purpose) -> MoodyConfig | None:
        if purpose not in steps:
            return None
        return config.model_copy(update={"mood": steps[purpose]})

    return unseen


def test_unseen_images_keep_the_contract_for_some_purposes_or_all() -> None:
    moody(by(judge=1, reference=2, comparison=3)).test_unseen_images_are_others_of_the_same_kind()
    moody(by(judge=1)).test_unseen_images_are_others_of_the_same_kind()


@pytest.mark.parametrize(
    ("unseen", "sentence"),
    [
        (by(judge=0), "12 images of 'run' and 'judge' are the same"),
        (by(judge=1, reference=2, comparison=2), "'reference' and 'comparison' are the same"),
        (by(judge=100), "The provenance of 'run' and 'judge' says they are the same"),
        (
            lambda config, _: config.model_copy(update={"mood": 1, "resolution": 16}),
            r"Unseen images \(judge\) have another form",
        ),
    ],
)
def test_unseen_images_that_are_not_are_refused(unseen: Any, sentence: str) -> None:
    refused(moody(unseen), "test_unseen_images_are_others_of_the_same_kind", sentence)


@pytest.mark.parametrize(
    ("changes", "test", "sentence"),
    [
        (lambda _: {"mood": 1}, "test_labels_can_be_wished_for", "without a wish"),
        (
            lambda wish: {"mood": 1} if wish.labels else {},
            "test_labels_can_be_wished_for",
            "With labels there are other images",
        ),
        (
            lambda wish: {"resolution": 16} if wish.labels else {},
            "test_labels_can_be_wished_for",
            "With labels the form is another",
        ),
        (
            lambda wish: {"size": 5} if wish.images else {},
            "test_fewer_images_can_be_wished_for",
            "There are 5 images, not 6",
        ),
        (
            lambda wish: {"resolution": 16} if wish.images else {},
            "test_fewer_images_can_be_wished_for",
            "Fewer images have another form",
        ),
        (
            lambda wish: {"resolution": 32} if wish.resolution else {},
            "test_another_resolution_can_be_wished_for",
            "The resolution is 32, not 16",
        ),
        (
            lambda wish: {"hidden": True} if wish.resolution else {},
            "test_another_resolution_can_be_wished_for",
            "the images show something else",
        ),
    ],
)
def test_wishes_that_change_something_else_are_refused(
    changes: Any, test: str, sentence: str
) -> None:
    def suited(config: MoodyConfig, wish: Wish) -> MoodyConfig:
        return config.model_copy(update=changes(wish))

    refused(moody(suited=suited), test, sentence)


def test_wishes_that_are_fulfilled_keep_the_contract() -> None:
    def suited(config: MoodyConfig, wish: Wish) -> MoodyConfig:
        changes = {"resolution": wish.resolution or 8, "size": wish.images or config.size}
        return config.model_copy(update=changes)

    contract = moody(suited=suited)
    contract.test_labels_can_be_wished_for()
    contract.test_fewer_images_can_be_wished_for()
    contract.test_another_resolution_can_be_wished_for()
