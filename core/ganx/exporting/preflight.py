"""What a generator must be before it is worth exporting."""

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError

REPAIR = "Pass the generator as ganx.sampling.generator.load_generator returns it."


def check_frozen(frozen: FrozenGenerator) -> None:
    """Raise ``ExportError`` for train mode, parametrizations, or tensors not float32 on the CPU.

    Exporters accept all of these without complaint and then write something else than was meant.
    """
    for name, module in frozen.module.named_modules():
        _check_module(name or "the generator", module)
    for name, tensor in (*frozen.module.named_parameters(), *frozen.module.named_buffers()):
        _check_tensor(name, tensor)


def _check_module(name: str, module: nn.Module) -> None:
    """Refuse one module that still trains."""
    if module.training:
        raise ExportError(f"Cannot export: {name} is in train mode, not eval mode. {REPAIR}")
    if is_parametrized(module):
        raise ExportError(
            f"Cannot export: {name} still has a parametrization such as spectral norm; "
            f"it must be baked into the weight first. {REPAIR}"
        )


def _check_tensor(name: str, tensor: Tensor) -> None:
    """Refuse one tensor of another precision or device."""
    if tensor.device.type != "cpu":
        raise ExportError(f"Cannot export: {name} is on {tensor.device}, not the CPU. {REPAIR}")
    if tensor.is_floating_point() and tensor.dtype != torch.float32:
        raise ExportError(f"Cannot export: {name} is {tensor.dtype}, not float32. {REPAIR}")


def check_deterministic(frozen: FrozenGenerator) -> None:
    """Raise ``ExportError`` unless two calls with the same inputs give the same finite images.

    A generator that draws noise inside cannot be compared with its exported file.
    """
    inputs = frozen.example_inputs(2)
    with torch.no_grad():
        first, second = frozen.module(*inputs), frozen.module(*inputs)
    if not isinstance(first, Tensor):
        raise ExportError(
            f"Cannot export: the generator returns a {type(first).__name__}, not one tensor of "
            f"images [B, C, H, W]."
        )
    if not (first.isfinite().all() and second.isfinite().all()):
        raise ExportError(
            "Cannot export: the generator's images have values that are not finite. "
            "Export an earlier checkpoint."
        )
    if not torch.equal(first, second):
        difference = float((first - second).abs().max())
        raise ExportError(
            f"Cannot export: two calls of the generator with the same inputs differ by "
            f"{difference:.1e}, so it draws random numbers inside. Make them part of the latent."
        )
