"""Small tools for the parts of an ONNX graph."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import onnx


def constants(graph: "onnx.GraphProto") -> dict[str, list[int]]:
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


def add_constant(graph: "onnx.GraphProto", values: list[int], name: str) -> str:
    """Add a constant vector of whole numbers, and return its name."""
    from onnx import numpy_helper

    graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))
    return name


def sizes(graph: "onnx.GraphProto") -> dict[str, list[int]]:
    """Return the sides of all values whose shape is known, 0 for a free one."""
    return {
        one.name: [side.dim_value for side in one.type.tensor_type.shape.dim]
        for one in (*graph.input, *graph.value_info, *graph.output)
    }


def floats(graph: "onnx.GraphProto") -> set[str]:
    """Return the names of all values that are known to be of floating point."""
    from onnx import TensorProto

    kinds = {TensorProto.FLOAT, TensorProto.FLOAT16}
    values = (*graph.input, *graph.value_info)
    return {one.name for one in values if one.type.tensor_type.elem_type in kinds}


def scalar(graph: "onnx.GraphProto", name: str) -> int | None:
    """Return a constant whole number without axes, or None for all else."""
    from onnx import TensorProto, numpy_helper

    for one in graph.initializer:
        if one.name == name and one.data_type == TensorProto.INT64 and not one.dims:
            return int(numpy_helper.to_array(one))
    return None


def drop_attributes(node: "onnx.NodeProto", names: set[str]) -> None:
    """Leave out some attributes of a node."""
    kept = [one for one in node.attribute if one.name not in names]
    del node.attribute[:]
    node.attribute.extend(kept)


def users(graph: "onnx.GraphProto", name: str) -> list["onnx.NodeProto"]:
    """Return the nodes that take a value."""
    return [node for node in graph.node if name in node.input]


def inner_graphs(graph: "onnx.GraphProto") -> bool:
    """Tell whether a node has a graph of its own, which may take values of this one."""
    return any(one.HasField("g") for node in graph.node for one in node.attribute)
