from pathlib import Path

import numpy as np
import pytest
import torch

from ganx.contracts.condition import Condition, Group
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.data.cache import cache_root
from ganx.data.images import fits, to_images
from ganx.data.store import ImageStore, is_prepared, prepare
from ganx.errors import DataError

COUNT, SIDE = 23, 4


class Pixels:
    """A source that counts how often it is read; its images are a function of the index."""

    action = "draw"
    block = 5

    def __init__(
        self, count: int = COUNT, channels: int = 3, version: str = "one", parallel: bool = True
    ) -> None:
        self.values = np.random.default_rng(7).integers(
            0, 256, (count, SIDE, SIDE, channels), dtype=np.uint8
        )
        self.version = version
        self.parallel = parallel
        self.reads: list[tuple[int, int, str]] = []

    def __len__(self) -> int:
        return len(self.values)

    def fingerprint(self) -> str:
        return self.version.encode().hex().ljust(64, "0")

    def read(self, start: int, stop: int, device: str) -> torch.Tensor:
        self.reads.append((start, stop, device))
        return torch.from_numpy(self.values[start:stop].copy())


def dataset_of(pixels: Pixels) -> Dataset:
    count, channels = len(pixels), pixels.values.shape[3]
    conditions = np.eye(3, dtype=np.uint8)[np.arange(count) % 3]
    condition = Condition("labels", (Group("object", ("a", "b", "c")),))
    provenance = {"source": "made up", "folder": Path("somewhere")}
    return Dataset(Interface(SIDE, channels, condition), pixels, conditions, provenance=provenance)


@pytest.fixture
def pixels() -> Pixels:
    return Pixels()


@pytest.fixture
def store(pixels: Pixels, tmp_path: Path) -> ImageStore:
    return prepare(dataset_of(pixels), "drawn", tmp_path)


@pytest.mark.parametrize("parallel", [True, False])
def test_a_store_holds_every_image_in_order(parallel: bool, tmp_path: Path) -> None:
    pixels = Pixels(parallel=parallel)
    store = prepare(dataset_of(pixels), "drawn", tmp_path)
    np.testing.assert_array_equal(store.images, pixels.values)
    assert len(store) == COUNT
    assert (store.resolution, store.channels) == (SIDE, 3)


def test_a_store_is_a_folder_named_after_data_set_and_fingerprint(
    store: ImageStore, pixels: Pixels, tmp_path: Path
) -> None:
    assert store.path == tmp_path / "images" / f"drawn-{pixels.fingerprint()[:16]}"
    assert sorted(path.name for path in store.path.iterdir()) == ["images.npy", "manifest.json"]


def test_a_name_that_is_a_path_stays_inside_the_cache(pixels: Pixels, tmp_path: Path) -> None:
    store = prepare(dataset_of(pixels), "../drawn", tmp_path)
    assert store.path.parent == tmp_path / "images"


def test_the_images_are_mapped_read_only(store: ImageStore) -> None:
    assert isinstance(store.images, np.memmap)
    assert not store.images.flags.writeable


def test_a_source_is_read_once_however_often_it_is_prepared(tmp_path: Path) -> None:
    first, second = Pixels(), Pixels()
    prepare(dataset_of(first), "drawn", tmp_path)
    store = prepare(dataset_of(second), "drawn", tmp_path)
    assert sorted(first.reads) == [(start, min(start + 5, 23), "cpu") for start in range(0, 23, 5)]
    assert second.reads == []
    np.testing.assert_array_equal(store.images, first.values)


def test_a_whole_store_is_told_from_none_and_from_a_damaged_one(
    pixels: Pixels, tmp_path: Path
) -> None:
    dataset = dataset_of(pixels)
    assert not is_prepared(dataset, "pixels", tmp_path)
    assert list(tmp_path.iterdir()) == []
    store = prepare(dataset, "pixels", tmp_path)
    assert is_prepared(dataset, "pixels", tmp_path)
    assert not is_prepared(dataset, "others", tmp_path)
    (store.path / "images.npy").write_bytes(b"")
    assert not is_prepared(dataset, "pixels", tmp_path)


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    prepare(dataset_of(Pixels()), "drawn", tmp_path)
    changed = Pixels(version="two")
    prepare(dataset_of(changed), "drawn", tmp_path)
    assert changed.reads


def test_the_device_reaches_the_source(pixels: Pixels, tmp_path: Path) -> None:
    prepare(dataset_of(pixels), "drawn", tmp_path, device="elsewhere")
    assert {device for _, _, device in pixels.reads} == {"elsewhere"}


class Rendered(Pixels):
    action = "render"


class RenderedOnTheCpu(Rendered):
    draws_on_device = False


def test_what_a_gpu_rendered_is_not_taken_for_what_a_cpu_did(tmp_path: Path) -> None:
    pixels = Rendered()
    here = prepare(dataset_of(pixels), "drawn", tmp_path)
    assert here.path.name == f"drawn-{pixels.fingerprint()[:16]}"
    assert not is_prepared(dataset_of(pixels), "drawn", tmp_path, "cuda")

    there = prepare(dataset_of(pixels), "drawn", tmp_path, "cuda")

    assert {device for _, _, device in pixels.reads} == {"cpu", "cuda"}
    assert there.path.parent == here.path.parent
    assert there.path != here.path
    for device in ("cpu", "cuda", "cuda:1"):
        assert is_prepared(dataset_of(pixels), "drawn", tmp_path, device)


@pytest.mark.parametrize("kind", [Pixels, RenderedOnTheCpu])
def test_pixels_that_do_not_depend_on_the_device_are_read_once(
    kind: type[Pixels], tmp_path: Path
) -> None:
    here = prepare(dataset_of(kind()), "drawn", tmp_path)
    assert prepare(dataset_of(kind()), "drawn", tmp_path, "cuda").path == here.path


def test_progress_counts_up_to_all_images(pixels: Pixels, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    prepare(dataset_of(pixels), "drawn", tmp_path, progress=lambda *report: seen.append(report))
    assert seen == [("draw", done, COUNT) for done in (0, 5, 10, 15, 20, 23)]


def test_a_data_set_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at least one image"):
        prepare(dataset_of(Pixels(count=0)), "drawn", tmp_path)


def test_as_many_conditions_as_images_are_demanded(pixels: Pixels, tmp_path: Path) -> None:
    whole = dataset_of(pixels)
    short = Dataset(whole.interface, pixels, whole.conditions[:-1])
    with pytest.raises(DataError, match="23 images and 22 conditions"):
        prepare(short, "drawn", tmp_path)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_batch_maps_bytes_onto_minus_one_to_one(channels: int, tmp_path: Path) -> None:
    pixels = Pixels(channels=channels)
    pixels.values[0, 0, 0, 0], pixels.values[0, 0, 1, 0] = 0, 255
    store = prepare(dataset_of(pixels), "drawn", tmp_path)
    indices = np.array([22, 0, 0, 5])
    batch = store.batch(indices, "cpu")
    expected = pixels.values[indices].astype(np.float32).transpose(0, 3, 1, 2) / 127.5 - 1
    assert batch.dtype == torch.float32
    assert batch.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_allclose(batch.numpy(), expected, atol=1e-6)
    assert batch[1, 0, 0, 0] == -1.0
    assert batch[1, 0, 0, 1] == 1.0


def test_flipped_images_are_mirrored_and_the_others_not(store: ImageStore) -> None:
    indices = np.arange(4)
    plain = store.batch(indices, "cpu")
    batch = store.batch(indices, "cpu", flip=torch.tensor([True, False, False, True]))
    np.testing.assert_array_equal(batch[[1, 2]], plain[[1, 2]])
    np.testing.assert_array_equal(batch[[0, 3]], plain[[0, 3]].flip(3))
    assert batch.is_contiguous(memory_format=torch.channels_last)


def test_a_batch_may_be_changed_without_changing_the_store(store: ImageStore) -> None:
    store.batch(np.arange(3), "cpu").zero_()
    assert store.batch(np.arange(3), "cpu").any()


def test_conditions_come_as_floats_in_the_order_asked_for(store: ImageStore) -> None:
    batch = store.batch_conditions(np.array([2, 0, 3]), "cpu")
    assert batch.dtype == torch.float32
    assert batch.tolist() == [[0, 0, 1], [1, 0, 0], [1, 0, 0]]


def test_an_index_outside_the_store_is_refused(store: ImageStore) -> None:
    with pytest.raises(IndexError):
        store.batch(np.array([0, COUNT]), "cpu")


def test_on_the_cpu_a_store_stays_on_disk(store: ImageStore) -> None:
    assert store.to("cpu") is store


@pytest.mark.parametrize("flip", [None, torch.tensor([True, False, True])])
def test_the_way_of_other_devices_gives_the_same_images(
    flip: torch.Tensor | None, store: ImageStore, pixels: Pixels
) -> None:
    images = to_images(torch.from_numpy(pixels.values[:3]), flip)
    assert images.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_array_equal(images, store.batch(np.arange(3), "cpu", flip))


def test_a_store_moves_to_a_gpu_where_it_takes_at_most_two_fifths_of_what_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (1000, 5000))
    assert fits(400, torch.device("cuda"))
    assert not fits(401, torch.device("cuda"))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("share", [0.4, 0.0])
def test_a_gpu_gives_the_same_batches_resident_or_not(
    share: float, store: ImageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganx.data.images.RESIDENT_SHARE", share)
    moved = store.to("cuda")
    assert (moved is store) == (share == 0.0)
    indices, flip = np.array([3, 3, 22, 0]), torch.tensor([True, False, True, False])
    batch = moved.batch(indices, "cuda", flip.cuda())
    assert batch.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_allclose(batch.cpu(), store.batch(indices, "cpu", flip), atol=1e-6)
    assert moved.batch_conditions(indices, "cuda").device.type == "cuda"
    with pytest.raises(IndexError):
        moved.batch(np.array([-1]) if share else np.array([COUNT]), "cuda")


def test_the_cache_lies_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "mine"))
    assert cache_root() == tmp_path / "mine"


@pytest.mark.parametrize("value", ["", None])
def test_without_a_word_from_the_environment_the_cache_is_the_users(
    value: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("GANX_CACHE", raising=False)
    if value is not None:
        monkeypatch.setenv("GANX_CACHE", value)
    assert cache_root().name == "ganx"
    assert cache_root().is_absolute()
