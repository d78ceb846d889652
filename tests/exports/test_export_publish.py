"""What is published works as the generator does; what does not is not published."""

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.config import Config
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError
from ganx.exporting.metadata import read_metadata
from ganx.exporting.places import check_no_places
from ganx.exporting.publish import ExportReport, publish

Freeze = Callable[[nn.Module], FrozenGenerator]


class Flat(nn.Module):
    """Paints the whole image in one colour taken from the inputs."""

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return (torch.tanh(z[:, :3]) * (1 + c) / 2)[:, :, None, None].expand(-1, -1, 8, 8)


class IgnoresCondition(Flat):
    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return super().forward(z, torch.zeros_like(c))


class FixesItsBatch(Flat):
    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return super().forward(z.reshape(int(z.shape[0]), 6), c[: int(c.shape[0])])


class Unbounded(Flat):
    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return 3 + super().forward(z, c)


class DrawsNoise(Flat):
    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return super().forward(z + torch.randn_like(z), c)


class Undefined(Flat):
    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return super().forward(z, c) / torch.zeros(())


class ReturnsTwo(Flat):
    def forward(self, z: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        return super().forward(z, c), z


def wrong_weights(exporter: ExporterSpec) -> ExporterSpec:
    """Exports a generator with one weight changed by a little."""

    def export(frozen: FrozenGenerator, path: Path, config: Config) -> None:
        with torch.no_grad():
            frozen.module.image.bias[0] += 0.01
        exporter.export(frozen, path, config)
        with torch.no_grad():
            frozen.module.image.bias[0] -= 0.01

    return replace(exporter, export=export)


def test_the_file_agrees_with_the_generator_at_every_batch_size(published: ExportReport) -> None:
    assert list(published.differences) == [1, 2, 3, 7, 64]
    assert max(published.differences.values()) <= 1e-5
    assert published.condition_change is not None
    assert published.condition_change > 1e-3
    assert published.bytes == published.path.stat().st_size
    assert [entry.name for entry in published.path.parent.iterdir()] == [published.path.name]


def test_the_file_runs_on_a_batch_that_was_never_tried(
    exporter: ExporterSpec, published: ExportReport, conditional: FrozenGenerator
) -> None:
    z, c = conditional.example_inputs(33)
    images = exporter.load(published.path)(z.numpy(), c.numpy())
    with torch.no_grad():
        assert np.abs(images - conditional.module(z, c).numpy()).max() <= 1e-5


def test_the_metadata_comes_back_exactly(
    exporter: ExporterSpec, published: ExportReport, conditional: FrozenGenerator
) -> None:
    metadata = read_metadata(exporter, published.path)
    assert metadata == metadata | conditional.metadata
    assert metadata["format_version"] == 2
    assert metadata["drawing"] == "ganx-draw-1"
    assert metadata["text"] == {"form": "VALUE, VALUE, ...", "example": "red, green"}
    form = {"format": exporter.name, "precision": "float32", "output": "float", "batch": None}
    assert metadata["file"] == form
    assert metadata["verification"]["batches"] == [1, 2, 3, 7, 64]
    assert 0 <= metadata["verification"]["largest_difference"] <= 1e-5
    assert metadata["verification"]["equal_levels"] >= 0.999


def test_a_generator_without_condition_takes_the_latent_alone(
    exporter: ExporterSpec, unconditional: FrozenGenerator, tmp_path: Path
) -> None:
    report = publish(unconditional, exporter, tmp_path / f"generator{exporter.suffix}")
    assert report.condition_change is None
    assert max(report.differences.values()) <= 1e-5


def test_exporting_is_silent_and_leaves_the_generator_as_it_was(
    exporter: ExporterSpec,
    conditional: FrozenGenerator,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = {name: value.clone() for name, value in conditional.module.state_dict().items()}
    publish(conditional, exporter, tmp_path / f"generator{exporter.suffix}")
    assert capfd.readouterr() == ("", "")
    after = conditional.module.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(weight.requires_grad for weight in conditional.module.parameters())


def test_wrong_weights_are_not_published_and_an_older_file_stays(
    exporter: ExporterSpec, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    path = tmp_path / f"generator{exporter.suffix}"
    path.write_bytes(b"older")
    with pytest.raises(ExportError, match=r"differ .*e-0[23] at batch 1.* at most 1e-04"):
        publish(conditional, wrong_weights(exporter), path)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_no_folder_that_was_made_for_the_file(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="differ"):
        publish(conditional, wrong_weights(exporters["torchscript"]), tmp_path / "a" / "b" / "file")
    assert list(tmp_path.iterdir()) == []


def test_the_tolerance_can_be_tightened(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="at most 1e-12 is allowed"):
        publish(conditional, wrong_weights(exporters["torchscript"]), tmp_path / "g.pt", 1e-12)


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (IgnoresCondition(), "ignores its condition"),
        (FixesItsBatch(), "does not run on a batch of 1"),
        (Unbounded(), r"must stay within \[-1, 1\]"),
        (DrawsNoise(), "draws random numbers"),
        (Undefined(), "not finite"),
        (ReturnsTwo(), "returns a tuple"),
    ],
)
def test_a_generator_that_breaks_the_contract_is_refused(
    module: nn.Module,
    reason: str,
    exporters: dict[str, ExporterSpec],
    frozen_as: Freeze,
    tmp_path: Path,
) -> None:
    with pytest.raises(ExportError, match=reason):
        publish(frozen_as(module.eval()), exporters["torchscript"], tmp_path / "generator.pt")
    assert list(tmp_path.iterdir()) == []


def test_an_onnx_generator_that_ignores_its_condition_is_refused(
    exporters: dict[str, ExporterSpec], frozen_as: Freeze, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="ignores its condition"):
        publish(
            frozen_as(IgnoresCondition().eval()), exporters["onnx"], tmp_path / "generator.onnx"
        )


def test_images_of_another_size_than_the_interface_says_are_refused(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    larger = replace(conditional.interface, resolution=16)
    with pytest.raises(ExportError, match=r"\(1, 3, 8, 8\), not \(1, 3, 16, 16\)"):
        publish(replace(conditional, interface=larger), exporters["torchscript"], tmp_path / "g.pt")


def test_a_second_file_beside_the_first_is_refused(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    def export(frozen: FrozenGenerator, path: Path, config: Config) -> None:
        exporters["torchscript"].export(frozen, path, config)
        path.with_suffix(".data").write_bytes(b"weights")

    littering = replace(exporters["torchscript"], export=export)
    with pytest.raises(ExportError, match=r"one file, g\.pt, was expected"):
        publish(conditional, littering, tmp_path / "g.pt")


def test_a_full_disk_is_told_in_a_sentence(conditional: FrozenGenerator, tmp_path: Path) -> None:
    def export(_frozen: FrozenGenerator, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    full = ExporterSpec("full", "Fills the disk", ".full", export, load=pytest.fail)
    with pytest.raises(ExportError, match=r"g\.full: No space left on device"):
        publish(conditional, full, tmp_path / "g.full")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_a_folder_or_below_a_file_is_refused(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="it is a folder"):
        publish(conditional, exporters["onnx"], tmp_path)
    with pytest.raises(ExportError, match="Cannot write"):
        publish(conditional, exporters["onnx"], tmp_path / "file" / "generator.onnx")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere folders have no such names")
def test_a_working_folder_whose_name_is_no_text_is_no_hindrance_and_not_named(
    exporters: dict[str, ExporterSpec],
    conditional: FrozenGenerator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = tmp_path / os.fsdecode(b"x\xff")
    odd.mkdir()
    monkeypatch.chdir(odd)
    publish(conditional, exporters["onnx"], Path("generator.onnx"))
    assert Path("generator.onnx").is_file()

    leaking = odd / "leaking"
    leaking.write_bytes(os.fsencode(odd) + b"/lib/module.py")
    with pytest.raises(ExportError, match="names a path of this machine"):
        check_no_places(leaking, nn.Identity())


def test_an_exporter_that_leaves_a_source_path_behind_is_refused(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    def export(frozen: FrozenGenerator, path: Path, config: Config) -> None:
        exporters["onnx"].export(frozen, path, config)
        import onnx

        model = onnx.load(path)
        model.graph.node[0].doc_string = f"File {sys.prefix}/lib/module.py, line 3"
        path.write_bytes(model.SerializeToString())

    leaking = replace(exporters["onnx"], export=export)
    with pytest.raises(ExportError, match="names a path of this machine"):
        publish(conditional, leaking, tmp_path / "generator.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("known", ["node", "user"])
def test_the_name_of_the_machine_and_of_its_user_is_not_published(
    known: str, conditional: FrozenGenerator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.node", lambda: "gandalf.home" if known == "node" else "box")
    monkeypatch.setattr("getpass.getuser", lambda: "gandalf" if known == "user" else "root")

    def export(frozen: FrozenGenerator, path: Path) -> None:
        path.write_bytes(b"weights, by gandalf, of root" + repr(frozen.metadata).encode())

    leaking = ExporterSpec("leaking", "Signs its files", ".sig", export, load=pytest.fail)
    file = tmp_path / "g.sig"
    with pytest.raises(ExportError, match="has the name 'gandalf' of this machine or its user"):
        check_no_places(written(leaking, conditional, file), conditional.module)
    # A label or a run may be called so.
    check_no_places(file, conditional.module, own="label gandalf")
    file.write_bytes(b"the gandalfs of root")
    check_no_places(file, conditional.module)


def written(exporter: ExporterSpec, frozen: FrozenGenerator, path: Path) -> Path:
    exporter.write(frozen, path, None)
    return path
