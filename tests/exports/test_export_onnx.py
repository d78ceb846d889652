"""The ONNX file: its names, its free batch, and what is not in it."""

from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import helper

from ganx.errors import ExportError
from ganx_exports.onnx_format import load_onnx, strip_sources
from ganx_exports.onnx_metadata import read_onnx


def sides(value: Any) -> list[Any]:
    """Read the dimensions of a graph's input or output."""
    return [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]


def test_the_graph_has_the_contracts_names_and_shapes(onnx_file: Path) -> None:
    model = onnx.load(onnx_file)
    assert {entry.name: sides(entry) for entry in model.graph.input} == {
        "z": ["batch", 6],
        "c": ["batch", 3],
    }
    assert {entry.name: sides(entry) for entry in model.graph.output} == {
        "images": ["batch", 3, 8, 8]
    }
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 18)]
    assert [entry.key for entry in model.metadata_props] == ["ganx"]


def test_no_part_of_the_model_tells_of_source_code(onnx_file: Path) -> None:
    content = onnx_file.read_bytes()
    for tell_tale in (b".py", b"stack_trace", b"conftest", b"TinyGenerator"):
        assert tell_tale not in content


def test_sources_are_stripped_from_functions_and_nested_graphs() -> None:
    value = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1], doc_string="a.py")
    inner = helper.make_graph([], "inner", [], [value], doc_string="b.py")
    node = helper.make_node("If", ["x"], ["x"], then_branch=inner, doc_string="c.py")
    function = helper.make_function(
        "own", "f", ["x"], ["x"], [node], [helper.make_opsetid("", 18)], doc_string="d.py"
    )
    graph = helper.make_graph([node], "g", [value], [value], value_info=[value])
    model = helper.make_model(graph, functions=[function], doc_string="e.py")
    model.graph.node[0].metadata_props.add(key="trace", value="f.py")
    assert model.SerializeToString().count(b".py") >= 9
    strip_sources(model)
    assert b".py" not in model.SerializeToString()
    assert model.graph.node[0].op_type == "If"


def test_files_that_ganx_did_not_write_are_told_apart(tmp_path: Path) -> None:
    foreign, garbage = tmp_path / "foreign.onnx", tmp_path / "garbage.onnx"
    foreign.write_bytes(helper.make_model(helper.make_graph([], "g", [], [])).SerializeToString())
    garbage.write_bytes(b"\x08 not a model")
    with pytest.raises(ExportError, match="without ganx's metadata"):
        read_onnx(foreign)
    with pytest.raises(ExportError, match="no ONNX model"):
        read_onnx(garbage)
    with pytest.raises(FileNotFoundError, match=r"missing\.onnx"):
        read_onnx(tmp_path / "missing.onnx")
    with pytest.raises(ExportError, match=r"cannot open garbage\.onnx"):
        load_onnx(garbage)
