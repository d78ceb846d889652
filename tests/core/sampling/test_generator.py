"""From a run's checkpoint to a generator."""

from pathlib import Path

import pytest
import torch
from tiny import TinyHost, tiny_host

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import RunError
from ganx.sampling.generator import load_generator
from ganx.sessions.session import started
from ganx.settings.run import resolve


@pytest.fixture(scope="module")
def host() -> TinyHost:
    return tiny_host()


@pytest.fixture(scope="module")
def run(host: TinyHost, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    with started(
        host,  # type: ignore[arg-type] # a host's registries are all that is used
        resolve(host, {"recipe": "tiny"}),
        runs=folder / "runs",
        cache=folder / "cache",
        notify=host.notify,
        progress=lambda *_: None,
    ) as trainer:
        trainer.train()
        return trainer.run.path


def images(frozen: FrozenGenerator) -> torch.Tensor:
    result: torch.Tensor = frozen.module(*frozen.example_inputs(3))
    return result


def test_a_loaded_generator_is_frozen(host: TinyHost, run: Path) -> None:
    frozen = load_generator(run, registries=host)
    assert not frozen.module.training
    assert not any(parameter.requires_grad for parameter in frozen.module.parameters())
    assert {parameter.dtype for parameter in frozen.module.parameters()} == {torch.float32}
    assert all(parameter.is_contiguous() for parameter in frozen.module.parameters())
    assert torch.equal(images(frozen), images(load_generator(run, registries=host)))


def test_raw_and_averaged_weights_are_both_there(host: TinyHost, run: Path) -> None:
    averaged = load_generator(run, "ema", registries=host)
    raw = load_generator(run, "raw", registries=host)
    assert not torch.equal(images(averaged), images(raw))
    assert raw.metadata["origin"]["weights"] == "raw"


def test_what_sampling_needs_travels_along_and_no_path_does(host: TinyHost, run: Path) -> None:
    frozen = load_generator(run, registries=host)
    assert frozen.interface.condition.decode([0, 1, 0]) == "green"
    assert frozen.latent.size == 4
    assert sum(frozen.metadata["distribution"]["counts"]) == 50
    assert frozen.metadata["origin"]["images_seen"] == 96
    assert frozen.metadata["origin"]["run"] == run.name
    assert str(run.parent) not in str(frozen.metadata)


def test_the_newest_run_is_loaded_when_none_is_named(host: TinyHost, run: Path) -> None:
    frozen = load_generator(None, runs=run.parent, registries=host)
    assert frozen.metadata["origin"]["run"] == run.name


def test_a_checkpoint_of_another_architecture_is_refused(
    host: TinyHost, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wider = {"name": "tiny", "width": 9, "dropout": 0.2}
    from ganx.sampling import generator

    load_state = generator.load_state
    monkeypatch.setattr(
        generator, "load_state", lambda folder: {**load_state(folder), "model": wider}
    )
    with pytest.raises(RunError, match="generator does not fit the configured model"):
        load_generator(run, registries=host)
