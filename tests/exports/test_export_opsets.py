"""ONNX files in older and newer opsets."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ExportError
from ganx_exports.config import OnnxConfig
from ganx_exports.onnx_format import export_onnx, load_onnx
from ganx_exports.opsets import to_opset


@pytest.mark.parametrize(("opset", "ir"), [(13, 7), (17, 8), (21, 10), (26, 13)])
def test_a_file_is_of_the_opset_that_was_asked_for(
    opset: int, ir: int, conditional: FrozenGenerator, tmp_path: Path
) -> None:
    if opset > onnx.defs.onnx_opset_version():
        pytest.skip("the installed onnx is older")
    path = tmp_path / "g.onnx"
    export_onnx(conditional, path, OnnxConfig(opset=opset))
    model = onnx.load(path)
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", opset)]
    assert model.ir_version == ir, "the least that the opset needs"
    z, c = conditional.example_inputs(3)
    images = load_onnx(path)(z.numpy(), c.numpy())
    assert np.abs(images - conditional.module(z, c).detach().numpy()).max() <= 1e-5


def one_node(node: onnx.NodeProto, **constants: np.ndarray) -> onnx.ModelProto:
    """Make a model of opset 18 from x [2, 3] to y of any shape."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    stored = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph([node], "g", [x], [y], stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])


def test_axes_of_a_reduction_become_an_attribute() -> None:
    node = helper.make_node("ReduceProd", ["x", "axes"], ["y"], keepdims=0)
    model = to_opset(one_node(node, axes=np.array([1], np.int64)), 17)
    (node,) = model.graph.node
    assert list(node.input) == ["x"]
    given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    assert given == {"keepdims": 0, "axes": [1]}


@pytest.mark.parametrize(
    ("node", "opset", "least"),
    [
        (helper.make_node("Mish", ["x"], ["y"]), 17, 18),
        (helper.make_node("Resize", ["x", "", "x"], ["y"], antialias=1), 17, 18),
        (helper.make_node("ReduceMax", ["x", "unknown"], ["y"]), 17, 18),
        (helper.make_node("Shape", ["x"], ["y"], end=1), 14, 15),
    ],
    ids=lambda value: getattr(value, "op_type", str(value)),
)
def test_what_an_opset_cannot_express_is_refused(
    node: onnx.NodeProto, opset: int, least: int
) -> None:
    with pytest.raises(ExportError, match=rf"Opset {opset} .* {node.op_type} .* opset {least} or"):
        to_opset(one_node(node), opset)


def test_an_opset_newer_than_the_installed_onnx_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx.defs, "onnx_opset_version", lambda: 19)
    with pytest.raises(ExportError, match=r"knows opsets up to 19, not 20"):
        to_opset(one_node(helper.make_node("Relu", ["x"], ["y"])), 20)
