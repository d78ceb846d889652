"""The page of exported files: every key is explained, and its table is measured."""

import warnings
from pathlib import Path
from typing import Any

import exports_table
import pytest
from exports_callers import callers
from exports_measuring import Row

from ganx import ExportConfig
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.exporting.findings import finding
from ganx.exporting.metadata import Told, completed
from ganx.exporting.verify import Agreement
from ganx_exports.torchscript_format import export_torchscript

NOT_KEYS = {"origin": {"note", "share"}}
"""Entries that only the generator of these tests has."""


def test_every_key_of_a_files_metadata_is_explained(
    conditional: FrozenGenerator, exporters: dict[str, ExporterSpec]
) -> None:
    spec = exporters["onnx"]
    found = finding(spec, None, Agreement({1: 0.0}, 1.0, 0, None), None)
    rows = conditional.example_inputs(30)[1].numpy().astype("uint8")
    conditional.metadata["distribution"] = ConditionDistribution.of(rows).to_json()  # type: ignore[index]
    metadata = {**completed(conditional, spec, None, Told()), "verification": found}
    page = exports_table.PAGE.read_text("utf-8")
    for key, value in metadata.items():
        (line,) = [one for one in page.splitlines() if one.startswith(f"| `{key}`")][:1] or [""]
        line = line or "\n".join(x for x in page.splitlines() if x.startswith(f"| `{key}."))
        assert line, key
        inner = set(value) - NOT_KEYS.get(key, set()) if isinstance(value, dict) else set()
        assert not {name for name in inner if f"`{name}`" not in line and f".{name}" not in line}


def test_files_that_do_not_open_are_told_with_the_reason(
    conditional: FrozenGenerator, tmp_path: Path
) -> None:
    export_torchscript(conditional, tmp_path / "g.pt", ExportConfig())
    (tmp_path / "bad.pt").write_bytes(b"nothing")
    whole, damaged = ("torchscript", "float32"), ("torchscript", "float16")
    files = {whole: tmp_path / "g.pt", damaged: tmp_path / "bad.pt"}
    with warnings.catch_warnings():
        # PyTorch 2.10 and newer tell that TorchScript is deprecated.
        warnings.simplefilter("ignore")
        calls, refused = callers(conditional, files, "cpu")
    z, c = (one.numpy() for one in conditional.example_inputs(3))
    assert (calls[whole](z, c) == calls[None](z, c)).all()
    assert set(refused) == {damaged}
    assert refused[damaged]


def test_the_table_takes_the_place_of_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "exports.md"
    page.write_text(f"before\n{exports_table.BEGIN}\nold\n{exports_table.END}\nafter\n", "utf-8")
    monkeypatch.setattr(exports_table, "PAGE", page)
    ratios: dict[tuple[str, int], Any] = {("cpu", 1): 0.5, ("cpu", 64): "no reason"}
    exports_table.write(
        [exports_table.line(Row("slots", "onnx", "float16", 640_000, 4e-3, 0.99, ratios))]
    )
    text = page.read_text("utf-8")
    row = (
        "| `slots` | onnx | float16 | 0.64 | 4e-03 | 99.0% | 0.50 | no reason | not run | not run |"
    )
    assert row in text.splitlines()
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
