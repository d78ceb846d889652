"""Losses with terms that need labels, on data that has none."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lab import Lab, assert_same_checkpoint
from tiny import open_tiny

from ganx.contracts.dataset import without_labels
from ganx.errors import ConfigError
from ganx.sessions.session import started
from ganx.settings.merging import merge
from ganx.settings.run import resolve
from ganx.training.setup import Setup, set_up

LOSS = {
    "sum": "bce + auxiliary + 0.5*matching",
    "terms": {"auxiliary": {"on_fake": "absent"}, "matching": {"form": "hinge"}},
}
SENTENCE = (
    "The data set says nothing of its images, so the loss goes without auxiliary and matching."
)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab(tmp_path)
    spec = made.host.datasets["squares"]
    made.host.datasets["squares"] = replace(
        spec, open=lambda config: without_labels(open_tiny(config))
    )
    return made


def set_up_with(lab: Lab, loss: str) -> Setup:
    return set_up(lab.host, resolve(lab.host, {"recipe": "tiny", "loss": {"sum": loss}}))


def test_a_run_goes_without_them_and_says_so_before_it_prepares_images(lab: Lab) -> None:
    told: list[str] = []
    config = resolve(lab.host, merge({"recipe": "tiny"}, {"loss": LOSS}))
    session = lab._session() | {"progress": lambda *_: told.append("images")}
    with started(
        lab.host, config, runs=lab.runs, notice=lambda notice: told.append(str(notice)), **session
    ) as trainer:
        trainer.train()

    assert told.index(SENTENCE) < told.index("images")
    assert trainer.run.read_config()["loss"] == {**LOSS, "weights": {}}
    row = json.loads(trainer.run.metrics.read_text().splitlines()[-1])
    assert {name for name in row if name.endswith(".bce")} == {
        "real.bce",
        "fake.bce",
        "generator.bce",
    }
    assert not [name for name in row if name.endswith(("auxiliary", "matching"))]


def test_such_a_run_is_that_of_the_loss_without_them_and_resumes(lab: Lab) -> None:
    whole = lab.run(loss=LOSS)
    assert_same_checkpoint(lab.run(loss={"sum": "bce"}), whole)
    with lab.start(loss=LOSS) as trainer:
        trainer.train(should_stop=lambda: trainer.images_seen >= 48)
    assert_same_checkpoint(lab.resume(trainer.run), whole)


def test_a_loss_that_needs_no_labels_has_nothing_to_say(lab: Lab, tmp_path: Path) -> None:
    assert set_up_with(lab, "bce + r1").notices == ()
    assert set_up_with(lab, "bce + auxiliary").notices == (SENTENCE.replace(" and matching", ""),)
    assert set_up_with(Lab(tmp_path), "bce + matching").notices == ()


def test_where_nothing_adversarial_remains_the_run_is_refused(lab: Lab) -> None:
    with pytest.raises(ConfigError, match=r"Nothing in the loss .* trains the discriminator"):
        set_up_with(lab, "auxiliary + matching")
