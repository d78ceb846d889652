"""The contract of a data set.

A plugin's author writes::

    class TestFlowers(DatasetContract):
        spec = FLOWERS
        config = {"folder": SAMPLE, "resolution": 32}
        variants = ({"resolution": 64},)

on a folder of a few images: every image of the data set is read.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.config import Config, validated
from ganx.contracts.condition import Condition
from ganx.contracts.dataset import OF_THE_ENGINE, Dataset, Symmetry, in_common
from ganx.contracts.specs import DatasetSpec, Purpose, Wish
from ganx.data.identity import Identity, differences
from ganx.testing.settings_contract import SettingsContract

_FOLDER_DIGITS = 16
"""How many digits of the fingerprint the cache takes into the name of its folder."""


class DatasetContract(SettingsContract):
    """All that ganx asks of a data set; inherit it and set ``spec`` and ``config``."""

    spec: DatasetSpec
    """The data set under test."""

    variants: Sequence[Mapping[str, Any]] = ()
    """Settings, each laid over ``config``, that change pixels and so the fingerprint."""

    def open(self, **changes: Any) -> Dataset:
        """Open the data set."""
        settings = {**self.config, **changes}
        return self.spec.open(validated(self.spec.config, settings, self.spec.name))

    def wished(self, **wishes: Any) -> Dataset:
        """Open the data set as somebody wishes."""
        config: Config = self.spec.suited(self.settings(), Wish(**wishes))
        return self.spec.open(config)

    def test_settings_of_the_engine_are_not_redefined(self) -> None:
        """Every data set has these settings in its table, and what they do is the engine's."""
        taken = [name for name in OF_THE_ENGINE if name in self.spec.config.model_fields]
        assert not taken, f"Call these settings something else: {', '.join(taken)}."

    def test_opening_reads_no_pixel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Opening and the fingerprint are cheap: images are read once, into the cache."""
        forbid_reading(monkeypatch, self.open())
        self.open().images.fingerprint()

    def test_conditions_are_what_the_vocabulary_allows(self) -> None:
        """There is a row of 0 and 1 for each image, with as many values as the kind has."""
        dataset = self.open()
        rows, condition = dataset.conditions, dataset.interface.condition
        expected = (len(dataset.images), condition.size)
        assert rows.shape == expected, f"Conditions are {rows.shape}, not {expected}."
        assert rows.dtype == np.uint8, f"Conditions are {rows.dtype}, not uint8."
        assert set(np.unique(rows)) <= {0, 1}, "Conditions have entries other than 0 and 1."
        for name, counts in counts_of_choices(condition, rows):
            assert (counts == 1).all(), f"An image has not exactly one value of {name!r}."

    def test_prompts_can_be_read(self) -> None:
        """Every prompt is a condition in the data set's own words."""
        dataset = self.open()
        for name, prompts in dataset.prompts.items():
            assert prompts, f"The set of prompts {name!r} is empty."
            for prompt in prompts:
                dataset.interface.condition.encode(prompt)

    def test_splits_are_ranges_of_images(self) -> None:
        """Each split is a run of neighbouring images with something in it."""
        dataset = self.open()
        for name, split in dataset.splits.items():
            chosen = range(len(dataset.images))[split]
            assert len(chosen) > 0, f"The split {name!r} is empty."
            assert chosen.step == 1, f"The split {name!r} leaves images out between others."

    def test_images_have_the_declared_form(self) -> None:
        """A read returns uint8 [n, H, W, C] on the CPU."""
        dataset = self.open()
        side, channels = dataset.interface.resolution, dataset.interface.channels
        images = dataset.images.read(0, 1, "cpu")
        assert images.shape == (1, side, side, channels), f"An image is {tuple(images.shape)}."
        assert images.dtype == torch.uint8, f"Pixels are {images.dtype}, not uint8."
        assert images.device.type == "cpu", f"Pixels are on {images.device}, not on the CPU."

    def test_an_image_does_not_depend_on_the_block_it_is_read_in(self) -> None:
        """Any cut of the images into blocks gives the same pixels, in any order."""
        images = self.open().images
        count = len(images)
        whole = images.read(0, count, "cpu")
        cuts = sorted({0, 1, count // 2, count})
        blocks = [images.read(start, stop, "cpu") for start, stop in reversed([*pairwise(cuts)])]
        assert torch.equal(torch.cat(blocks[::-1]), whole), "Pixels depend on the block."

    def test_blocks_can_be_read_side_by_side(self) -> None:
        """A source that says it is parallel gives several threads what it gives one."""
        images = self.open().images
        if not images.parallel:
            pytest.skip("the source reads one block at a time")

        def read(index: int) -> Tensor:
            return images.read(index, index + 1, "cpu")

        with ThreadPoolExecutor(4) as pool:
            side_by_side = torch.cat(list(pool.map(read, range(len(images)))))
        assert torch.equal(side_by_side, images.read(0, len(images), "cpu")), (
            "Threads that read side by side get other pixels; set parallel = False."
        )

    def test_the_fingerprint_stays_while_nothing_changes(self) -> None:
        """The cache finds its images again."""
        images = self.open().images
        prints = [images.fingerprint(), images.fingerprint(), self.open().images.fingerprint()]
        assert len(set(prints)) == 1, f"The fingerprint changes from call to call: {prints}."
        assert set(prints[0]) <= set("0123456789abcdef"), f"{prints[0]!r} is not hexadecimal."
        assert len(prints[0]) >= _FOLDER_DIGITS, f"The fingerprint {prints[0]!r} is too short."

    def test_the_fingerprint_changes_with_the_pixels(self) -> None:
        """Other settings do not get the images of these."""
        prints = [self.open(**variant).images.fingerprint() for variant in ({}, *self.variants)]
        short = [one[:16] for one in prints]
        assert len(set(short)) == len(short), f"Two of {self.variants} share a fingerprint."

    def test_a_copy_of_the_folder_is_the_same_data_set(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Files are known by what they hold: no time and no place is part of a fingerprint."""
        folder = self.config.get("folder")
        if folder is None:
            pytest.skip("config names no folder")
        copy = tmp_path_factory.mktemp("copy") / Path(folder).name
        if Path(folder).is_dir():
            shutil.copytree(folder, copy, copy_function=_copied_anew)
        else:
            _copied_anew(folder, copy)
        told = differences(Identity.of(self.open()), Identity.of(self.open(folder=copy)))
        assert not told, f"In a copy of the folder there differ: {'; '.join(told)}."

    def test_declarations_are_valid(self) -> None:
        """The engine knows the augmentation and action, and can record where data came from."""
        dataset = self.open()
        allowed = get_args(Symmetry)
        assert dataset.augmentation in allowed, f"{dataset.augmentation!r} is not of {allowed}."
        assert dataset.images.action in {"decode", "render"}, f"{dataset.images.action!r}?"
        assert dataset.images.block >= 1, "A block holds at least one image."
        json.dumps(dict(dataset.provenance), allow_nan=False)

    def test_unseen_images_are_others_of_the_same_kind(self) -> None:
        """No image of a run is among those of its judge or its reference, nor one of theirs."""
        config = self.settings()
        unseen = {purpose: self.spec.unseen(config, purpose) for purpose in get_args(Purpose)}
        others = {name: self.spec.open(one) for name, one in unseen.items() if one is not None}
        if not others:
            pytest.skip("there are no other images; held-out splits are taken")
        sets = {"run": self.spec.open(config), **others}
        interface = sets["run"].interface
        for purpose, dataset in others.items():
            assert dataset.interface == interface, f"Unseen images ({purpose}) have another form."
        for (one, first), (two, second) in combinations(sets.items(), 2):
            shared = pixels_of(first) & pixels_of(second)
            assert not shared, f"{len(shared)} images of {one!r} and {two!r} are the same."
            told = in_common(first.provenance, second.provenance)
            assert not told, f"The provenance of {one!r} and {two!r} says they are the same."

    def test_labels_can_be_wished_for(self) -> None:
        """The same images with all that is known of them; where nothing is wished, all stays."""
        config = self.settings()
        assert self.spec.suited(config, Wish()) == config, "Settings change without a wish."
        run, labelled = self.open(), self.wished(labels=True)
        prints = [one.images.fingerprint() for one in (run, labelled)]
        assert prints[0] == prints[1], "With labels there are other images."
        if run.interface.condition.size:
            assert labelled.interface == run.interface, "With labels the form is another."

    def test_fewer_images_can_be_wished_for(self) -> None:
        """There are as many as are wished for, or as without the wish."""
        run = self.open()
        count = max(1, len(run.images) // 2)
        fewer = self.wished(images=count)
        found = len(fewer.images)
        assert found in {count, len(run.images)}, f"There are {found} images, not {count}."
        assert fewer.interface == run.interface, "Fewer images have another form."

    def test_another_resolution_can_be_wished_for(self) -> None:
        """It is the one wished for, or the one without the wish, and nothing else changes."""
        run = self.open()
        side = run.interface.resolution
        other = self.wished(resolution=2 * side)
        found = other.interface.resolution
        assert found in {side, 2 * side}, f"The resolution is {found}, not {2 * side}."
        assert replace(other.interface, resolution=side) == run.interface, "The form is another."
        same = np.array_equal(other.conditions, run.conditions)
        assert same, "At another resolution the images show something else."


def _copied_anew(file: str | Path, copy: str | Path) -> None:
    """Copy the bytes of a file, with a time of its own."""
    shutil.copyfile(file, copy)
    os.utime(copy, ns=(0, 0))


def pixels_of(dataset: Dataset) -> set[bytes]:
    """Read all images."""
    images = dataset.images.read(0, len(dataset.images), "cpu")
    return {image.numpy().tobytes() for image in images}


def forbid_reading(monkeypatch: pytest.MonkeyPatch, dataset: Dataset) -> None:
    """Make reading pixels fail, from the data set's source and with Pillow."""
    from PIL.Image import Image

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("Opening a data set or taking its fingerprint reads pixels.")

    monkeypatch.setattr(type(dataset.images), "read", refuse)
    monkeypatch.setattr(Image, "load", refuse)


def counts_of_choices(
    condition: Condition, rows: np.ndarray[Any, np.dtype[np.uint8]]
) -> Iterator[tuple[str, Any]]:
    """Count the values of each group in each row, for kinds that take one of each."""
    if condition.kind in {"classes", "attributes"}:
        for name, where in condition.slices.items():
            yield name, rows[:, where].sum(axis=1)
