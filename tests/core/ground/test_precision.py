"""What device and number format a setting means."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from ganx import device
from ganx.config import validated
from ganx.device import decide
from ganx.errors import ConfigError
from ganx.settings.tables import ChannelsLast, Precision, TrainConfig
from ganx.training.setup import execution_of


@pytest.mark.parametrize(("fast", "expected"), [(True, "bfloat16"), (False, "float32")])
def test_a_cpu_takes_bfloat16_only_where_it_is_fast(
    fast: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "cpu_bf16_is_fast", lambda: fast)
    execution = decide(device="cpu")
    assert execution.settings() == {
        "device": "cpu",
        "precision": expected,
        "compile": "off",
        "channels_last": True,
    }


@pytest.mark.parametrize(
    ("name", "dtype"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)]
)
def test_autocast_computes_in_the_chosen_type(name: Precision, dtype: torch.dtype) -> None:
    execution = decide(device="cpu", precision=name)
    with execution.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == dtype


def test_float16_on_a_cpu_is_refused() -> None:
    with pytest.raises(ConfigError, match="use bfloat16 or float32"):
        decide(device="cpu", precision="float16")


def test_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ConfigError, match="'cuda:3': PyTorch sees 1 CUDA devices"):
        decide(device="cuda:3")


def test_compilation_is_asked_for_or_comes_with_cuda() -> None:
    assert decide("cpu", compiled="on").compile
    assert not decide("cpu", compiled="auto").compile


@pytest.mark.parametrize(("given", "meant"), [("auto", True), (True, True), (False, False)])
def test_images_are_channels_last_unless_that_is_off(given: ChannelsLast, *, meant: bool) -> None:
    assert execution_of(TrainConfig(device="cpu", channels_last=given)).channels_last is meant


@pytest.mark.parametrize("wrong", ["on", 2, None])
def test_a_memory_order_of_another_kind_is_refused(wrong: object) -> None:
    with pytest.raises(ConfigError, match=r"'train.channels_last': give auto, true or false"):
        validated(TrainConfig, {"channels_last": wrong}, "train")


@pytest.mark.parametrize(("native", "expected"), [(True, "bfloat16"), (False, "float16")])
def test_the_card_that_was_chosen_is_asked_for_bfloat16_not_the_first(
    native: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    current: list[torch.device] = []

    @contextmanager
    def device(which: torch.device) -> Iterator[None]:
        current.append(which)
        yield
        current.pop()

    def supported(*, including_emulation: bool) -> bool:
        assert not including_emulation
        return native if current == [torch.device("cuda:1")] else not native

    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "device", device)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert decide("cuda:1").precision == expected
