"""``ganx export --verify``, on runs whose generator is a test double."""

from pathlib import Path
from typing import Any

import pytest
from flat_generator import COLOURS, Call, Flat, flat
from torch import Tensor

from ganx.contracts.condition import Condition, Group
from ganx.errors import ExportError, RunError
from ganx.sampling import generator


def test_a_file_that_is_there_is_verified_with_the_run_it_names(
    runs: Path, loads: list[dict[str, Any]], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("00000-tiny", "--weights", "raw", "-o", "own.onnx")
    loads.clear()
    result = call("--verify", "own.onnx")
    assert loads == [{"run": runs / "00000-tiny", "weights": "raw", "checkpoint": 640}]
    assert "own.onnx draws what 00000-tiny draws after 640 images seen" in result.stdout
    assert "(batch 64)" in result.stdout

    class Other(Flat):
        def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
            return super().forward(z.flip(1), c)

    monkeypatch.setattr(generator, "load_generator", lambda *_, **__: flat(COLOURS, Other()))
    with pytest.raises(ExportError, match="differ from the generator's"):
        call("--verify", "own.onnx")
    (runs / "00001-tiny" / "config.toml").write_text('[model]\nname = "other"\n')
    with pytest.raises(ExportError, match=r"00000-tiny.*whose model is flat, and .* has the model"):
        call("00001-tiny", "--verify", "own.onnx")
    two = Condition("labels", (Group("colour", ("red", "green")),))
    monkeypatch.setattr(generator, "load_generator", lambda *_, **__: flat(two))
    with pytest.raises(ExportError, match="describes another interface than the run"):
        call("--verify", "own.onnx")
    (runs / "00000-tiny").rename(runs / "renamed")
    with pytest.raises(RunError, match=r"exported from the run '00000-tiny'.* Name its folder"):
        call("--verify", "own.onnx")


@pytest.mark.usefixtures("loads")
def test_a_program_is_opened_only_where_it_is_trusted(runs: Path, call: Call) -> None:
    call("00000-tiny", "--format", "torchscript", "-o", "own.pt")
    opened: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganx_exports.torchscript_format.load_torchscript", opened.append)
        with pytest.raises(ExportError, match=r"torchscript files are programs: .* Add --trust"):
            call("--verify", "own.pt")
    assert opened == []
    assert runs.is_dir()
    assert "own.pt draws what 00000-tiny draws" in call("--verify", "own.pt", "--trust").stdout


def test_only_what_a_format_wrote_is_verified(runs: Path, call: Call) -> None:
    assert runs.is_dir()
    with pytest.raises(ExportError, match=r"There is no file missing\.onnx"):
        call("--verify", "missing.onnx")
    Path("own.txt").touch()
    with pytest.raises(ExportError, match=r"own\.txt is in no known format; .*\.onnx"):
        call("--verify", "own.txt")
