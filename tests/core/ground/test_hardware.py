from collections.abc import Iterator
from typing import Any

import pytest
import torch

from ganx import device


@pytest.fixture(autouse=True)
def _asks_anew() -> Iterator[None]:
    device.cpu_bf16_is_fast.cache_clear()
    yield
    device.cpu_bf16_is_fast.cache_clear()


@pytest.mark.parametrize(
    ("capabilities", "fast"),
    [
        ({"amx_tile": True, "avx512_bf16": True}, True),
        ({"amx_tile": False, "avx512_bf16": True}, False),
        ({"avx2": True, "avx512_f": True, "amx_tile": False}, False),
        ({"architecture": "aarch64", "neon": True}, False),
    ],
)
def test_bfloat16_is_fast_with_tiles_alone(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, Any], fast: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    assert device.cpu_bf16_is_fast() is fast


@pytest.mark.parametrize("fast", [True, False])
def test_an_older_torch_is_asked_its_older_questions(
    monkeypatch: pytest.MonkeyPatch, fast: bool
) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: fast, raising=False)
    assert device.cpu_bf16_is_fast() is fast


def test_a_torch_that_cannot_tell_counts_as_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot_tell() -> bool:
        raise RuntimeError("not built in")

    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", cannot_tell, raising=False)
    assert device.cpu_bf16_is_fast() is False
