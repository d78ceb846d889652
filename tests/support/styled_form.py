"""What `sagan` and `dcgan` have in common: their styled form, and the report's with heads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import checkpoint_bytes
from torch import nn

from ganx.builtin.losses.penalties import gradient_norms
from ganx.config import validated
from ganx.contracts.condition import UNCONDITIONAL, Condition
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of, generate
from ganx.contracts.specs import ModelSpec
from ganx.errors import ConfigError
from ganx.runs.directory import RunDirectory
from ganx.sampling.generator import load_generator
from ganx.testing.interfaces import CONDITIONS, LABELS
from ganx_cli.ending import run
from ganx_cli.main import cli

SMALL = (
    *("--images", "32", "--precision", "float32", "--set", "model.width=8"),
    *("--set", "dataset.size=24", "--set", "dataset.resolution=32"),
    *("--set", "evaluate.evaluators=[]"),
)
CONSTANT = (
    *("--set", "optimizer.generator.schedule.name=constant"),
    *("--set", "optimizer.discriminator.schedule.name=constant"),
    *("--dataset", "mnist"),
)
"""Without a fall of the rate at the run's end, which would lie elsewhere in a longer one."""


def condition_of(condition: Condition) -> torch.Tensor:
    c = torch.zeros(2, condition.size)
    for group in condition.slices.values():
        c[:, group.start] = 1
    return c


class StyledForm:
    """The networks of a model whose setting ``form`` may be ``styled``."""

    spec: ModelSpec
    unused: Mapping[str, Any]
    """Another value of each setting that the styled form has no use for."""

    def networks(
        self, resolution: int, channels: int, condition: Condition, **settings: Any
    ) -> Networks:
        torch.manual_seed(0)
        given = {"form": "styled", "width": 8, **settings}
        config = validated(self.spec.config, given, "model")
        return self.spec.build(Interface(resolution, channels, condition), config)

    @pytest.mark.parametrize("resolution", [32, 64, 128, 256])
    @pytest.mark.parametrize("channels", [1, 3])
    @pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.kind)
    def test_every_supported_form_makes_and_judges_images(
        self, resolution: int, channels: int, condition: Condition
    ) -> None:
        pair, c = self.networks(resolution, channels, condition), condition_of(condition)
        with torch.no_grad():
            images = generate(pair.generator, torch.randn(2, pair.latent.size), c)
            critique = critique_of(pair.discriminator, images, c)
        assert images.shape == (2, channels, resolution, resolution)
        assert images.abs().max() <= 1
        assert critique.score.shape == (2,)
        found = {name: tuple(value.shape) for name, value in critique.aux.items()}
        assert found == ({"condition": (2, condition.size)} if condition.size else {})

    @pytest.mark.parametrize("condition", [UNCONDITIONAL, LABELS], ids=lambda one: one.kind)
    def test_a_penalty_reaches_the_first_layer(self, condition: Condition) -> None:
        critic = self.networks(64, 3, condition).discriminator
        images = torch.rand(2, 3, 64, 64) * 2 - 1
        gradient_norms(critic, images, condition_of(condition)).square().mean().backward()
        gradients = [one.grad for one in critic.first.parameters() if one.ndim > 1]
        assert all(one is not None and one.abs().sum() > 0 for one in gradients)

    def test_the_report_needs_no_heads_and_shows_the_condition_as_a_plane(self) -> None:
        critic = self.networks(32, 3, LABELS, form="report").discriminator
        assert critic.heads is None
        assert critic.plane is not None
        assert not any(name.startswith("heads") for name in critic.state_dict())

    @pytest.mark.parametrize("evidence", [0, 4, 8, 16])
    def test_with_heads_no_plane_joins_the_image(self, evidence: int) -> None:
        heads = {"discriminator_condition": "projection", "evidence": evidence}
        critic = self.networks(32, 3, LABELS, form="report", **heads).discriminator
        images, c = torch.randn(2, 3, 32, 32), condition_of(LABELS)
        critic.eval()
        assert critic.plane is None
        first = next(layer for layer in critic.layers if isinstance(layer, nn.Conv2d))
        assert first.in_channels == 3
        critique = critic(images, c)
        assert set(critique.aux) == ({"condition"} if evidence else set())
        assert not torch.equal(critique.score, critic(images, c.flip(1)).score)

    def test_heads_leave_the_first_weights_of_the_layers_as_they_are(self) -> None:
        settings = {"form": "report", "discriminator_condition": "projection"}
        pairs = [self.networks(32, 3, LABELS, evidence=side, **settings) for side in (0, 8)]
        bare, full = (pair.discriminator.layers.state_dict() for pair in pairs)
        assert all(torch.equal(bare[name], full[name]) for name in bare)

    def test_evidence_from_a_plane_is_refused(self) -> None:
        with pytest.raises(
            ConfigError, match=r"Set model\.discriminator_condition to 'projection'"
        ):
            self.networks(32, 3, LABELS, form="report", evidence=8)

    def test_evidence_where_no_map_is_names_those_that_exist(self) -> None:
        heads = {"discriminator_condition": "projection", "evidence": 32}
        with pytest.raises(ConfigError, match=r"'model\.evidence' .* 32x32.*4, 8, 16"):
            self.networks(32, 3, LABELS, form="report", **heads)

    def test_settings_of_the_report_are_refused_where_they_would_do_nothing(self) -> None:
        assert set(self.unused) == set(self.spec.config.REPORT_ONLY)
        for setting, value in self.unused.items():
            with pytest.raises(ConfigError, match=rf"model\.{setting} would do nothing"):
                self.networks(32, 3, LABELS, **{setting: value})


class StyledRuns:
    """Short runs of ``ganx train --plugin NAME`` on each data set, with and without labels."""

    plugin: str
    recipe: str
    unlabelled_recipe: str
    told_without_labels = ""
    """What is said where nothing is known of the images."""

    def train(self, folder: Path, *options: str) -> Path:
        out = ("--out", str(folder / "runs"))
        assert run(cli, ["train", "--plugin", self.plugin, *SMALL, *out, *options]) == 0
        (found,) = (folder / "runs").iterdir()
        return found

    @pytest.mark.parametrize("dataset", ["iclevr", "mnist", "animefaces"])
    def test_each_data_set_trains_on_its_labels(self, dataset: str, tmp_path: Path) -> None:
        trained = self.train(tmp_path, "--dataset", dataset)
        assert RunDirectory(trained).read_config()["recipe"] == self.recipe
        assert load_generator(trained).interface.condition.size > 0

    @pytest.mark.parametrize("dataset", ["iclevr", "mnist", "animefaces"])
    def test_each_data_set_trains_without_labels(
        self, dataset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        trained = self.train(tmp_path, "--dataset", dataset, "--set", "dataset.labels=false")
        assert RunDirectory(trained).read_config()["recipe"] == self.unlabelled_recipe
        assert self.told_without_labels in " ".join(capsys.readouterr().out.split())
        assert load_generator(trained).interface.condition.size == 0

    def test_a_prolonged_run_has_the_bits_of_one_that_was_long_from_the_start(
        self, tmp_path: Path
    ) -> None:
        whole = self.train(tmp_path / "whole", *CONSTANT, "--images", "64")
        part = self.train(tmp_path / "part", *CONSTANT)
        assert run(cli, ["train", "--resume", str(part), "--images", "64"]) == 0
        assert checkpoint_bytes(part) == checkpoint_bytes(whole)
