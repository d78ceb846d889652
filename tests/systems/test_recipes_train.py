"""Every recipe trains, samples, traverses and exports: small for a few hundred images, and whole
for one iteration."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.latent import codes_of
from ganx.data.store import prepare
from ganx.device import Execution
from ganx.exporting.publish import publish
from ganx.host import load_plugins
from ganx.runs.directory import RunDirectory
from ganx.sampling.generator import load_generator
from ganx.sampling.samples import sample_images
from ganx.sessions.session import started
from ganx.settings.run import RunConfig, resolve
from ganx.testing.probe import parameters
from ganx.testing.workbench import WatchedTrainer
from ganx.training.setup import set_up
from ganx_cli.ending import run
from ganx_cli.main import cli

HOST = load_plugins()
SMALL_MODEL = {"width": 8, "discriminator_width": 8}
IMAGES = 256


def configured(
    recipe: str, model: dict[str, Any], dataset: dict[str, Any], **train: Any
) -> RunConfig:
    """Lay settings over a recipe, as far as its parts have them."""
    whole = resolve(HOST, {"recipe": recipe})
    tables = {
        "model": {key: value for key, value in model.items() if hasattr(whole.model.config, key)},
        "dataset": {
            key: value for key, value in dataset.items() if hasattr(whole.dataset.config, key)
        },
    }
    quiet = {"device": "cpu", "precision": "float32", "log_every": 1, **train}
    once = {"every": 10**9, "seeds": 1}
    return resolve(HOST, {"recipe": recipe, **tables, "train": quiet, "evaluate": once})


@pytest.fixture(scope="module", params=list(HOST.recipes))
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a recipe at reduced width; tell what has not moved."""
    folder = tmp_path_factory.mktemp(request.param)
    config = configured(
        request.param,
        SMALL_MODEL,
        {"size": 96, "resolution": 32},
        images=IMAGES,
        batch_size=16,
    )
    quiet: dict[str, Any] = {"notify": lambda *_: None, "progress": lambda *_: None}
    with started(HOST, config, runs=folder, cache=folder / "cache", **quiet) as trainer:
        before = {name: one.detach().clone() for name, one in parameters(trainer.networks)}
        trainer.train()
        still = [
            name for name, one in parameters(trainer.networks) if torch.equal(before[name], one)
        ]
    (trainer.run.path / "still.json").write_text(json.dumps(still))
    return trainer.run.path


def frozen_of(run: Path) -> FrozenGenerator:
    return load_generator(run, registries=HOST)


def test_its_run_is_named_by_recipe_or_by_the_model_whose_own_it_is(trained: Path) -> None:
    config = RunDirectory(trained).read_config()
    model, data = config["model"]["name"], config["dataset"]["name"]
    recipe = config["recipe"].removesuffix(f"-{data}")
    own = HOST.models[model].recipe == config["recipe"]
    assert trained.name == f"00000-{model if own else recipe}-{data}"


def test_its_last_image_is_scored_where_somebody_can(trained: Path) -> None:
    rows = [json.loads(line) for line in (trained / "metrics.jsonl").read_text().splitlines()]
    assert rows[-1]["images_seen"] == IMAGES
    assert rows[-1]["images.pixel diversity"] > 0
    if "iclevr" in trained.name:
        assert {"validation.top-k", "test.top-k", "new_test.exact match"} <= rows[-1].keys()
        best = RunDirectory(trained).best()
        assert best is not None
        assert best.metric == "validation.top-k"


def test_its_losses_stay_finite(trained: Path) -> None:
    rows = [json.loads(line) for line in (trained / "metrics.jsonl").read_text().splitlines()]

    assert rows[-1]["images_seen"] == IMAGES
    numbers = [value for row in rows for name, value in row.items() if name != "against"]
    assert all(map(math.isfinite, numbers))


def test_every_parameter_of_every_owner_has_moved(trained: Path) -> None:
    still = json.loads((trained / "still.json").read_text())

    assert [name for name in still if not has_no_gradient(name, trained)] == []


def has_no_gradient(name: str, run: Path) -> bool:
    """Tell of the two biases that cancel: softmax ignores what all keys share, and a Wasserstein
    loss what real and generated scores share."""
    wasserstein = "wasserstein" in RunDirectory(run).read_config()["loss"]["sum"]
    last = re.fullmatch(r"discriminator\.(layers\.\d+|source)\.bias", name) is not None
    return name.endswith(".key.bias") or (wasserstein and last)


def test_a_changed_label_changes_the_image(trained: Path) -> None:
    frozen = frozen_of(trained)
    condition = frozen.interface.condition
    if not condition.size:
        pytest.skip("trained without labels")
    distribution = ConditionDistribution.from_json(frozen.metadata["distribution"])
    texts = [condition.decode(row) for row in distribution.rows[[0, -1]]]

    images = sample_images(frozen, texts, 2, seed=0)

    assert images.shape == (4, frozen.interface.channels, 32, 32)
    assert (images[:2] - images[2:]).abs().max() > 1e-4


def test_its_codes_can_be_traversed(trained: Path, tmp_path: Path) -> None:
    frozen = frozen_of(trained)
    codes = codes_of(frozen.latent)
    if not codes:
        pytest.skip("has no codes")
    continuous = next(code for code in codes if code.kind == "continuous")
    categorical = next(code for code in codes if code.kind == "categorical")
    file = tmp_path / "grid.png"

    options = ["--part", f"{continuous.name}.0", "--rows", categorical.name, "-o", str(file)]
    assert run(cli, ["traverse", str(trained), *options]) == 0

    with Image.open(file) as picture:
        assert picture.width > categorical.size * 32
        assert len(set(picture.convert("L").tobytes())) > 10


@pytest.mark.parametrize("exporter", list(HOST.exporters.values()), ids=list(HOST.exporters))
def test_it_exports_within_the_bound(trained: Path, exporter: Any, tmp_path: Path) -> None:
    report = publish(
        frozen_of(trained), exporter, tmp_path / f"generator{exporter.suffix}", tolerance=1e-5
    )

    assert max(report.differences.values()) <= 1e-5


@pytest.mark.parametrize("recipe", list(HOST.recipes))
def test_at_full_width_a_step_moves_its_owners_parameters_and_nobody_elses(
    recipe: str, tmp_path: Path
) -> None:
    config = configured(recipe, {}, {"size": 8}, batch_size=2)
    setup = set_up(HOST, config)
    store = prepare(setup.dataset, config.dataset.name, tmp_path / "cache")
    cpu = Execution(torch.device("cpu"), "float32", compile=False, channels_last=True)
    session = WatchedTrainer(setup, store, cpu, RunDirectory(tmp_path), lambda *_: None)
    session.moved, session.stepped = set(), set()

    session.iterate()

    assert session.stepped == {"generator", "discriminator"}
    figures = session.upkeep.read().means
    assert all(map(math.isfinite, figures.values()))
