"""The generators that ganx ships, small and with random weights: one for each recipe."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.config import validated
from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ConfigError
from ganx.exporting.questions import Question, question
from ganx.host import default_host
from ganx.settings.run import resolve
from ganx.testing import ModelContract
from ganx.testing.interfaces import INTERFACES
from ganx_exports.config import OnnxConfig, TorchScriptConfig
from ganx_exports.onnx_format import export_onnx
from ganx_exports.torchscript_format import export_torchscript

BATCHES = (1, 2, 7, 64)
NARROW = {"width": 8, "discriminator_width": 8}
KINDS = {"iclevr": "labels", "mnist": "classes", "animefaces": "attributes"}
"""The conditions of the recipes' data sets."""


@dataclass(frozen=True)
class Shipped:
    """A recipe's generator."""

    recipe: str
    frozen: FrozenGenerator

    def questions(self) -> list[Question]:
        return [question(self.frozen, batch) for batch in BATCHES]

    def images(self, asked: Question) -> NDArray[np.float32]:
        """Return what eager PyTorch gives."""
        inputs = [torch.from_numpy(one) for one in (asked.z, asked.c) if one.shape[1]]
        with torch.no_grad():
            images: NDArray[np.float32] = self.frozen.module(*inputs).numpy()
        return images

    def export(self, folder: Path, form: dict[str, Any], suffix: str) -> Path:
        """Write the generator into a folder, once for each form."""
        told = "-".join(f"{name}{value}" for name, value in form.items())
        file = folder / f"{self.recipe}{told}{suffix}"
        if not file.exists():
            if suffix == ".pt":
                export_torchscript(self.frozen, file, TorchScriptConfig())
            else:
                export_onnx(self.frozen, file, OnnxConfig(**form))
        return file


def recipes() -> list[str]:
    return list(default_host().recipes)


def shipped(recipe: str, *, narrow: bool = True) -> Shipped:
    """Build a recipe's generator, of few channels or as it is."""
    host = default_host()
    run = resolve(host, {"recipe": recipe})
    spec = host.models[run.model.name]
    settings = run.model.config.model_dump()
    if narrow:
        settings |= {name: value for name, value in NARROW.items() if name in settings}
    contract = ModelContract()
    contract.spec, contract.config = spec, settings
    for interface in _interfaces(KINDS.get(run.dataset.name, "none")):
        try:
            validated(spec.config, settings, spec.name)
            return Shipped(recipe, contract.frozen(interface))
        except ConfigError:
            continue
    raise AssertionError(f"{recipe} takes none of the interfaces")


def _interfaces(kind: str) -> Iterator[Any]:
    """Yield colour images of the kind first, of 64 pixels before others."""
    for same in (True, False):
        for resolution in (64, 32):
            for one in INTERFACES:
                if (one.condition.kind == kind) == same and one.resolution == resolution:
                    yield one
