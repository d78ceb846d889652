"""The TorchScript archive: what is in it, what is not, and how it lies on the disk."""

import json
import struct
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
import torch

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


def test_a_damaged_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "half.pt").write_bytes(archive.read_bytes()[:3000])
    with pytest.raises(ExportError, match=r"cannot open half\.pt"):
        load_torchscript(tmp_path / "half.pt")


def test_an_archive_of_someone_else_has_no_metadata(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "other.pt", "w") as archive:
        archive.writestr("other/data.pkl", b"")
    with pytest.raises(ExportError, match="ganx did not export it"):
        read_archive(tmp_path / "other.pt")
