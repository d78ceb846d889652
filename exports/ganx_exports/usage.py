"""A few lines of Python that run an exported file, to be shown to whoever made it."""

from pathlib import Path
from shlex import quote

from ganx.config import Config
from ganx.contracts.condition import Condition
from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.latent import Latent, LatentPart
from ganx.exporting.metadata import example_text, fixed_batch

_COUNT = 4
"""Images that an example makes, unless the file makes another number."""

_OPENED = {"torchscript": "torch.jit.load({})", "torch-export": "torch.export.load({}).module()"}
"""How PyTorch opens its formats."""


def usage(
    format_name: str, path: Path, frozen: FrozenGenerator, config: Config | None = None
) -> list[str]:
    """Return an example of running a file, or nothing for formats of other plugins."""
    count = fixed_batch(config) or _COUNT
    levels = isinstance(config, ExportConfig) and config.output == "uint8"
    images = f"[{count}, H, W, C] from 0 to 255" if levels else f"[{count}, C, H, W] in [-1, 1]"
    names = ["z", "c"] if frozen.interface.condition.size else ["z"]
    inputs = [_latent(frozen.latent, count), *_condition(frozen.interface.condition, count)]
    if format_name == "onnx":
        return _onnx_usage(path, names, inputs, images)
    if format_name in _OPENED:
        opened = _OPENED[format_name].format(repr(str(path)))
        return _torch_usage(opened, names, inputs, images)
    return []


def picture_command(format_name: str, path: Path, condition: Condition) -> str:
    """Return ganx-runtime's command that draws pictures; nothing for formats it cannot run."""
    if format_name != "onnx":
        return ""
    labels = f"--labels {quote(example_text(condition))} " if condition.size else ""
    return f"ganx-run {quote(str(path))} {labels}-n 16 --seed 0 -o grid.png"


def _onnx_usage(path: Path, names: list[str], inputs: list[str], images: str) -> list[str]:
    """Show onnxruntime on the CPU, which is everywhere, and what to write for a GPU."""
    named = ", ".join(f'"{name}": {name}' for name in names)
    return [
        "import numpy as np, onnxruntime as ort",
        'providers = ["CPUExecutionProvider"]  # on an NVIDIA GPU: ["CUDAExecutionProvider"]',
        f"session = ort.InferenceSession({str(path)!r}, providers=providers)",
        *inputs,
        f"images = session.run(None, {{{named}}})[0]  # {images}",
    ]


def _torch_usage(opened: str, names: list[str], inputs: list[str], images: str) -> list[str]:
    tensors = ", ".join(f"torch.from_numpy({name})" for name in names)
    return [
        "import numpy as np, torch",
        f"generator = {opened}",
        *inputs,
        f"images = generator({tensors})  # {images}",
    ]


def _latent(latent: Latent, count: int) -> str:
    """Draw latents as training does."""
    drawn = [_part(part, count) for part in latent.parts]
    whole = drawn[0] if len(drawn) == 1 else f"np.concatenate([{', '.join(drawn)}], axis=1)"
    return f"z = {whole}.astype(np.float32)"


def _part(part: LatentPart, count: int) -> str:
    """Draw one part of the latents."""
    if part.kind == "normal":
        return f"np.random.randn({count}, {part.size})"
    if part.kind == "categorical":
        return f"np.eye({part.size})[np.random.randint({part.size}, size={count})]"
    return f"np.random.uniform(-1, 1, ({count}, {part.size}))"


def _condition(condition: Condition, count: int) -> list[str]:
    """Ask each time for the first value of each group."""
    if not condition.size:
        return []
    chosen = [where.start for where in condition.slices.values()]
    shown = condition.decode([float(index in chosen) for index in range(condition.size)])
    return [
        f"c = np.zeros(({count}, {condition.size}), np.float32)",
        f"c[:, {chosen}] = 1  # {shown}",
    ]
