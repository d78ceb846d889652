"""Rewriting an ONNX graph so that the least of its readers understands it.

Every step keeps what the graph computes. Axes and sizes are inputs, here always constants, as opset
13 and newer have them. Graphs within nodes, as of loops, are left as they are.
"""

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from ganx.errors import ExportError
from ganx_exports.nodes import (
    add_constant,
    constants,
    drop_attributes,
    floats,
    inner_graphs,
    scalar,
    sizes,
    users,
)
from ganx_exports.opsets import to_opset
from ganx_exports.scales import fold_scales

if TYPE_CHECKING:
    import onnx

SEVERAL = {"Unsqueeze": False, "Squeeze": True}
"""Operations that take several axes at once, and whether the last axis goes first."""

LAST = 2**63 - 1
"""The end of an axis, for a slice."""


def simplify(model: "onnx.ModelProto", opset: int) -> "onnx.ModelProto":
    """Return the model in plain nodes of an opset, in the least IR version that the opset needs.

    One axis at a time, no ``allowzero``, slices for single entries, splits that give their sizes,
    and the shape of every value. Raises ``ExportError`` for an opset that cannot say what the graph
    does.
    """
    from onnx import helper

    model = _with_shapes(model)
    _drop_identities(model.graph)
    fold_scales(model.graph)
    _rewrite(model.graph)
    _drop_unused(model.graph)
    model = to_opset(model, opset)
    model.ir_version = helper.find_min_ir_version_for(list(model.opset_import))
    return _with_shapes(model)


def _with_shapes(model: "onnx.ModelProto") -> "onnx.ModelProto":
    """Infer the shapes of all values anew."""
    from onnx import shape_inference

    del model.graph.value_info[:]
    try:
        return shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    except shape_inference.InferenceError as error:
        reason = " ".join(str(error).split())
        raise ExportError(f"The exported ONNX model is not valid: {reason}") from error


def _drop_identities(graph: "onnx.GraphProto") -> None:
    """Leave out splits in one part."""
    results = {one.name for one in graph.output}
    for node in [one for one in graph.node if one.op_type == "Split" and len(one.output) == 1]:
        if node.output[0] not in results and not inner_graphs(graph):
            for user in users(graph, node.output[0]):
                same = [node.input[0] if name == node.output[0] else name for name in user.input]
                user.input[:] = same
            graph.node.remove(node)


def _rewrite(graph: "onnx.GraphProto") -> None:
    """Replace each node by plainer ones."""
    known, shapes = constants(graph), sizes(graph)
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type == "Reshape":
            _drop_allowzero(node, known)
        elif node.op_type == "Split":
            _give_sizes(node, shapes, graph)
        elif node.op_type == "Clip":
            _as_minimum(node)
        chosen = _chosen(node, graph) if node.op_type == "Gather" else None
        nodes += chosen or _one_by_one(node, known, graph)
    del graph.node[:]
    graph.node.extend(nodes)


def _drop_allowzero(node: "onnx.NodeProto", known: dict[str, list[int]]) -> None:
    """Leave out what says the meaning of zeros, where there are none or it is the usual."""
    special = any(one.name == "allowzero" and one.i for one in node.attribute)
    if not special or 0 not in known.get(node.input[1], [0]):
        drop_attributes(node, {"allowzero"})


def _give_sizes(
    node: "onnx.NodeProto", shapes: dict[str, list[int]], graph: "onnx.GraphProto"
) -> None:
    """Say how long each part is, in place of how many there are, which opset 18 brought."""
    axis = next((one.i for one in node.attribute if one.name == "axis"), 0)
    shape, parts = shapes.get(node.input[0], []), len(node.output)
    if len(node.input) > 1 or not -len(shape) <= axis < len(shape) or not shape[axis]:
        return
    longest = ceil(shape[axis] / parts)
    lengths = [longest] * (parts - 1) + [shape[axis] - longest * (parts - 1)]
    drop_attributes(node, {"num_outputs"})
    node.input.append(add_constant(graph, lengths, f"{node.output[0]}_sizes"))


def _as_minimum(node: "onnx.NodeProto") -> None:
    """Write a bound from above alone as ``Min``; readers miss an input that is left out."""
    if len(node.input) > 2 and not node.input[1]:  # noqa: PLR2004 - x, least, greatest
        node.op_type = "Min"
        del node.input[1]


def _chosen(node: "onnx.NodeProto", graph: "onnx.GraphProto") -> list["onnx.NodeProto"]:
    """Take one of an axis's entries by a slice; OpenCV 4 fails where it is gathered at batch 1.

    Nothing for other kinds of ``Gather``, and for numbers, which are shapes that readers follow.
    """
    from onnx import helper

    index = scalar(graph, node.input[1])
    if index is None or node.input[0] not in floats(graph):
        return []
    axis = next((one.i for one in node.attribute if one.name == "axis"), 0)
    bounds = {"from": index, "to": index + 1 or LAST, "axis": axis}
    result = node.output[0]
    names = [add_constant(graph, [value], f"{result}_{name}") for name, value in bounds.items()]
    kept = f"{result}_kept"
    return [
        helper.make_node("Slice", [node.input[0], *names], [kept], name=f"{node.name}_slice"),
        helper.make_node("Squeeze", [kept, names[-1]], [result], name=f"{node.name}_squeeze"),
    ]


def _one_by_one(
    node: "onnx.NodeProto", known: dict[str, list[int]], graph: "onnx.GraphProto"
) -> Iterator["onnx.NodeProto"]:
    """Yield a node, or a chain of nodes of which each adds or removes one axis."""
    from onnx import helper

    axes = known.get(node.input[1]) if len(node.input) > 1 else None
    if node.op_type not in SEVERAL or not axes or len(axes) == 1 or min(axes) < 0:
        yield node
        return
    value = node.input[0]
    ordered = sorted(axes, reverse=SEVERAL[node.op_type])
    for step, axis in enumerate(ordered):
        last = step == len(ordered) - 1
        result = node.output[0] if last else f"{node.output[0]}_{step}"
        name = add_constant(graph, [axis], f"{node.output[0]}_axis_{step}")
        yield helper.make_node(node.op_type, [value, name], [result], name=f"{node.name}_{step}")
        value = result


def _drop_unused(graph: "onnx.GraphProto") -> None:
    """Leave out constants that no node takes any more, unless a graph within one might."""
    if inner_graphs(graph):
        return
    taken = {name for node in graph.node for name in node.input}
    taken |= {one.name for one in graph.output}
    kept = [one for one in graph.initializer if one.name in taken]
    del graph.initializer[:]
    graph.initializer.extend(kept)
