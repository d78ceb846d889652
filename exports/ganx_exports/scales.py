"""Scaling an input by weights in place of a product.

OpenCV 4 takes a product with a number for an image of a batch of one where the batch is free, and
then refuses to join it with what has a free batch. A linear layer behind the joint can scale.
"""

from typing import TYPE_CHECKING

import numpy as np

from ganx_exports.nodes import inner_graphs, sizes, users

if TYPE_CHECKING:
    import onnx


def fold_scales(graph: "onnx.GraphProto") -> None:
    """Have ``Gemm(Concat(..., Mul(input, number), ...), weight)`` scale by its weight.

    Only where nothing else uses any of these values, and in float32.
    """
    if inner_graphs(graph):
        return
    inputs = {one.name for one in graph.input}
    for product in [node for node in graph.node if node.op_type == "Mul"]:
        if product.input[0] in inputs:
            _fold(graph, product)


def _fold(graph: "onnx.GraphProto", product: "onnx.NodeProto") -> None:
    """Fold one product, if it is as described."""
    from onnx import TensorProto, numpy_helper

    weights = {one.name: one for one in graph.initializer}
    scale = weights.get(product.input[1])
    joint = _only_user(graph, product.output[0], "Concat")
    layer = _only_user(graph, joint.output[0], "Gemm") if joint is not None else None
    if scale is None or joint is None or layer is None:
        return
    weight = weights.get(layer.input[1])
    place = _columns(graph, joint, product.output[0])
    if weight is None or place is None or len(users(graph, weight.name)) > 1:
        return
    number = numpy_helper.to_array(scale)
    if number.size > 1 or {scale.data_type, weight.data_type} != {TensorProto.FLOAT}:
        return
    array = np.array(numpy_helper.to_array(weight))
    transposed = any(one.name == "transB" and one.i for one in layer.attribute)
    (array if transposed else array.T)[:, place] *= number.item()
    weight.CopyFrom(numpy_helper.from_array(array, weight.name))
    joint.input[list(joint.input).index(product.output[0])] = product.input[0]
    graph.node.remove(product)


def _only_user(graph: "onnx.GraphProto", name: str, operation: str) -> "onnx.NodeProto | None":
    """Return the node that takes a value first, if it is the only one and of that operation."""
    found = users(graph, name)
    if len(found) == 1 and found[0].op_type == operation and list(found[0].input).count(name) == 1:
        return found[0]
    return None


def _columns(graph: "onnx.GraphProto", joint: "onnx.NodeProto", name: str) -> slice | None:
    """Return where the joint's rows hold a value, or None if that is not known."""
    shapes = sizes(graph)
    start = 0
    for one in joint.input:
        shape = shapes.get(one, [])
        if len(shape) != 2 or not shape[1] or joint.attribute[0].i not in {1, -1}:  # noqa: PLR2004 - rows and columns
            return None
        if one == name:
            return slice(start, start + shape[1])
        start += shape[1]
    return None
