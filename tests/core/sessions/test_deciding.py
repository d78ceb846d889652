"""A run's own precision: measured on copies, remembered, and written down."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from lab import Lab, assert_same_checkpoint
from torch import nn

from ganx.device import Execution
from ganx.sessions import deciding
from ganx.sessions.deciding import measured, remembered, told
from ganx.sessions.measuring import Verdict
from ganx.sessions.race import Candidate
from ganx.settings.merging import merge
from ganx.settings.run import resolve
from ganx.training.setup import Setup, execution_of, ordered, set_up

AUTO = {"train": {"precision": "auto"}}
OTHER = Candidate("bfloat16", channels_last=False)
CPU = Execution(torch.device("cpu"), "float32", compile=False, channels_last=True)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Allow measuring, and let it find something else than the usual; lists the batches."""
    batches: list[int] = []

    def measure(_formats: Any, _orders: Any, batch: int, _work: Any) -> Verdict:
        batches.append(batch)
        return Verdict(OTHER, 2.34)

    monkeypatch.delenv("GANX_MEASURE")
    monkeypatch.setattr(deciding, "measure", measure)
    return batches


def set_up_with(lab: Lab, **settings: Any) -> Setup:
    return set_up(lab.host, resolve(lab.host, merge({"recipe": "tiny"}, merge(AUTO, settings))))


def test_what_was_measured_is_not_measured_again(lab: Lab, asked: list[int]) -> None:
    setup = set_up_with(lab)
    assert remembered(setup, CPU, lab.folder) is None
    first = measured(setup, CPU, lab.folder)
    assert (first.precision, first.channels_last, first.times_float32) == ("bfloat16", False, 2.34)
    assert (
        measured(set_up_with(lab), CPU, lab.folder) == first == remembered(setup, CPU, lab.folder)
    )
    assert asked == [16]


def test_the_batch_is_what_passes_the_networks_at_once(lab: Lab, asked: list[int]) -> None:
    measured(set_up_with(lab, train={"accumulate": 4}), CPU, lab.folder)
    assert asked == [4]


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr(deciding, "__version__", "9"),
        lambda patch: patch.setattr(torch, "__version__", "9"),
        lambda patch: patch.setattr(deciding, "processor_name", lambda: "another"),
        lambda patch: patch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2"),
        lambda patch: patch.setattr(torch, "get_num_threads", lambda: 99),
        lambda patch: patch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2"),
        lambda patch: patch.setenv("DNNL_MAX_CPU_ISA", "AVX2"),
        lambda patch: patch.setenv("ATEN_CPU_CAPABILITY", "avx2"),
    ],
)
def test_another_machine_or_version_measures_anew(
    lab: Lab, asked: list[int], change: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(set_up_with(lab), CPU, lab.folder)
    change(monkeypatch)
    measured(set_up_with(lab), CPU, lab.folder)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "settings",
    [
        {"model": {"width": 9}},
        {"model": {"dropout": 0.3}},
        {"train": {"batch_size": 8}},
        {"train": {"channels_last": False}},
    ],
)
def test_other_networks_are_measured_anew(
    lab: Lab, asked: list[int], settings: dict[str, Any]
) -> None:
    measured(set_up_with(lab), CPU, lab.folder)
    measured(set_up_with(lab, **settings), CPU, lab.folder)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:20],
        lambda _: "[]",
        lambda _: "{}",
        lambda text: text.replace("bfloat16", "int3"),
        lambda text: text.replace("2.34", '"fast"'),
        lambda text: text.replace('"torch"', '"lamp"'),
    ],
)
def test_a_memory_that_is_damaged_only_costs_the_time(
    lab: Lab, asked: list[int], damage: Callable[[str], str]
) -> None:
    first = measured(set_up_with(lab), CPU, lab.folder)
    (file,) = (lab.folder / "precision").iterdir()
    whole = file.read_text()
    file.write_text(damage(whole))
    assert measured(set_up_with(lab), CPU, lab.folder) == first
    assert (len(asked), file.read_text()) == (2, whole)


def test_a_cache_that_cannot_be_written_only_costs_the_time(lab: Lab, asked: list[int]) -> None:
    (lab.folder / "file").touch()
    for _ in range(2):
        assert measured(set_up_with(lab), CPU, lab.folder / "file").precision == "bfloat16"
    assert asked == [16, 16]


@pytest.mark.parametrize("found", [None, RuntimeError("no such kernel"), ValueError("too few")])
def test_where_nothing_could_be_measured_the_guess_stays_and_is_not_remembered(
    lab: Lab, asked: list[int], found: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(*_: Any) -> None:
        asked.append(0)
        if found:
            raise found

    monkeypatch.setattr(deciding, "measure", measure)
    assert measured(set_up_with(lab), CPU, lab.folder) is CPU
    assert asked == [0]
    assert remembered(set_up_with(lab), CPU, lab.folder) is None


def test_measuring_leaves_networks_and_random_states_as_they_are(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Really measured: the tiny model has dropout and batch norm."""
    monkeypatch.delenv("GANX_MEASURE")
    setup = set_up_with(lab)
    networks = setup.networks.modules().values()
    before = [{k: v.clone() for k, v in net.state_dict().items()} for net in networks]
    states = torch.get_rng_state(), random.getstate()

    assert measured(setup, CPU, lab.folder).times_float32 is not None

    for net, kept in zip(networks, before, strict=True):
        assert all(torch.equal(value, kept[key]) for key, value in net.state_dict().items())
        assert all(one.grad is None and one.requires_grad for one in net.parameters())
        assert not any(layer._forward_pre_hooks for layer in net.modules())
    assert torch.equal(states[0], torch.get_rng_state())
    assert random.getstate() == states[1]


def test_a_run_has_the_bits_of_one_that_was_told_what_this_one_measured(
    lab: Lab, asked: list[int]
) -> None:
    found = lab.run(**AUTO)
    given = lab.run(train={"precision": "bfloat16", "channels_last": False})
    assert len(asked) == 1
    assert_same_checkpoint(found, given)


def test_the_decision_is_written_down_and_neither_resuming_nor_repeating_measures(
    lab: Lab, asked: list[int]
) -> None:
    with lab.start(**AUTO) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    settings = trainer.run.read_config()
    assert settings["train"]["precision"] == "bfloat16"
    assert settings["train"]["channels_last"] is False
    session = trainer.run.read_provenance()[0]
    assert session.execution["times_float32"] == 2.34
    for file in (lab.folder / "cache" / "precision").iterdir():
        file.unlink()

    resumed = lab.resume(trainer.run)
    repeated = lab.run(**settings)

    assert len(asked) == 1
    assert_same_checkpoint(resumed, repeated)
    assert "times_float32" not in resumed.read_provenance()[1].execution


def test_a_precision_that_was_asked_for_is_not_measured(lab: Lab, asked: list[int]) -> None:
    setup = set_up_with(lab, train={"precision": "float32"})
    execution = execution_of(setup.config.train)
    assert measured(setup, execution, lab.folder) is execution
    assert asked == []


@pytest.mark.parametrize("no", ["0", "no", "OFF", "false"])
def test_measuring_can_be_forbidden(
    lab: Lab, asked: list[int], no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANX_MEASURE", no)
    assert measured(set_up_with(lab), CPU, lab.folder) is CPU
    assert asked == []


def test_what_was_measured_is_told_in_one_line() -> None:
    assert told(CPU) == ""
    fast = replace(CPU, precision="bfloat16", times_float32=2.34)
    assert told(fast) == (
        "Training in bfloat16, measured 2.3 times as fast as float32 on this processor "
        "(channels-last)."
    )
    usual = replace(CPU, channels_last=False, times_float32=1.0)
    assert told(usual) == (
        "Training in float32: nothing measured clearly faster on this processor "
        "(not channels-last)."
    )


def test_a_network_that_leaves_channels_last_is_laid_out_as_a_new_one() -> None:
    """Also where a side of 1 would allow other strides, by which torch chooses kernels."""
    new, old = (nn.Sequential(nn.Conv2d(4, 8, 1), nn.Conv2d(8, 1, 3)) for _ in range(2))
    old.load_state_dict(new.state_dict())
    ordered(old, channels_last=True)
    assert old[1].weight.is_contiguous(memory_format=torch.channels_last)
    ordered(old, channels_last=False)
    for one, other in zip(new.parameters(), old.parameters(), strict=True):
        assert one.stride() == other.stride()
        assert torch.equal(one, other)


def test_what_is_kept_says_what_it_was_measured_on(lab: Lab, asked: list[int]) -> None:
    measured(set_up_with(lab), CPU, lab.folder)
    (file,) = (lab.folder / "precision").iterdir()
    facts = json.loads(file.read_text())["facts"]
    assert facts["model"]["name"] == "tiny"
    assert facts["batch"] == 16
    assert len(asked) == 1
