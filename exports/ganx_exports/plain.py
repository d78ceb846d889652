"""Rewriting an ONNX graph so that the least of its readers understands it.

Every step keeps what the graph computes. Axes are those of ``Unsqueeze`` and ``Squeeze`` as opset
13 and newer have them: an input, here always a constant.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ganx.errors import ExportError

if TYPE_CHECKING:
    import onnx

SEVERAL = {"Unsqueeze": False, "Squeeze": True}
"""Operations that take several axes at once, and whether the last axis goes first."""

USUAL = ("allowzero", "noop_with_empty_axes", "start")
"""Attributes of newer opsets, all 0 unless they are written."""


def simplify(model: "onnx.ModelProto") -> None:
    """Write one axis at a time and no ``allowzero``, in the least IR version for the opset."""
    from onnx import helper

    constants = _constants(model.graph)
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        _drop_usual(node, constants)
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


def _drop_usual(node: "onnx.NodeProto", constants: dict[str, list[int]]) -> None:
    """Leave out attributes that say what is so without them, which older opsets do not have."""
    from onnx import helper

    values = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    unneeded = {name for name in USUAL if values.get(name) == 0}
    if node.op_type == "Reshape" and 0 not in constants.get(node.input[1], [0]):
        # It says what zeros in the shape mean, and there are none.
        unneeded.add("allowzero")
    kept = [one for one in node.attribute if one.name not in unneeded]
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


def in_opset(model: "onnx.ModelProto", opset: int) -> "onnx.ModelProto":
    """Return the model in an older opset than it has.

    Raises ``ExportError`` where an operation has no form in it.
    """
    from onnx import helper, version_converter

    # The converter knows no older form of Split, although there is one.
    slices = [one for node in model.graph.node for one in _as_slices(node, model.graph)]
    del model.graph.node[:]
    model.graph.node.extend(slices)
    _drop_unused(model.graph)
    try:
        older = version_converter.convert_version(model, opset)
    except Exception as error:
        # The converter's own exceptions share no base.
        raise ExportError(
            f"This generator has no form in ONNX's opset {opset}: {error}. Ask for a newer one."
        ) from error
    if [one.version for one in older.opset_import] != [opset]:
        raise ExportError(
            f"This generator has no form in ONNX's opset {opset}. Ask for a newer one."
        )
    older.ir_version = helper.find_min_ir_version_for(list(older.opset_import))
    return older


def _as_slices(node: "onnx.NodeProto", graph: "onnx.GraphProto") -> Iterator["onnx.NodeProto"]:
    """Yield a node, or for a Split of constant sizes a Slice for each part."""
    from onnx import helper, numpy_helper

    sizes = _constants(graph).get(node.input[1]) if len(node.input) > 1 else None
    if node.op_type != "Split" or sizes is None:
        yield node
        return
    axis = next((one.i for one in node.attribute if one.name == "axis"), 0)
    start = 0
    for output, size in zip(node.output, sizes, strict=True):
        bounds = {"start": start, "end": start + size, "axis": axis}
        names = [f"{output}_{bound}" for bound in bounds]
        for name, value in zip(names, bounds.values(), strict=True):
            graph.initializer.append(numpy_helper.from_array(np.array([value], np.int64), name))
        yield helper.make_node("Slice", [node.input[0], *names], [output], name=f"{output}_slice")
        start += size


def _drop_unused(graph: "onnx.GraphProto") -> None:
    """Leave out constants that no node takes any more."""
    taken = {name for node in graph.node for name in node.input}
    kept = [one for one in graph.initializer if one.name in taken]
    del graph.initializer[:]
    graph.initializer.extend(kept)
