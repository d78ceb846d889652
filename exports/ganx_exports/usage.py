"""A few lines of Python that run an exported file, to be shown to whoever made it."""

from pathlib import Path

from ganx.contracts.condition import Condition
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.latent import Latent, LatentPart


def usage(format_name: str, path: Path, frozen: FrozenGenerator) -> list[str]:
    """Return an example of running a file, or nothing for formats of other plugins."""
    names = ["z", "c"] if frozen.interface.condition.size else ["z"]
    inputs = [_latent(frozen.latent), *_condition(frozen.interface.condition)]
    if format_name == "onnx":
        return _onnx_usage(path, names, inputs)
    if format_name == "torchscript":
        return _pytorch_usage(f"torch.jit.load({str(path)!r})", names, inputs)
    if format_name == "torch-export":
        return _pytorch_usage(f"torch.export.load({str(path)!r}).module()", names, inputs)
    return []


def _onnx_usage(path: Path, names: list[str], inputs: list[str]) -> list[str]:
    """Show onnxruntime on the CPU, which is everywhere, and what to write for a GPU."""
    named = ", ".join(f'"{name}": {name}' for name in names)
    return [
        "import numpy as np, onnxruntime as ort",
        'providers = ["CPUExecutionProvider"]  # on an NVIDIA GPU: ["CUDAExecutionProvider"]',
        f"session = ort.InferenceSession({str(path)!r}, providers=providers)",
        *inputs,
        f"images = session.run(None, {{{named}}})[0]  # [4, C, H, W] in [-1, 1]",
    ]


def _pytorch_usage(loaded: str, names: list[str], inputs: list[str]) -> list[str]:
    tensors = ", ".join(f"torch.from_numpy({name})" for name in names)
    return [
        "import numpy as np, torch",
        f"generator = {loaded}",
        *inputs,
        f"images = generator({tensors})  # [4, C, H, W] in [-1, 1]",
    ]


def _latent(latent: Latent) -> str:
    """Draw four latents as training does."""
    drawn = [_part(part) for part in latent.parts]
    whole = drawn[0] if len(drawn) == 1 else f"np.concatenate([{', '.join(drawn)}], axis=1)"
    return f"z = {whole}.astype(np.float32)"


def _part(part: LatentPart) -> str:
    """Draw one part of four latents."""
    if part.kind == "normal":
        return f"np.random.randn(4, {part.size})"
    if part.kind == "categorical":
        return f"np.eye({part.size})[np.random.randint({part.size}, size=4)]"
    return f"np.random.uniform(-1, 1, (4, {part.size}))"


def _condition(condition: Condition) -> list[str]:
    """Ask four times for the first value of each group."""
    if not condition.size:
        return []
    chosen = [where.start for where in condition.slices.values()]
    shown = condition.decode([float(index in chosen) for index in range(condition.size)])
    row = f"np.eye({condition.size}, dtype=np.float32)[{chosen}].sum(0)"
    return [f"c = np.tile({row}, (4, 1))  # {shown}"]
