"""The TorchScript archive: what is in it, what is not, and how it lies on the disk."""

import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
import torch
from torch import Tensor, nn

from ganx import ExportConfig
from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError
from ganx.exporting.archives import read_archive
from ganx.exporting.quiet import without_jit_deprecation
from ganx_exports.torchscript_format import export_torchscript, load_torchscript

WITHOUT_GANX = """
import sys, torch
generator = torch.jit.load(sys.argv[1])
images = generator(torch.zeros(5, 6), torch.ones(5, 3))
assert images.shape == (5, 3, 8, 8) and not images.requires_grad
assert not any(name.startswith("ganx") for name in sys.modules)
"""

TWICE = """
import hashlib, pathlib, tempfile, warnings
import torch
from torch import nn
from ganx import Condition, ExportConfig, Interface, Latent, LatentPart
from ganx.contracts.frozen import FrozenGenerator
from ganx_exports.torchscript_format import export_torchscript

warnings.simplefilter("ignore")

class Half(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(96, 96)
        self.norm = nn.LayerNorm(96)

    def forward(self, x):
        return self.norm(self.layer(x[:, :96] * 2 + x[:, 96:] / 3)).tanh() * 0.9 + 0.05

class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = nn.Linear(6, 192)
        self.halves = nn.ModuleList([Half(), Half()])

    def forward(self, z):
        x = self.start(z)[:, :192] + 1
        return torch.cat([half(x) for half in self.halves], dim=1).view(-1, 3, 8, 8)

torch.manual_seed(0)
latent = Latent((LatentPart("noise", "normal", 6),))
frozen = FrozenGenerator(Whole().eval(), Interface(8, 3, Condition("none", ())), latent, {})
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "generator.pt")
    for _ in range(2):
        export_torchscript(frozen, path, ExportConfig())
        print(hashlib.sha256(path.read_bytes()).hexdigest())
"""

Freeze = Callable[[nn.Module], FrozenGenerator]


@pytest.fixture
def archive(conditional: FrozenGenerator, tmp_path: Path) -> Path:
    path = tmp_path / "generator.pt"
    export_torchscript(conditional, path, ExportConfig())
    return path


def test_no_part_of_the_archive_tells_of_source_files(archive: Path) -> None:
    places = (str(Path.cwd()), str(Path.home()), sys.prefix, str(Path(__file__).parent))
    with ZipFile(archive) as entries:
        assert not [name for name in entries.namelist() if "debug" in name]
        for name in entries.namelist():
            content = entries.read(name)
            assert not [place for place in places if place.encode() in content], name


def test_stored_tensors_begin_where_pytorch_can_map_them(archive: Path) -> None:
    content = archive.read_bytes()
    with ZipFile(archive) as entries:
        assert entries.testzip() is None
        for entry in entries.infolist():
            header = content[entry.header_offset : entry.header_offset + 30]
            name, extra = struct.unpack("<26xHH", header)
            if entry.compress_type == ZIP_STORED:
                assert (entry.header_offset + 30 + name + extra) % 64 == 0


def test_pytorch_reads_the_metadata_too(archive: Path, conditional: FrozenGenerator) -> None:
    files = {"ganx.json": ""}
    with without_jit_deprecation():
        torch.jit.load(archive, _extra_files=files)
    assert b"00003-tiny" in bytes(files["ganx.json"])
    assert json.loads(read_archive(archive))["latent"] == conditional.latent.to_json()


def test_it_runs_where_ganx_is_not_loaded(archive: Path) -> None:
    command = [sys.executable, "-I", "-c", WITHOUT_GANX, str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class FrozenType(nn.Module):
    """Writes a type down where tracing cannot see whose it was."""

    def __init__(self, *, asked: bool) -> None:
        super().__init__()
        self.layer = nn.Linear(9, 3 * 8 * 8)
        self.gain = nn.Parameter(torch.ones(1))
        self.asked = asked

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        hidden = self.layer(torch.cat((z, c), dim=1))
        scaled = self.gain.to(hidden.dtype) * hidden
        if self.asked:
            scaled = scaled + self.gain.to(hidden.dtype).expand(1, 192) @ torch.ones(192, 192)
        return torch.tanh(scaled).view(-1, 3, 8, 8)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_a_file_that_is_cast_draws_as_the_generator_that_is_cast(
    archive: Path, conditional: FrozenGenerator, kind: torch.dtype
) -> None:
    inputs = [tensor.to(kind) for tensor in conditional.example_inputs(3)]
    with without_jit_deprecation(), torch.no_grad():
        given = torch.jit.load(archive).to(kind)(*inputs)
    expected = conditional.module.to(kind)(*inputs)
    assert given.dtype == kind
    assert torch.allclose(given, expected, rtol=0, atol=4 * torch.finfo(kind).eps)


def test_a_file_that_cannot_be_cast_is_refused_with_a_remedy(
    frozen_as: Freeze, tmp_path: Path
) -> None:
    frozen = frozen_as(FrozenType(asked=False).eval())
    with pytest.raises(ExportError, match=r"float16.*float32.*type_as"):
        export_torchscript(frozen, tmp_path / "generator.pt", ExportConfig())


class FrozenNumber(nn.Module):
    """Makes a number in the type that it sees, which tracing freezes: images are of another."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(9, 192)

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        hidden = self.layer(torch.cat((z, c), dim=1))
        gain = torch.full((1,), 0.5, dtype=hidden.dtype)
        return torch.tanh(gain * hidden).view(-1, 3, 8, 8)


def test_a_file_that_draws_something_else_once_it_is_cast_is_refused(
    frozen_as: Freeze, tmp_path: Path
) -> None:
    frozen = frozen_as(FrozenNumber().eval())
    with pytest.raises(ExportError, match=r"Cast to float16, .* differ from the"):
        export_torchscript(frozen, tmp_path / "generator.pt", ExportConfig())


def test_a_cast_that_the_generator_does_not_know_is_not_asked_of_the_file(
    frozen_as: Freeze, tmp_path: Path
) -> None:
    export_torchscript(
        frozen_as(FrozenType(asked=True).eval()), tmp_path / "generator.pt", ExportConfig()
    )


def test_the_same_generator_gives_the_same_bytes_however_often_it_is_exported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWICE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split()
    assert first == second


def test_classes_are_numbered_by_their_place_in_the_generator(archive: Path) -> None:
    with ZipFile(archive) as entries:
        code = [name for name in entries.namelist() if name.endswith(".py")]
        text = "".join(entries.read(name).decode() for name in code)
    assert not [name for name in code if "torch_mangle_" in name and "mangle_0" not in name]
    assert not set(re.findall(r"torch_mangle_(\d+)", text)) - {"0"}


def test_a_damaged_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "half.pt").write_bytes(archive.read_bytes()[:3000])
    with pytest.raises(ExportError, match=r"cannot open half\.pt"):
        load_torchscript(tmp_path / "half.pt")


def test_an_archive_of_someone_else_has_no_metadata(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "other.pt", "w") as archive:
        archive.writestr("other/data.pkl", b"")
    with pytest.raises(ExportError, match="ganx did not export it"):
        read_archive(tmp_path / "other.pt")
