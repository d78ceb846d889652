"""Observers can watch a run; they can neither stop nor change it."""

import logging
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ganx.contracts.events import RunEnded, RunStarted, StepEnded
from ganx.host import PluginHost, load_plugins

STEP = StepEnded(64, 1, {"bce": 0.7})


def watch(
    fakes: Any, line: str, name: str = "watcher", hook: str = "ganx_step_ended(event)"
) -> None:
    source = f"""
        import random, ganx
        calls = []

        @ganx.hookimpl
        def {hook}:
            calls.append(1)
            {line}
    """
    fakes.add(name, source)


def global_states() -> tuple[Any, ...]:
    numbers = np.random.get_state()[1].tolist()  # noqa: NPY002 - the global state is what is kept
    return random.getstate(), numbers, torch.get_rng_state().tolist()


def calls(host: PluginHost, name: str = "watcher") -> int:
    (origin,) = [one.origin for one in host.plugins if one.name == name]
    return len(host.manager.get_plugin(str(origin)).calls)


def test_an_observer_that_raises_is_reported_once_and_left_out(
    fakes: Any, caplog: pytest.LogCaptureFixture
) -> None:
    watch(fakes, "1 / 0", "failing")
    watch(fakes, "pass", "working")
    host = load_plugins(allow=["failing", "working"])
    with caplog.at_level(logging.WARNING, logger="ganx"):
        for _ in range(3):
            host.notify("ganx_step_ended", STEP)
    (record,) = caplog.records
    assert "'ganx_step_ended' of plugin 'failing' (fake-failing 1.0) failed with" in record.message
    assert "ZeroDivisionError" in record.message
    assert (calls(host, "failing"), calls(host, "working")) == (1, 3)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("import asyncio; raise asyncio.CancelledError", "CancelledError"),
        ("raise type('Own', (BaseException,), {})('gone')", "Own: gone"),
    ],
)
def test_an_observer_cannot_end_the_program(
    fakes: Any, caplog: pytest.LogCaptureFixture, line: str, told: str
) -> None:
    watch(fakes, line)
    load_plugins(allow=["watcher"]).notify("ganx_step_ended", STEP)
    assert f"failed with {told}. The run goes on" in caplog.text


def test_the_user_can_interrupt_an_observer(fakes: Any) -> None:
    watch(fakes, "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load_plugins(allow=["watcher"]).notify("ganx_step_ended", STEP)


def test_a_new_run_gives_an_observer_another_chance(fakes: Any, tmp_path: Path) -> None:
    watch(fakes, "1 / 0")
    host = load_plugins(allow=["watcher"])
    host.notify("ganx_step_ended", STEP)
    host.notify("ganx_run_started", RunStarted(tmp_path, {}, 0, 100))
    host.notify("ganx_step_ended", STEP)
    assert calls(host) == 2


def test_an_observer_may_leave_the_event_out(fakes: Any, tmp_path: Path) -> None:
    watch(fakes, "pass", hook="ganx_run_ended()")
    host = load_plugins(allow=["watcher"])
    host.notify("ganx_run_ended", RunEnded(tmp_path, 64, "finished"))
    assert calls(host) == 1


@pytest.mark.parametrize("end", ["pass", "1 / 0"])
def test_what_an_observer_does_to_random_state_is_undone(fakes: Any, end: str) -> None:
    spoil = "import numpy, torch; random.seed(1); numpy.random.seed(1); torch.manual_seed(1)"
    watch(fakes, f"{spoil}; {end}" if end == "pass" else f"{spoil}; random.random(); {end}")
    host = load_plugins(allow=["watcher"])
    before = global_states()
    host.notify("ganx_step_ended", STEP)
    assert calls(host) == 1
    assert global_states() == before
