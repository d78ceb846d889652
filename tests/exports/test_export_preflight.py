"""A generator that is not frozen is refused before anything is written."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError


def test_train_mode_is_refused(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    conditional.module.norm.train()
    with pytest.raises(ExportError, match="norm is in train mode"):
        exporter.write(conditional, tmp_path / "file", None)
    assert list(tmp_path.iterdir()) == []


def test_spectral_norm_that_is_not_baked_in_is_refused(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    parametrizations.spectral_norm(conditional.module.query).eval()
    with pytest.raises(ExportError, match="query still has a parametrization"):
        exporter.write(conditional, tmp_path / "file", None)


def test_another_precision_is_refused(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    conditional.module.query.to(torch.bfloat16)
    with pytest.raises(ExportError, match=r"query\.weight is torch\.bfloat16, not float32"):
        exporter.write(conditional, tmp_path / "file", None)


def test_another_device_is_refused(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    conditional.module.query.to("meta")
    with pytest.raises(ExportError, match=r"query\.weight is on meta, not the CPU"):
        exporter.write(conditional, tmp_path / "file", None)


@pytest.mark.parametrize("value", [{1, 2}, float("nan")])
def test_metadata_that_is_not_json_is_refused(
    value: object, exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="metadata is not JSON"):
        exporter.write(replace(conditional, metadata={"origin": value}), tmp_path / "file", None)


@pytest.mark.parametrize("place", ["/data/images", "C:\\data\\images"])
def test_metadata_with_a_path_of_this_machine_is_refused(
    place: str, exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    leaking = replace(conditional, metadata={"origin": [{"data": place}]})
    with pytest.raises(ExportError, match=r"metadata\.origin\[0\]\.data is the path"):
        exporter.write(leaking, tmp_path / "file", None)


def test_what_a_format_cannot_express_is_told(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    class Numpy(nn.Module):
        def forward(self, z: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
            raise NotImplementedError("only for rabbits")

    with pytest.raises(ExportError, match=r"PyTorch cannot .* this generator.*only for rabbits"):
        exporter.write(replace(conditional, module=Numpy().eval()), tmp_path / "file", None)
