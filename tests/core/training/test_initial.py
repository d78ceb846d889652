"""Starting from the weights of another run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from lab import Lab, assert_same_checkpoint
from tiny import TinyDatasetConfig, open_tiny
from torch import Tensor, nn

from ganx.contracts.condition import Condition, Group, Kind
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface
from ganx.contracts.networks import generate
from ganx.contracts.specs import DatasetSpec
from ganx.errors import ConfigError, RunError
from ganx.runs.directory import RunDirectory
from ganx.sessions.session import started
from ganx.settings.run import resolve
from ganx.training.trainer import Trainer


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


def speaking(
    lab: Lab, colours: tuple[str, ...], kind: Kind = "classes", side: int = 8, group: str = "colour"
) -> Lab:
    """Give the squares other labels, or another size."""

    def open_other(config: TinyDatasetConfig) -> Dataset:
        groups = (Group(group, colours),) if colours else ()
        rows = np.zeros((config.size, len(colours)), dtype=np.uint8)
        rows[:, :1] = 1
        interface = Interface(side, 3, Condition(kind, groups))
        return replace(open_tiny(config), interface=interface, conditions=rows, prompts={})

    spec = DatasetSpec("squares", "Coloured squares", TinyDatasetConfig, open_other)
    return Lab(lab.folder, replace(lab.host, datasets={"squares": spec}))


def begun(lab: Lab, former: RunDirectory) -> tuple[Trainer, list[str]]:
    """Start from a run's weights, without any training."""
    said: list[str] = []
    config = resolve(lab.host, {"recipe": "tiny", "train": {"init_from": former.path.name}})
    session = {**lab._session(), "notice": lambda one: said.append(str(one))}
    with started(lab.host, config, runs=lab.runs, **session) as trainer:  # type: ignore[arg-type]
        pass
    return trainer, said


@torch.no_grad()
def drawn(generator: nn.Module, colour: int, size: int) -> Tensor:
    z = torch.linspace(-1, 1, 8).reshape(2, 4)
    return generate(generator.eval(), z, torch.eye(size)[[colour, colour]])


def test_labels_are_found_by_name_by_networks_and_average_alike(lab: Lab) -> None:
    former = lab.run()
    trainer, said = begun(speaking(lab, ("violet", "blue", "red")), former)
    with lab.resuming(former) as original:
        pairs = (
            (original.networks.generator, trainer.networks.generator),
            (original.state.ema.generator, trainer.state.ema.generator),
        )
        for old, new in pairs:
            for colour, before in {1: 2, 2: 0}.items():
                torch.testing.assert_close(drawn(new, colour, 3), drawn(old, before, 3))
    assert any(
        "2 known (blue, red), 1 new (violet), 1 left out (green)" in sentence for sentence in said
    )
    average, live = trainer.state.ema.generator, trainer.networks.generator
    assert torch.equal(_row(average), _row(live))  # of the label that nothing is known of


def _row(generator: nn.Module) -> Tensor:
    return generator.get_parameter("expand.weight").detach()[4]


def test_new_labels_start_as_in_a_run_without_a_former_one(lab: Lab) -> None:
    other = speaking(lab, ("violet", "blue", "red"))
    trainer, _ = begun(other, lab.run())
    with other.start() as fresh:
        assert torch.equal(_row(fresh.networks.generator), _row(trainer.networks.generator))


def test_a_run_for_other_labels_resumes_to_the_same_bits(lab: Lab) -> None:
    former = lab.run()
    other, settings = speaking(lab, ("violet", "blue")), {"init_from": former.path.name}
    whole = other.run(train=settings)
    with other.start(train=settings) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    assert_same_checkpoint(whole, other.resume(trainer.run))
    assert_same_checkpoint(whole, other.run(**whole.read_config()))


def test_labels_may_come_to_weights_without_any_and_go(lab: Lab) -> None:
    bare = speaking(lab, (), "none")
    former = bare.run()
    trainer, said = begun(lab, former)
    with bare.resuming(former) as original:
        old, new = (one.networks.generator.state_dict() for one in (original, trainer))
        assert torch.equal(new["expand.weight"][:4], old["expand.weight"])
        assert torch.equal(new["paint.weight"], old["paint.weight"])
    assert any("Of the labels, 3 new (red, green, blue)." in one for one in said)
    back, said = begun(bare, lab.run())
    assert back.networks.generator.state_dict()["expand.weight"].shape[0] == 4
    assert any("3 left out (red, green, blue)" in one for one in said)


@pytest.mark.parametrize("group", ["colour", "color"])
def test_the_same_labels_need_no_word(lab: Lab, group: str) -> None:
    former = lab.run()
    _, said = begun(speaking(lab, ("red", "green", "blue"), group=group), former)
    assert not any("vocabulary" in sentence for sentence in said)


def test_images_of_another_size_are_refused(lab: Lab) -> None:
    former = lab.run()
    with pytest.raises(ConfigError, match=r"3-channel images of 8x8, but this .* 16x16\. Sizes"):
        begun(speaking(lab, ("red", "green", "blue"), side=16), former)


def test_another_architecture_is_refused_for_other_labels_too(lab: Lab) -> None:
    former = lab.run()
    other = speaking(lab, ("violet", "blue"))
    with pytest.raises(ConfigError, match=r"model is another: width 8, here 9"):
        other.run(model={"width": 9}, train={"init_from": former.path.name})
