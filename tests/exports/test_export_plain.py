"""The ONNX graph is plain: what old and small readers know, and nothing that they stumble over."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import Tensor, nn

from ganx.contracts.frozen import FrozenGenerator
from ganx.layers.attention import SelfAttention
from ganx_exports.config import OnnxConfig
from ganx_exports.onnx_format import export_onnx, load_onnx
from ganx_exports.plain import simplify

Freeze = Callable[[nn.Module], FrozenGenerator]


class Attending(nn.Module):
    """Scales the condition, splits, attends, and adds axes in pairs: all that is rewritten."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.project = nn.Linear(6, 16 * 64)
        self.decide = nn.Linear(9, 32)
        self.attention = SelfAttention(16)
        self.image = nn.Conv2d(16, 3, 3, 1, 1)
        nn.init.constant_(self.attention.gamma, 0.7)

    def forward(self, z: Tensor, c: Tensor) -> Tensor:
        style = torch.cat((z, 3.0 * c), dim=1)
        gain, shift = self.decide(style)[:, :, None, None].chunk(2, dim=1)
        features = self.project(z).view(-1, 16, 8, 8) * (1 + gain) + shift
        return torch.tanh(self.image(self.attention(features)))


@pytest.fixture
def attending(frozen_as: Freeze) -> FrozenGenerator:
    return frozen_as(Attending().eval())


def exported(frozen: FrozenGenerator, folder: Path, **settings: Any) -> tuple[Path, Any]:
    """Export, and see that the file still does what the generator does."""
    path = folder / "g.onnx"
    export_onnx(frozen, path, OnnxConfig(**settings))
    inputs = frozen.example_inputs(settings.get("batch") or 5)
    with torch.no_grad():
        expected = frozen.module(*inputs).numpy()
    images = load_onnx(path)(*(one.numpy() for one in inputs))
    assert np.abs(images - expected).max() <= 1e-5
    return path, onnx.load(path)


def test_attention_is_product_softmax_product(attending: FrozenGenerator, tmp_path: Path) -> None:
    _, model = exported(attending, tmp_path)
    counted = Counter(node.op_type for node in model.graph.node)
    assert (counted["MatMul"], counted["Softmax"]) == (2, 1)
    assert not {"Pad", "Shape", "Slice", "Squeeze"} & set(counted)
    order = [node.op_type for node in model.graph.node if node.op_type in {"MatMul", "Softmax"}]
    assert order == ["MatMul", "Softmax", "MatMul"]


def test_each_node_adds_one_axis_and_says_no_more_than_it_must(
    attending: FrozenGenerator, tmp_path: Path
) -> None:
    _, model = exported(attending, tmp_path)
    constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    unsqueezed = [node for node in model.graph.node if node.op_type == "Unsqueeze"]
    assert len(unsqueezed) >= 2
    assert {constants[node.input[1]].size for node in unsqueezed} == {1}
    said = {attribute.name for node in model.graph.node for attribute in node.attribute}
    assert not {"allowzero", "num_outputs"} & said
    assert model.ir_version == 8, "opset 18 came with IR 8"
    assert set(constants) == {name for node in model.graph.node for name in node.input} & set(
        constants
    ), "no constant is left over"


def test_the_number_that_scales_the_condition_is_in_the_weights(
    attending: FrozenGenerator, tmp_path: Path
) -> None:
    _, model = exported(attending, tmp_path)
    assert [node.op_type for node in model.graph.node if "c" in node.input] == ["Concat"]


def test_a_fixed_batch_fixes_every_shape(attending: FrozenGenerator, tmp_path: Path) -> None:
    path, model = exported(attending, tmp_path, batch=3)
    graph = model.graph
    shapes = {
        one.name: [side.dim_value for side in one.type.tensor_type.shape.dim]
        for one in (*graph.input, *graph.value_info, *graph.output)
    }
    assert shapes["z"] == [3, 6]
    assert shapes["images"] == [3, 3, 8, 8]
    assert set(shapes) >= {name for node in graph.node for name in node.output}
    assert all(all(shape) for shape in shapes.values())
    with pytest.raises(Exception, match="Expected: 3"):
        load_onnx(path)(*(one.numpy() for one in attending.example_inputs(2)))


def model_of(nodes: list[Any], constants: dict[str, Any], **shapes: list[Any]) -> onnx.ModelProto:
    """Make a model from its nodes, with the input ``x`` and the output ``y``."""
    info = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    }
    graph = helper.make_graph(
        nodes,
        "g",
        [one for name, one in info.items() if name != "y"],
        [info["y"]],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])


def check_unchanged(model: onnx.ModelProto, **inputs: Any) -> onnx.ModelProto:
    """Simplify a model, and see that it computes what it did."""
    feeds = {name: np.asarray(value, np.float32) for name, value in inputs.items()}
    (before,) = ReferenceEvaluator(model).run(None, feeds)
    plain = simplify(model, 18)
    (after,) = ReferenceEvaluator(plain).run(None, feeds)
    np.testing.assert_allclose(after, before, rtol=1e-6)
    assert after.shape == before.shape
    return plain


@pytest.mark.parametrize("axes", [[1, 2], [0, 3], [2, 0], [4, 2, 1]])
def test_axes_are_added_and_removed_one_by_one(axes: list[int]) -> None:
    added = [1 if axis in axes else None for axis in range(3 + len(axes))]
    sides = iter([2, 3, 4])
    shape = [side or next(sides) for side in added]
    x = np.arange(24).reshape(2, 3, 4)
    axes_constant = {"axes": np.array(axes, np.int64)}
    grow = helper.make_node("Unsqueeze", ["x", "axes"], ["y"])
    plain = check_unchanged(model_of([grow], axes_constant, x=[2, 3, 4], y=shape), x=x)
    assert len(plain.graph.node) == len(axes)
    shrink = helper.make_node("Squeeze", ["x", "axes"], ["y"])
    plain = check_unchanged(
        model_of([shrink], axes_constant, x=shape, y=[2, 3, 4]), x=x.reshape(shape)
    )
    assert len(plain.graph.node) == len(axes)


@pytest.mark.parametrize("side", [6, 7])
def test_a_split_in_a_number_of_parts_tells_their_sizes(side: int) -> None:
    nodes = [
        helper.make_node("Split", ["x"], ["a", "b", "d"], axis=1, num_outputs=3),
        helper.make_node("Concat", ["d", "b", "a"], ["y"], axis=1),
    ]
    x = np.arange(2 * side).reshape(2, side)
    plain = check_unchanged(model_of(nodes, {}, x=["batch", side], y=["batch", side]), x=x)
    assert len(plain.graph.node[0].input) == 2


@pytest.mark.parametrize("transposed", [0, 1])
@pytest.mark.parametrize("also", [False, True], ids=["alone", "used twice"])
def test_a_scale_is_folded_where_only_a_linear_layer_sees_it(transposed: int, also: bool) -> None:
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((4, 5) if transposed else (5, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Mul", ["c", "three"], ["scaled"]),
        helper.make_node("Concat", ["x", "scaled"], ["joint"], axis=1),
        helper.make_node("Gemm", ["joint", "weight"], ["h"], transB=transposed),
        helper.make_node("Concat", ["h", "scaled" if also else "c"], ["y"], axis=1),
    ]
    constants = {"three": np.float32(3), "weight": weight}
    shapes: dict[str, Any] = {"x": ["batch", 2], "c": ["batch", 3], "y": ["batch", 7]}
    model = model_of(nodes, constants, **shapes)
    x, c = rng.standard_normal((2, 2)), rng.standard_normal((2, 3))
    plain = check_unchanged(model, x=x, c=c)
    assert ("Mul" in [node.op_type for node in plain.graph.node]) == also


PROGRAM = """
import sys, torch
from pathlib import Path
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.condition import Condition, Group
from ganx.contracts.latent import Latent, LatentPart
from ganx.layers.styled import StyledGenerator
from ganx_exports.config import OnnxConfig
from ganx_exports.onnx_format import export_onnx
for width in map(int, sys.argv[2:]):
    torch.manual_seed(0)
    interface = Interface(32, 3, Condition("labels", (Group("colour", ("red", "blue")),)))
    module = StyledGenerator(interface, 6, width, attention=(8,)).eval()
    frozen = FrozenGenerator(module, interface, Latent((LatentPart("noise", "normal", 6),)), {})
    export_onnx(frozen, Path(sys.argv[1]), OnnxConfig())
"""


@pytest.mark.skipif("GANX_SLOW_TESTS" not in os.environ, reason="GANX_SLOW_TESTS=1 allows it")
def test_processes_write_the_same_bytes_whatever_they_did_before(tmp_path: Path) -> None:
    written = []
    for seed, widths in (("1", ["8"]), ("2", ["4", "8"])):
        file = tmp_path / f"{seed}.onnx"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", PROGRAM, str(file), *widths]
        subprocess.run(command, check=True, env=environment, capture_output=True)
        written.append(file.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("bounds", [["", "high"], ["low", "high"], ["low"]])
def test_a_bound_from_above_alone_leaves_no_input_out(bounds: list[str]) -> None:
    node = helper.make_node("Clip", ["x", *bounds], ["y"])
    constants = {"low": np.float32(-1), "high": np.float32(1)}
    plain = check_unchanged(model_of([node], constants, x=[3], y=[3]), x=[-2, 0, 2])
    assert "" not in plain.graph.node[0].input


def test_a_split_in_one_part_is_left_out() -> None:
    nodes = [
        helper.make_node("Split", ["x", "all"], ["part"], axis=1),
        helper.make_node("Add", ["part", "part"], ["y"]),
    ]
    constants = {"all": np.array([3], np.int64)}
    plain = check_unchanged(model_of(nodes, constants, x=["batch", 3], y=["batch", 3]), x=[[1] * 3])
    assert [list(node.input) for node in plain.graph.node] == [["x", "x"]]


@pytest.mark.parametrize("index", [0, 2, -1, -2])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_one_entry_of_an_axis_is_sliced(index: int, axis: int) -> None:
    node = helper.make_node("Gather", ["x", "index"], ["y"], axis=axis)
    x = np.arange(27).reshape(3, 3, 3)
    constants = {"index": np.int64(index)}
    plain = check_unchanged(model_of([node], constants, x=[3, 3, 3], y=[3, 3]), x=x)
    assert [one.op_type for one in plain.graph.node] == ["Slice", "Squeeze"]


def test_several_entries_and_sizes_are_gathered() -> None:
    nodes = [
        helper.make_node("Gather", ["x", "several"], ["some"], axis=1),
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "first"], ["size"], axis=0),
        helper.make_node("Cast", ["size"], ["number"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["some", "number"], ["y"]),
    ]
    constants = {"several": np.array([2, 0], np.int64), "first": np.int64(0)}
    x = np.arange(6).reshape(2, 3)
    plain = check_unchanged(model_of(nodes, constants, x=["batch", 3], y=["batch", 2]), x=x)
    assert [one.op_type for one in plain.graph.node].count("Gather") == 2
