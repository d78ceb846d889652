"""What ships: a frozen generator can be scripted, traced and exported."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.config import validated
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.specs import ExporterSpec
from ganx.exporting.publish import publish
from ganx.layers.spectral_norm import bake
from ganx.testing.model_base import ModelBase
from ganx.testing.probe import conditions, enliven, settle

BATCHES = (1, 2, 7)
"""One, the size of the example that formats are made from, and one that nothing prepared."""

_DEPRECATED = r"`torch\.jit\.\w+` is (deprecated|not supported)"

_script: Callable[..., Any] = torch.jit.script
_trace: Callable[..., Any] = torch.jit.trace


class ModelExport(ModelBase):
    """A trained generator leaves Python in every installed format."""

    def test_the_generator_can_be_scripted(self, conditional: bool) -> None:
        """``torch.jit.script`` understands G's forward."""
        frozen = self.frozen(self.first(conditional=conditional))
        with without_deprecation():
            scripted = _script(frozen.module)
        self._check_agreement(frozen, scripted)

    def test_the_generator_can_be_traced(self, conditional: bool) -> None:
        """G does not decide by the values or number of its inputs."""
        frozen = self.frozen(self.first(conditional=conditional))
        with without_deprecation():
            traced = _trace(frozen.module, frozen.example_inputs(2), check_trace=False)
        self._check_agreement(frozen, traced)

    def test_the_generator_survives_every_format(
        self, conditional: bool, exporter: ExporterSpec, tmp_path: Path
    ) -> None:
        """A published file draws what the generator draws, and obeys the condition as it does."""
        frozen = self.frozen(self.first(conditional=conditional))
        file = tmp_path / f"generator{exporter.suffix}"
        report = publish(frozen, exporter, file, self.tolerance)
        assert (report.condition_change is not None) == conditional

    def test_the_generator_survives_float16_and_levels(
        self, exporter: ExporterSpec, tmp_path: Path
    ) -> None:
        """So does a file that computes in float16 and gives pixels from 0 to 255."""
        if exporter.config is None or not issubclass(exporter.config, ExportConfig):
            pytest.skip(f"{exporter.name} has no precisions")
        settings = {"precision": "float16", "output": "uint8"}
        config = validated(exporter.config, settings, exporter.name)
        interfaces = [one for one in self.interfaces if self.accepts(one)]
        frozen = self.frozen(next((one for one in interfaces if one.condition.size), interfaces[0]))
        publish(frozen, exporter, tmp_path / f"generator{exporter.suffix}", config=config)

    def frozen(self, interface: Interface) -> FrozenGenerator:
        """Freeze a generator with weights and statistics unlike those it was built with."""
        networks = self.build(interface)
        enliven(networks)
        settle(networks, interface)
        rows = conditions(interface.condition, 6).numpy().astype(np.uint8)
        return FrozenGenerator(
            bake(networks.generator).requires_grad_(False),
            interface,
            networks.latent,
            {
                "interface": interface.to_json(),
                "latent": networks.latent.to_json(),
                "distribution": ConditionDistribution.of(rows).to_json(),
                "origin": {"model": {"name": self.spec.name, **self.config}},
            },
        )

    @torch.no_grad()
    def _check_agreement(self, frozen: FrozenGenerator, call: Callable[..., Tensor]) -> None:
        """Compare with eager PyTorch at several batch sizes."""
        for batch in BATCHES:
            inputs = frozen.example_inputs(batch)
            expected, given = frozen.module(*inputs), call(*inputs)
            assert given.shape == expected.shape, (
                f"A batch of {batch} gives {tuple(given.shape)}, not {tuple(expected.shape)}."
            )
            difference = float((given - expected).abs().max())
            assert difference <= self.tolerance, (
                f"A pixel differs by {difference:.1e} at batch {batch}; "
                f"at most {self.tolerance:.0e} is allowed."
            )


@contextmanager
def without_deprecation() -> Iterator[None]:
    """Silence nothing but PyTorch's notice that TorchScript is deprecated."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_DEPRECATED)
        yield
