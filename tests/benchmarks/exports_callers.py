"""Opening exported files on a device, each as a function of NumPy arrays."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import onnxruntime
import torch
from numpy.typing import NDArray

from ganx.contracts.frozen import FrozenGenerator

Call = Callable[..., NDArray[Any]]
Which = tuple[str, str]
"""A format and a precision."""

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


def callers(
    frozen: FrozenGenerator, files: Mapping[Which, Path], device: str
) -> tuple[dict[Which | None, Call], dict[Which, str]]:
    """Open the files on a device; eager is at None. Also return why some could not be opened."""
    calls: dict[Which | None, Call] = {None: _torch_call(deepcopy(frozen.module), device)}
    refused: dict[Which, str] = {}
    for which, file in files.items():
        try:
            call = _OPENED[which[0]](file, device)
            call(*(tensor.numpy() for tensor in frozen.example_inputs(1)))
        except Exception as error:  # noqa: BLE001 - the reason goes into the table
            refused[which] = str(error).strip().splitlines()[0][:60]
        else:
            calls[which] = call
    return calls, refused


def _torch_call(module: Any, device: str) -> Call:
    """Call a module, with its inputs' way to the device and its images' way back."""
    there = module.to(device)

    @torch.no_grad()
    def call(*inputs: NDArray[Any]) -> NDArray[Any]:
        images: NDArray[Any] = (
            there(*(torch.from_numpy(x).to(device) for x in inputs)).cpu().numpy()
        )
        return images

    return call


def _torchscript(file: Path, device: str) -> Call:
    return _torch_call(torch.jit.load(file, map_location=device), device)


def _torch_export(file: Path, device: str) -> Call:
    return _torch_call(torch.export.load(file).module(), device)


def _onnx(file: Path, device: str) -> Call:
    """Open a session on one thread, as eager has; raises where the provider is not there."""
    if PROVIDERS[device] not in onnxruntime.get_available_providers():
        raise RuntimeError("onnxruntime has no CUDA here")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(file, options, providers=[PROVIDERS[device]])
    names = [one.name for one in session.get_inputs()]

    def call(*inputs: NDArray[Any]) -> NDArray[Any]:
        images: NDArray[Any] = session.run(None, dict(zip(names, inputs, strict=True)))[0]
        return images

    return call


_OPENED: dict[str, Callable[[Path, str], Call]] = {
    "onnx": _onnx,
    "torchscript": _torchscript,
    "torch-export": _torch_export,
}
