"""Every model's generator can be cast, in PyTorch and as a TorchScript file."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch

from ganx import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.exporting.quiet import without_jit_deprecation
from ganx.host import load_plugins
from ganx.testing import ModelContract
from ganx.testing.interfaces import CONDITIONS, INTERFACES, told
from ganx_exports.torchscript_format import export_torchscript

MODELS = load_plugins().models
FORMS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in MODELS),
    ("dcgan", {"form": "styled"}),
    ("sagan", {"form": "styled"}),
    ("slots", {"generator": "plain"}),
]
SMALLEST = INTERFACES[: len(CONDITIONS)]


def small(name: str, settings: dict[str, Any]) -> ModelContract:
    """Make the contract of a model, for what builds and freezes a small one."""
    contract = type("Small", (ModelContract,), {"__test__": False})()
    contract.spec = MODELS[name]
    contract.config = {"width": 8, **settings}
    return contract


@pytest.mark.parametrize(("name", "settings"), FORMS, ids=str)
@pytest.mark.parametrize("interface", SMALLEST, ids=told)
def test_cast_it_draws_nearly_the_same(name: str, settings: dict[str, Any], interface: Any) -> None:
    contract = small(name, settings)
    if not contract.accepts(interface):
        pytest.skip(f"{name} takes no such condition")
    frozen = contract.frozen(interface)
    exact = frozen.module(*frozen.example_inputs(3))
    for kind, most in ((torch.float16, 0.02), (torch.bfloat16, 0.2)):
        inputs = [one.to(kind) for one in frozen.example_inputs(3)]
        cast = deepcopy(frozen.module).to(kind)(*inputs)
        assert float((cast.float() - exact).abs().max()) < most


@pytest.mark.parametrize("name", ["sagan", "slots"])
def test_so_does_its_file(name: str, tmp_path: Path) -> None:
    frozen: FrozenGenerator = small(name, {}).frozen(SMALLEST[2])
    export_torchscript(frozen, tmp_path / "g.pt", ExportConfig())
    for kind in (torch.float16, torch.bfloat16):
        inputs = [one.to(kind) for one in frozen.example_inputs(3)]
        with without_jit_deprecation():
            drawn = torch.jit.load(tmp_path / "g.pt").to(kind)(*inputs)
        cast = deepcopy(frozen.module).to(kind)(*inputs)
        assert drawn.dtype == cast.dtype
        assert float((drawn.float() - cast.float()).abs().max()) <= 4 * torch.finfo(kind).eps
