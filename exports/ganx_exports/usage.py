"""A few lines of Python that run an exported file, to be shown to whoever made it."""

from pathlib import Path

from ganx.frozen import FrozenGenerator


def usage(format_name: str, path: Path, frozen: FrozenGenerator) -> list[str]:
    """Return an example of running a file, or nothing for formats of other plugins."""
    z, k = frozen.latent.size, frozen.interface.condition.size
    if format_name == "onnx":
        return _onnx_usage(path, z, k)
    if format_name == "torchscript":
        return _torchscript_usage(path, z, k)
    return []


def _onnx_usage(path: Path, z: int, k: int) -> list[str]:
    """Show onnxruntime on the CPU, which is everywhere, and what to write for a GPU."""
    condition = f', "c": np.eye({k}, dtype=np.float32)[:1].repeat(4, 0)' if k else ""
    return [
        "import numpy as np, onnxruntime as ort",
        'providers = ["CPUExecutionProvider"]  # on an NVIDIA GPU: ["CUDAExecutionProvider"]',
        f"session = ort.InferenceSession({str(path)!r}, providers=providers)",
        f'inputs = {{"z": np.random.randn(4, {z}).astype(np.float32){condition}}}',
        "images = session.run(None, inputs)[0]  # [4, C, H, W] in [-1, 1]",
    ]


def _torchscript_usage(path: Path, z: int, k: int) -> list[str]:
    """Show torch.jit.load."""
    condition = f", torch.eye({k})[:1].repeat(4, 1)" if k else ""
    return [
        "import torch",
        f"generator = torch.jit.load({str(path)!r})",
        f"inputs = (torch.randn(4, {z}){condition})" if k else f"inputs = (torch.randn(4, {z}),)",
        "images = generator(*inputs)  # [4, C, H, W] in [-1, 1]",
    ]
