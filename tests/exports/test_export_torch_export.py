"""The program of torch.export: what is in it, what is not, and where it runs."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
import torch
from torch import Tensor, nn

from ganx import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError
from ganx.exporting.archives import read_archive
from ganx_exports.torch_export_format import export_program, load_program

WITHOUT_GANX = """
import sys, torch
extra = {"ganx.json": ""}
generator = torch.export.load(sys.argv[1], extra_files=extra).module()
images = generator(torch.zeros(5, 6), torch.ones(5, 3))
assert images.shape == (5, 3, 8, 8)
assert "00003-tiny" in extra["ganx.json"]
assert not any(name.startswith("ganx") for name in sys.modules)
"""


@pytest.fixture
def archive(conditional: FrozenGenerator, tmp_path: Path) -> Path:
    path = tmp_path / "generator.pt2"
    export_program(conditional, path, ExportConfig())
    return path


def test_no_part_of_the_program_tells_of_source_files(archive: Path) -> None:
    with ZipFile(archive) as entries:
        for name in entries.namelist():
            content = entries.read(name)
            told = (b"stack_trace", b"conftest", b"TinyGenerator", b"torch/nn", sys.prefix.encode())
            assert not [text for text in told if text in content], name


def test_any_batch_size_gives_the_generators_images(
    archive: Path, conditional: FrozenGenerator
) -> None:
    generate = load_program(archive)
    for batch in (1, 2, 3, 7, 64):
        z, c = conditional.example_inputs(batch)
        given = torch.from_numpy(generate(z.numpy(), c.numpy()))
        assert torch.allclose(given, conditional.module(z, c), rtol=0, atol=1e-5)


class Widening(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.grow = nn.Linear(9, 192)

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        return torch.tanh(self.grow(torch.cat((z, c), dim=1)).float()).view(-1, 3, 8, 8)


def test_the_program_can_be_cast_and_moved_as_the_generator_can(
    frozen_as: Callable[[nn.Module], FrozenGenerator], tmp_path: Path
) -> None:
    frozen = frozen_as(Widening().eval())
    export_program(frozen, tmp_path / "generator.pt2", ExportConfig())
    program = torch.export.load(tmp_path / "generator.pt2").module()
    z, c = (tensor.bfloat16() for tensor in frozen.example_inputs(2))
    expected = frozen.module.bfloat16()(z, c)
    assert torch.equal(program.bfloat16()(z, c), expected)
    assert program.to("meta")(z.to("meta"), c.to("meta")).is_meta


def test_it_runs_where_ganx_is_not_loaded(archive: Path) -> None:
    command = [sys.executable, "-I", "-c", WITHOUT_GANX, str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_metadata_can_be_read_without_running_anything(
    archive: Path, conditional: FrozenGenerator
) -> None:
    assert json.loads(read_archive(archive))["latent"] == conditional.latent.to_json()


def test_the_same_generator_gives_the_same_bytes(
    archive: Path, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    export_program(conditional, tmp_path / "another name.pt2", ExportConfig())
    assert archive.read_bytes() == (tmp_path / "another name.pt2").read_bytes()


def test_a_generator_that_decides_by_its_values_is_refused(
    frozen_as: Callable[[nn.Module], FrozenGenerator], tmp_path: Path
) -> None:
    class Deciding(nn.Module):
        def forward(self, z: Tensor, c: Tensor) -> Tensor:
            return z if float(z.sum()) > 0 else c

    with pytest.raises(ExportError, match="cannot export this generator as a program"):
        export_program(frozen_as(Deciding().eval()), tmp_path / "generator.pt2", ExportConfig())
    assert not list(tmp_path.iterdir())


def test_a_damaged_program_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "half.pt2").write_bytes(archive.read_bytes()[:3000])
    with pytest.raises(ExportError, match=r"cannot open half\.pt2"):
        load_program(tmp_path / "half.pt2")
