"""Rewriting an ONNX graph so that the least of its readers understands it.

Every step keeps what the graph computes. Axes are those of ``Unsqueeze`` and ``Squeeze`` as opset
13 and newer have them: an input, here always a constant.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import onnx

SEVERAL = {"Unsqueeze": False, "Squeeze": True}
"""Operations that take several axes at once, and whether the last axis goes first."""


def simplify(model: "onnx.ModelProto") -> None:
    """Write one axis at a time and no ``allowzero``, in the least IR version for the opset."""
    from onnx import helper

    constants = _constants(model.graph)
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        if node.op_type == "Reshape":
            _drop_allowzero(node, constants)
        nodes += _one_by_one(node, constants, model.graph)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    _drop_unused(model.graph)
    model.ir_version = helper.find_min_ir_version_for(list(model.opset_import))


def _constants(graph: "onnx.GraphProto") -> dict[str, list[int]]:
    """Return the constant vectors of whole numbers, by name; ``Constant`` nodes among them."""
    from onnx import TensorProto, numpy_helper

    tensors = {one.name: one for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            tensors[node.output[0]] = node.attribute[0].t
    return {
        name: [int(value) for value in np.atleast_1d(numpy_helper.to_array(one))]
        for name, one in tensors.items()
        if one.data_type == TensorProto.INT64 and len(one.dims) <= 1
    }


def _drop_allowzero(node: "onnx.NodeProto", constants: dict[str, list[int]]) -> None:
    """Leave out an attribute that says what zeros mean, where there are none."""
    shape = constants.get(node.input[1])
    if shape is not None and 0 not in shape:
        kept = [one for one in node.attribute if one.name != "allowzero"]
        del node.attribute[:]
        node.attribute.extend(kept)


def _one_by_one(
    node: "onnx.NodeProto", constants: dict[str, list[int]], graph: "onnx.GraphProto"
) -> Iterator["onnx.NodeProto"]:
    """Yield a node, or a chain of nodes of which each adds or removes one axis."""
    from onnx import helper, numpy_helper

    axes = constants.get(node.input[1]) if len(node.input) > 1 else None
    if node.op_type not in SEVERAL or not axes or len(axes) == 1 or min(axes) < 0:
        yield node
        return
    value = node.input[0]
    ordered = sorted(axes, reverse=SEVERAL[node.op_type])
    for step, axis in enumerate(ordered):
        last = step == len(ordered) - 1
        result = node.output[0] if last else f"{node.output[0]}_{step}"
        name = f"{node.output[0]}_axis_{step}"
        graph.initializer.append(numpy_helper.from_array(np.array([axis], np.int64), name))
        yield helper.make_node(node.op_type, [value, name], [result], name=f"{node.name}_{step}")
        value = result


def _drop_unused(graph: "onnx.GraphProto") -> None:
    """Leave out constants that no node takes any more."""
    taken = {name for node in graph.node for name in node.input}
    kept = [one for one in graph.initializer if one.name in taken]
    del graph.initializer[:]
    graph.initializer.extend(kept)
