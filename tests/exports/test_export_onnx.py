"""The ONNX file: its names, its free batch, and what is not in it."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError
from ganx.exporting.publish import publish
from ganx_exports import onnx_format
from ganx_exports.config import OnnxConfig
from ganx_exports.onnx_format import load_onnx, strip_sources
from ganx_exports.onnx_metadata import read_onnx
from ganx_exports.plain import simplify


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


def attributes(node: Any) -> dict[str, Any]:
    return {one.name: helper.get_attribute_value(one) for one in node.attribute}


def test_nodes_are_those_that_the_least_of_readers_knows(onnx_file: Path) -> None:
    model = onnx.load(onnx_file)
    constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in {"Unsqueeze", "Squeeze"}:
            assert constants[node.input[1]].size == 1
        if node.op_type == "Reshape":
            assert "allowzero" not in attributes(node)
    assert model.ir_version == 8
    taken = {name for node in model.graph.node for name in node.input}
    assert set(constants) <= taken


def graph_of(nodes: list[Any], constants: dict[str, list[int]], sides: list[int]) -> Any:
    """Make a model from x of these sides to y of any."""
    value = helper.make_tensor_value_info
    kept = [numpy_helper.from_array(np.array(v, np.int64), name) for name, v in constants.items()]
    outputs = [value(name, onnx.TensorProto.FLOAT, None) for name in nodes[-1].output]
    inputs = [value("x", onnx.TensorProto.FLOAT, sides)]
    graph = helper.make_graph(nodes, "g", inputs, outputs, kept)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])


def answers(model: Any, sides: list[int]) -> list[Any]:
    x = np.arange(np.prod(sides), dtype=np.float32).reshape(sides)
    return ReferenceEvaluator(model).run(None, {"x": x})


@pytest.mark.parametrize(
    ("node", "constants", "sides"),
    [
        (("Unsqueeze", {}), [3, 1], [2, 3]),
        (("Unsqueeze", {}), [0, 1, 2], [2, 3]),
        (("Squeeze", {}), [0, 3, 1], [1, 1, 5, 1, 2]),
        (("Reshape", {"allowzero": 1}), [3, -1], [2, 3]),
        (("Reshape", {"allowzero": 0}), [0, -1], [2, 3]),
    ],
)
def test_plain_nodes_compute_the_same(
    node: tuple[str, dict[str, int]], constants: list[int], sides: list[int]
) -> None:
    name, given = node
    model = graph_of([helper.make_node(name, ["x", "k"], ["y"], **given)], {"k": constants}, sides)
    expected = answers(model, sides)
    model = simplify(model, 18)
    assert np.array_equal(answers(model, sides)[0], expected[0])
    assert answers(model, sides)[0].shape == expected[0].shape
    assert all(not attributes(one) for one in model.graph.node)
    many = len(constants) if name != "Reshape" else 1
    assert len(model.graph.node) == many


def test_a_zero_in_a_shape_keeps_its_meaning() -> None:
    node = helper.make_node("Reshape", ["x", "k"], ["y"], allowzero=1)
    model = graph_of([node], {"k": [0, 3]}, [0, 3])
    assert attributes(simplify(model, 18).graph.node[0]) == {"allowzero": 1}


@pytest.mark.parametrize(("opset", "least"), [(15, 8), (21, 10)])
def test_the_opset_and_the_batch_can_be_chosen(
    opset: int,
    least: int,
    exporters: dict[str, ExporterSpec],
    conditional: FrozenGenerator,
    tmp_path: Path,
) -> None:
    spec = exporters["onnx"]
    assert spec.config is not None
    config = spec.config(opset=opset, batch=3)
    report = publish(conditional, spec, tmp_path / "g.onnx", 1e-5, config=config)
    assert list(report.differences) == [3]
    model = onnx.load(report.path)
    assert [entry.version for entry in model.opset_import] == [opset]
    assert model.ir_version == least
    assert {entry.name: sides(entry) for entry in [*model.graph.input, *model.graph.output]} == {
        "z": [3, 6],
        "c": [3, 3],
        "images": [3, 3, 8, 8],
    }
    assert "Shape" not in {node.op_type for node in model.graph.node}
    z, c = conditional.example_inputs(2)
    with pytest.raises(Exception, match="Got: 2 Expected: 3"):
        spec.load(report.path)(z.numpy(), c.numpy())


def test_data_in_other_files_is_refused(onnx_file: Path, tmp_path: Path) -> None:
    model = onnx.load(onnx_file)
    weight = next(one for one in model.graph.initializer if one.data_type == 1)
    weight.ClearField("raw_data")
    weight.data_location = onnx.TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../../secret")
    outside = tmp_path / "outside.onnx"
    outside.write_bytes(model.SerializeToString())
    with pytest.raises(ExportError, match=r"keeps weights in another file, '\.\./\.\./secret'"):
        read_onnx(outside)


def test_a_generator_that_the_translation_does_not_capture_is_captured_before(
    conditional: FrozenGenerator, onnx_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    translated = onnx_format._translated

    def picky(program: Any, inputs: Any, **options: Any) -> Any:
        if options:
            raise RuntimeError("a batch is fixed")
        return translated(program, inputs)

    monkeypatch.setattr(onnx_format, "_translated", picky)
    file = tmp_path / "generator.onnx"
    onnx_format.export_onnx(conditional, file, OnnxConfig())
    z, c = conditional.example_inputs(5)
    first, second = (load_onnx(one)(z.numpy(), c.numpy()) for one in (file, onnx_file))
    assert np.abs(first - second).max() <= 1e-6
