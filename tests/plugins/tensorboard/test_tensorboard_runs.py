"""Runs with the TensorBoard plugin: their event files say what the run's own files say."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from event_logs import curve, is_complete, logged, logged_host, settings
from lab import Lab, assert_same_checkpoint
from PIL import Image

from ganx.runs.directory import RunDirectory


@pytest.fixture(autouse=True)
def _switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANX_TENSORBOARD", raising=False)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path, logged_host())


def written(run: RunDirectory, name: str) -> dict[int, float]:
    lines = map(json.loads, run.metrics.read_text("utf-8").splitlines())
    return {line["images_seen"]: line[name] for line in lines if name in line}


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("real.bce", "loss/real.bce"),
        ("generator.bce", "loss/generator.bce"),
        ("probability.fake", "probability/fake"),
        ("learning_rate.discriminator", "learning_rate/discriminator"),
        ("images_per_second", "run/images_per_second"),
    ],
)
def test_curves_are_the_readings_of_the_metrics(lab: Lab, name: str, tag: str) -> None:
    run = lab.run(train={"log_every": 1})
    found, expected = curve(logged(run.path), tag), written(run, name)
    assert list(found) == list(expected) == [16, 32, 48, 64, 80, 96]
    assert [*found.values()] == [float(np.float32(value)) for value in expected.values()]


def test_readings_between_two_logs_are_averaged(lab: Lab) -> None:
    run = lab.run(train={"log_every": 3})
    readings = [*written(run, "real.bce").values()]
    found = curve(logged(run.path), "loss/real.bce")
    assert found == pytest.approx({48: np.mean(readings[:3]), 96: np.mean(readings[3:])})


def test_the_grids_of_the_run_are_there_as_pictures(lab: Lab) -> None:
    run = lab.run(train={"grid_every": 32})
    noted = logged(run.path).Images("samples")
    assert [one.step for one in noted] == [32, 64, 96]
    for one in noted:
        with Image.open(run.grid(one.step)) as drawn:
            expected = np.asarray(drawn, np.float64)
        found = np.asarray(Image.open(io.BytesIO(one.encoded_image_string)), np.float64)
        assert found.shape == expected.shape == (one.height, one.width, 3)
        assert abs(found - expected).mean() < 12  # of 255: JPEG, on noise of single pixels


def test_the_configuration_is_there_as_hyperparameters(lab: Lab) -> None:
    read = logged(lab.run().path)
    found = settings(read)
    assert found["model.name"] == "tiny"
    assert found["train.batch_size"] == 16
    assert found["train.channels_last"] is True
    assert found["optimizer.generator.betas"] == "0.5, 0.999"
    assert is_complete(read)


def test_a_run_that_was_interrupted_is_not_called_complete(lab: Lab) -> None:
    with lab.start() as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    assert not is_complete(logged(trainer.run.path))
    assert is_complete(logged(lab.resume(trainer.run).path))


def test_a_resumed_run_has_no_step_twice_and_the_curves_of_its_metrics(lab: Lab) -> None:
    train = {"log_every": 1, "grid_every": 16, "checkpoint_minutes": 1e-9}
    run = lab.run(train=train)
    first = logged(run.path)
    for checkpoint in run.all_checkpoints()[-1:]:
        for file in checkpoint.iterdir():
            file.unlink()
        checkpoint.rmdir()
    resumed_at = int(run.newest_checkpoint().name)
    run.grid(96).unlink()
    again = logged(lab.resume(run).path)

    assert resumed_at == 80
    for tag in ("loss/real.bce", "run/images_per_second"):
        before, after = first.Scalars(tag), again.Scalars(tag)
        assert [one.step for one in after] == [16, 32, 48, 64, 80, 96]
        assert [one.wall_time for one in after[:5]] == [one.wall_time for one in before[:5]]
        assert after[5].wall_time > before[5].wall_time
    assert curve(again, "loss/real.bce") == {
        seen: float(np.float32(value)) for seen, value in written(run, "real.bce").items()
    }
    assert [one.step for one in again.Images("samples")] == [16, 32, 48, 64, 80, 96]


def test_logging_leaves_every_weight_as_it_is(tmp_path: Path) -> None:
    train = {"log_every": 1, "grid_every": 16, "checkpoint_minutes": 1e-9}
    with_it = Lab(tmp_path / "with", logged_host()).run(train=train)
    without = Lab(tmp_path / "without").run(train=train)
    assert (with_it.path / "tensorboard").is_dir()
    assert not (without.path / "tensorboard").exists()
    assert_same_checkpoint(with_it, without)


def test_two_runs_of_one_process_are_kept_apart(lab: Lab) -> None:
    one, other = lab.run(), lab.run(train={"images": 32})
    assert list(curve(logged(one.path), "loss/real.bce")) == [96]
    assert list(curve(logged(other.path), "loss/real.bce")) == [32]


def test_whether_labels_are_learned_has_a_group_of_its_own(lab: Lab) -> None:
    run = lab.run(evaluate={"label_learning": True, "every": 32})
    for name in ("label preference", "share of c", "gradient from c over z"):
        found, expected = curve(logged(run.path), f"labels/{name}"), written(run, f"labels.{name}")
        assert list(found) == list(expected) == [32, 64, 96]
        assert [*found.values()] == [float(np.float32(value)) for value in expected.values()]
