"""Writing an ONNX model in an older or newer version of ONNX's operations than it was made in."""

from typing import TYPE_CHECKING, Any

from ganx.errors import ExportError
from ganx_exports.nodes import constants, drop_attributes

if TYPE_CHECKING:
    import onnx

MADE_IN = 18
"""The opset that PyTorch's exporter translates to; it converts to others itself, and not all."""

MORE_TYPES = {
    *("Add", "CumSum", "Div", "GreaterOrEqual", "Identity", "LeakyRelu", "LessOrEqual", "Mul"),
    *("Pad", "Pow", "Relu", "Reshape", "Split", "Sub", "Where"),
}
"""Operations to which opsets 14 to 18 only added: types, and inputs and attributes, if not used."""

LATER_DEFAULTS: dict[str, dict[str, Any]] = {
    "BatchNormalization": {"training_mode": 0},
    "Resize": {"antialias": 0, "keep_aspect_ratio_policy": b"stretch"},
    "Shape": {"start": 0},
}
"""Attributes of opsets 14 to 18 whose values here were the only ones before."""

AXES_AS_ATTRIBUTE = {"ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd"}
"""Operations that take their axes as an input since opset 18."""


def to_opset(model: "onnx.ModelProto", opset: int) -> "onnx.ModelProto":
    """Return a model of opset 18 in another opset.

    Raises ``ExportError`` where it has an operation that the opset cannot express, or the installed
    onnx does not know the opset.
    """
    import onnx

    newest = onnx.defs.onnx_opset_version()
    if opset > newest:
        raise ExportError(
            f"The installed onnx {onnx.__version__} knows opsets up to {newest}, not {opset}. "
            f"Choose an older opset, or install a newer onnx."
        )
    if opset > MADE_IN:
        return _raised(model, opset)
    for node in model.graph.node:
        _lower(node, model.graph, opset)
    for entry in model.opset_import:
        if not entry.domain:
            entry.version = opset
    return model


def _raised(model: "onnx.ModelProto", opset: int) -> "onnx.ModelProto":
    from onnx import version_converter

    try:
        return version_converter.convert_version(model, opset)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ExportError(f"onnx cannot convert this model to opset {opset}: {reason}") from error


def _lower(node: "onnx.NodeProto", graph: "onnx.GraphProto", opset: int) -> None:
    """Say in an older opset what a node says, or refuse."""
    from onnx import defs

    since = defs.get_schema(node.op_type, MADE_IN).since_version if not node.domain else 1
    if since <= opset:
        return
    later = LATER_DEFAULTS.get(node.op_type, {})
    drop_attributes(
        node, {one.name for one in node.attribute if later.get(one.name) == _value(one)}
    )
    if node.op_type in AXES_AS_ATTRIBUTE:
        _axes_as_attribute(node, graph)
    elif node.op_type not in MORE_TYPES | set(LATER_DEFAULTS):
        raise _refusal(node, opset, since)
    known = defs.get_schema(node.op_type, opset)
    if len(node.input) > known.max_input or {one.name for one in node.attribute} - set(
        known.attributes
    ):
        raise _refusal(node, opset, since)


def _value(attribute: "onnx.AttributeProto") -> Any:
    from onnx import helper

    return helper.get_attribute_value(attribute)


def _axes_as_attribute(node: "onnx.NodeProto", graph: "onnx.GraphProto") -> None:
    """Move constant axes of a reduction into the node."""
    from onnx import helper

    drop_attributes(node, {"noop_with_empty_axes"})
    if len(node.input) > 1:
        axes = constants(graph).get(node.input[1])
        if axes is None:
            return
        del node.input[1]
        node.attribute.append(helper.make_attribute("axes", axes))


def _refusal(node: "onnx.NodeProto", opset: int, since: int) -> ExportError:
    return ExportError(
        f"Opset {opset} cannot express this generator's {node.op_type} as opset {since} does. "
        f"Choose opset {since} or newer."
    )
