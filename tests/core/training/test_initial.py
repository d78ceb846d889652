"""Starting from the weights of another run."""

from pathlib import Path

import pytest
import torch
from lab import Lab

from ganx.errors import ConfigError, RunError


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.mark.parametrize("by", ["path of the run", "name of the run", "path of the checkpoint"])
def test_a_run_starts_from_the_weights_of_another(lab: Lab, by: str) -> None:
    former = lab.run()
    names = {
        "path of the run": str(former.path),
        "name of the run": former.path.name,
        "path of the checkpoint": str(former.newest_checkpoint()),
    }
    with lab.start() as fresh:
        expected_not = next(fresh.networks.generator.parameters()).detach().clone()

    with (
        lab.start(train={"init_from": names[by], "seed": 5}) as trainer,
        lab.resuming(former) as original,
    ):
        assert trainer.images_seen == 0
        for name, network in trainer.networks.modules().items():
            for key, value in network.state_dict().items():
                assert torch.equal(value, original.networks.modules()[name].state_dict()[key])
        averaged = original.state.ema.generator.state_dict()
        for key, value in trainer.state.ema.generator.state_dict().items():
            assert torch.equal(value, averaged[key])
        assert not torch.equal(expected_not, next(trainer.networks.generator.parameters()))
        saved = trainer.run.read_config()["train"]["init_from"]
        assert saved == str(former.newest_checkpoint())


def test_such_a_run_resumes_from_its_own_checkpoint(lab: Lab) -> None:
    former = lab.run()
    whole = lab.run(train={"init_from": former.path.name})
    with lab.start(train={"init_from": former.path.name}) as trainer:
        trainer.train(lambda: trainer.images_seen >= 32)

    continued = lab.resume(trainer.run)

    for name in ("generator", "discriminator", "ema"):
        file = f"{name}.safetensors"
        left, right = (run.newest_checkpoint() / file for run in (whole, continued))
        assert left.read_bytes() == right.read_bytes()


def test_another_architecture_is_refused_before_anything_is_written(lab: Lab) -> None:
    former = lab.run()

    with pytest.raises(ConfigError, match=r"model is another: width 8, here 9"):
        lab.run(model={"width": 9}, train={"init_from": former.path.name})

    assert list(lab.runs.iterdir()) == [former.path]


def test_a_checkpoint_that_is_not_there_is_refused(lab: Lab) -> None:
    with pytest.raises(RunError, match="There is no run 'nowhere'"):
        lab.run(train={"init_from": "nowhere"})


def test_weights_for_other_images_are_refused(lab: Lab) -> None:
    former = lab.run()
    state = former.newest_checkpoint() / "state.json"
    state.write_text(state.read_text().replace('"green"', '"violet"'))
    manifest = former.newest_checkpoint() / "manifest.json"
    import hashlib
    import json

    listed = json.loads(manifest.read_text())
    listed["files"]["state.json"] = hashlib.sha256(state.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(listed))

    with pytest.raises(ConfigError, match=r"red, violet, blue.*has .*red, green, blue"):
        lab.run(train={"init_from": former.path.name})


def test_the_average_goes_on_from_the_former_one_instead_of_forgetting_it(lab: Lab) -> None:
    former = lab.run()
    with lab.start(train={"init_from": former.path.name}) as trainer:
        before = [one.clone() for one in trainer.state.ema.generator.parameters()]
        trainer.iterate()
        kept = 0.5 ** (16 / 10_000)
        averages = list(trainer.state.ema.generator.parameters())
        live = list(trainer.networks.generator.parameters())
        for average, old, weight in zip(averages, before, live, strict=True):
            torch.testing.assert_close(average, kept * old + (1 - kept) * weight)
