"""What a run of slots is: its recipe, its prompts, and data that says nothing of its images."""

from pathlib import Path
from typing import Any

import pytest

from ganx.host import load_plugins
from ganx.sampling.generator import load_generator
from ganx.settings.run import RunConfig, resolve
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_slots.plugin import ganx_models, ganx_recipes

HOST = load_plugins()
SMALL = (
    *("--images", "32", "--precision", "float32", "--set", "model.width=8"),
    *("--set", "dataset.size=24", "--set", "dataset.resolution=32"),
    *("--set", "evaluate.evaluators=[]"),
)

Output = pytest.CaptureFixture[str]


@pytest.fixture
def settings() -> RunConfig:
    return resolve(HOST, {"recipe": "slots"})


def train(folder: Path, *options: str) -> Path:
    out = ("--out", str(folder / "runs"))
    assert run(cli, ["train", "--plugin", "slots", *SMALL, *out, *options]) == 0
    (found,) = (folder / "runs").iterdir()
    return found


def test_the_plugin_provides_a_model_and_its_recipe() -> None:
    assert [(model.name, model.recipe) for model in ganx_models()] == [("slots", "slots")]
    assert [recipe.name for recipe in ganx_recipes()] == ["slots"]


def test_the_recipe_compares_pairs_asks_for_labels_and_holds_d_back(settings: RunConfig) -> None:
    assert settings.loss.sum == "relativistic + auxiliary + 0.25*r1 + 0.25*r2"
    auxiliary = settings.loss.terms["auxiliary"]
    assert (auxiliary["reduce"], auxiliary["on_fake"]) == ("sum", "absent")
    assert settings.loss.terms["r1"] == settings.loss.terms["r2"] == {"every": 16, "share": 0.5}


def test_the_recipe_spares_passes(settings: RunConfig) -> None:
    critic, generator = HOST.plans["joint"].build(settings.plan.config).phases
    assert critic.judge_together
    assert critic.keep_fake
    assert generator.reuse_fake


def test_the_learning_rate_rises_stays_and_falls_at_the_end(settings: RunConfig) -> None:
    for owner in ("generator", "discriminator"):
        schedule = settings.optimizer[owner].schedule
        rate = HOST.schedules[schedule.name].build(schedule.config)
        assert [rate(at) for at in (0, 800, 1_600, 26_000)] == [0.0, 0.5, 1.0, 1.0]
        assert rate(33_000) == pytest.approx(0.525)
        assert rate(40_000) == pytest.approx(0.05)


def test_a_prompt_with_more_labels_than_slots_is_refused_with_both_numbers(
    tmp_path: Path, capsys: Output
) -> None:
    trained = train(tmp_path, "--dataset", "iclevr")
    four = "red cube, blue cube, gray sphere, cyan sphere"
    assert run(cli, ["sample", str(trained), "--labels", four, "-o", str(tmp_path / "x.png")]) == 1
    assert "names 4 labels, and this generator can show 3 at once" in " ".join(
        capsys.readouterr().err.split()
    )


def test_more_slots_show_more_labels(tmp_path: Path) -> None:
    trained = train(tmp_path, "--dataset", "iclevr", "--set", "model.slots=4")
    condition = load_generator(trained).interface.condition
    assert (condition.most, condition.limit) == (3, 4)
    assert sum(condition.encode("red cube, blue cube, gray sphere, cyan sphere")) == 4


@pytest.mark.parametrize("dataset", ["iclevr", "mnist", "animefaces"])
def test_without_labels_the_same_command_works_and_says_what_is_left_out(
    dataset: str, tmp_path: Path, capsys: Output
) -> None:
    trained = train(tmp_path, "--dataset", dataset, "--set", "dataset.labels=false")
    said = " ".join(capsys.readouterr().out.split())
    assert "says nothing of its images, so the loss goes without auxiliary." in said
    assert load_generator(trained).interface.condition.size == 0


@pytest.mark.parametrize(("dataset", "slots"), [("iclevr", 24), ("mnist", 1), ("animefaces", 2)])
def test_every_kind_of_condition_has_its_owners_of_noise(dataset: str, slots: int) -> None:
    few: dict[str, Any] = {"name": dataset, "size": 24, "resolution": 32}
    config = resolve(HOST, {"recipe": "slots", "dataset": few})
    interface = HOST.datasets[dataset].open(config.dataset.config).interface
    networks = HOST.models["slots"].build(interface, config.model.config)
    assert networks.latent.slices["objects"] == slice(0, 8 * slots)
