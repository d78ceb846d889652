"""What device and number format a setting means."""

import pytest
import torch

from ganx import precision
from ganx.errors import ConfigError
from ganx.precision import decide
from ganx.settings import Precision, TrainSettings


@pytest.mark.parametrize(("fast", "expected"), [(True, "bfloat16"), (False, "float32")])
def test_a_cpu_takes_bfloat16_only_where_it_is_fast(
    fast: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "cpu_bf16_is_fast", lambda: fast)
    execution = decide(device="cpu")
    assert execution.settings() == {"device": "cpu", "precision": expected, "compile": "off"}


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
    assert decide(device="cpu", compile="on").compile
    assert not decide(device="cpu", compile="auto").compile
