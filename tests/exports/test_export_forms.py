"""What a file can be asked for: precision, levels, and what it does not say."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.export_config import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError
from ganx.exporting.metadata import Told, read_metadata
from ganx.exporting.publish import publish, verify_file
from ganx.pictures.grid import to_uint8
from ganx_exports.config import TorchScriptConfig

Freeze = Callable[[nn.Module], FrozenGenerator]

FORMS = [
    {"precision": "float32", "output": "uint8"},
    {"precision": "float16", "output": "float"},
    {"precision": "float16", "output": "uint8"},
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(form.values()))
def test_precision_and_output_are_those_that_were_asked_for(
    form: dict[str, Any], exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    assert exporter.config is not None
    config = exporter.config(**form)
    report = publish(conditional, exporter, tmp_path / f"g{exporter.suffix}", config=config)

    z, c = conditional.example_inputs(5)
    with torch.no_grad():
        eager = conditional.module(z, c)
    images = exporter.load(report.path)(z.numpy(), c.numpy())
    if form["output"] == "uint8":
        levels = to_uint8(eager).permute(0, 2, 3, 1).numpy()
        assert images.dtype == np.uint8
        assert np.abs(images.astype(int) - levels).max() <= (2 if "16" in form["precision"] else 1)
    else:
        assert images.dtype == np.float32
        difference = np.abs(images - eager.numpy()).max()
        assert 1e-6 < difference < 5e-3, "float16 is not float32"
    assert read_metadata(exporter, report.path)["file"] == {
        "format": exporter.name,
        "batch": None,
        **form,
    }


def test_float16_halves_the_file(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    wide = replace(conditional, module=Wide().eval())
    assert exporter.config is not None
    sizes = {}
    for precision in ("float32", "float16"):
        file = tmp_path / f"{precision}{exporter.suffix}"
        exporter.write(wide, file, exporter.config(precision=precision))
        sizes[precision] = file.stat().st_size
    assert sizes["float16"] < 0.6 * sizes["float32"]


class Wide(nn.Module):
    """Has 100,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.grow = nn.Linear(9, 10_000)
        self.image = nn.Linear(10_000, 192, bias=False)
        with torch.no_grad():
            self.image.weight.div_(10)

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        grown = self.grow(torch.cat((z, c), dim=1)).relu()
        return torch.tanh(self.image(grown)).view(-1, 3, 8, 8)


def test_a_small_shift_of_all_pixels_is_refused_by_the_share_of_equal_levels(
    exporters: dict[str, ExporterSpec], frozen_as: Freeze, tmp_path: Path
) -> None:
    class Noisy(nn.Module):
        """Paints every pixel in another level, so that some are close to the next."""

        def __init__(self, by: float) -> None:
            super().__init__()
            self.grow = nn.Linear(9, 192)
            self.by = by

        def forward(self, z: Tensor, c: Tensor) -> Tensor:
            grown = 0.9 * torch.tanh(self.grow(torch.cat((z, c), dim=1)))
            return grown.view(-1, 3, 8, 8) + self.by

    torch.manual_seed(0)
    right, shifted = frozen_as(Noisy(0).eval()), frozen_as(Noisy(9e-5).eval())
    shifted.module.load_state_dict(right.module.state_dict())
    spec = exporters["torchscript"]
    file = tmp_path / "g.pt"
    spec.write(shifted, file, None)
    with pytest.raises(ExportError, match=r"have the generator's level .* at least 99\.9% must"):
        verify_file(right, spec, file, ExportConfig())


class Scaled(nn.Module):
    """Goes through numbers of a size, and back."""

    def __init__(self, size: float) -> None:
        super().__init__()
        self.grow = nn.Linear(9, 192)
        self.size = size

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        grown = torch.tanh(self.grow(torch.cat((z, c), dim=1))) * self.size + self.size
        return (grown / self.size - 1).view(-1, 3, 8, 8)


def test_a_generator_whose_numbers_are_too_large_for_float16_is_not_written_in_it(
    frozen_as: Freeze, exporters: dict[str, ExporterSpec], tmp_path: Path
) -> None:
    spec, half = exporters["torchscript"], TorchScriptConfig(precision="float16")
    with pytest.raises(ExportError, match=r"not finite.*too large for float16"):
        publish(frozen_as(Scaled(1e5).eval()), spec, tmp_path / "g.pt", config=half)


def test_pixels_that_float16_moves_are_refused_by_their_share(
    frozen_as: Freeze, exporters: dict[str, ExporterSpec], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    right = frozen_as(Scaled(1.0).eval())
    spec, half = exporters["torchscript"], TorchScriptConfig(precision="float16")
    publish(right, spec, tmp_path / "g.pt", config=half)
    wrong = deepcopy(right.module)
    with torch.no_grad():
        wrong.grow.bias[:3] += 0.1
    with pytest.raises(ExportError, match=r"at most 1\.0% off by more than 2"):
        verify_file(frozen_as(wrong), spec, tmp_path / "g.pt", half)


def test_the_distribution_is_short_and_can_be_left_out(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    exporter = exporters["torchscript"]
    rng = np.random.default_rng(0)
    rows = (rng.random((500, 3)) < 0.5).astype(np.uint8)
    full = ConditionDistribution.of(rows).to_json()
    told = replace(conditional, metadata={**conditional.metadata, "distribution": full})
    file = tmp_path / f"g{exporter.suffix}"

    publish(told, exporter, file)
    short = read_metadata(exporter, file)["distribution"]
    assert sum(short["counts"]) == 500
    assert sorted(map(tuple, short["combinations"])) == sorted(
        tuple(np.flatnonzero(row)) for row in np.unique(rows, axis=0)
    )

    publish(told, exporter, file, told=Told(licence="CC0-1.0", distribution=False))
    metadata = read_metadata(exporter, file)
    assert "distribution" not in metadata
    assert metadata["licence"] == "CC0-1.0"


def test_exporting_twice_gives_the_same_bytes(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    first, second = (tmp_path / f"{name}{exporter.suffix}" for name in ("a", "b"))
    exporter.write(conditional, first, None)
    exporter.write(conditional, second, None)
    assert first.read_bytes() == second.read_bytes()


def test_a_format_of_old_is_written_without_settings(
    conditional: FrozenGenerator, tmp_path: Path
) -> None:
    def export(frozen: FrozenGenerator, path: Path) -> None:
        path.write_text(json.dumps(frozen.metadata["origin"]))

    def load(_path: Path) -> Any:
        def generate(z: Any, c: Any) -> Any:
            with torch.no_grad():
                return conditional.module(torch.from_numpy(z), torch.from_numpy(c)).numpy()

        return generate

    spec = ExporterSpec("own", "A stranger's format", ".own", export, load)
    report = publish(conditional, spec, tmp_path / "g.own")
    assert list(report.differences.values()) == [0.0] * 5
    assert json.loads(report.path.read_text()) == conditional.metadata["origin"]
    with pytest.raises(ExportError, match="cannot be read back"):
        read_metadata(spec, report.path)
