"""Small ONNX files in the form that ganx exports, made node by node; no network is trained."""

import json
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, LATENT = 8, 6
GROUPS: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "classes": [{"name": "digit", "values": ["0", "1", "2"]}],
    "labels": [{"name": "object", "values": ["red cube", "blue cube", "blue sphere", "gray cone"]}],
    "attributes": [
        {"name": "hair", "values": ["pink", "blue"]},
        {"name": "eyes", "values": ["blue", "red", "gray"]},
    ],
}
EXAMPLES = {"classes": "1", "labels": "red cube, blue sphere", "attributes": "hair=pink, eyes=red"}
DISTRIBUTIONS: dict[str, dict[str, Any]] = {
    "none": {"combinations": [[]], "counts": [50]},
    "classes": {"combinations": [[2], [0]], "counts": [30, 20]},
    "labels": {
        "combinations": [[0, 2], [1]],
        "counts": [30, 20],
        "rest": {"images": 50, "labels_per_image": [0, 30, 20], "values": [20, 10, 10, 30]},
    },
    "attributes": {
        "combinations": [[0, 3]],
        "counts": [10],
        "rest": {"images": 40, "labels_per_image": [0, 0, 40], "values": [10, 30, 10, 10, 20]},
    },
}


def metadata_of(kind: str = "labels", **file: Any) -> dict[str, Any]:
    """Return what a small file says of itself; keywords are those of its part ``file``."""
    condition: dict[str, Any] = {"kind": kind, "groups": GROUPS[kind]}
    if kind == "labels":
        condition |= {"most": 3, "limit": 3}
    described = {
        "format_version": 2,
        "interface": {
            "resolution": SIDE,
            "channels": 3,
            "image_range": [-1.0, 1.0],
            "condition": condition,
        },
        "latent": [{"name": "noise", "kind": "normal", "size": LATENT}],
        "drawing": "ganx-draw-1",
        "distribution": DISTRIBUTIONS[kind],
        "file": {
            "format": "onnx",
            "precision": "float32",
            "output": "float",
            "batch": None,
            **file,
        },
        "origin": {
            "ganx": "0.1.0",
            "run": "00003-small-shapes",
            "model": {"name": "small"},
            "weights": "ema",
            "images_seen": 50_000,
        },
        "licence": None,
    }
    if kind != "none":
        described["text"] = {"form": "VALUE, VALUE, ...", "example": EXAMPLES[kind]}
    return deepcopy(described)


def model_of(metadata: dict[str, Any], metadata_text: str | None = None) -> onnx.ModelProto:
    """Make a model that does what its metadata say: images = tanh([z c] W), with a fixed W."""
    interface, file = metadata["interface"], metadata["file"]
    side, channels = interface["resolution"], interface["channels"]
    sizes = {
        "z": sum(part["size"] for part in metadata["latent"]),
        "c": sum(len(group["values"]) for group in interface["condition"]["groups"]),
    }
    names = [name for name, size in sizes.items() if size]
    batch = file["batch"] or "batch"
    half = file["precision"] == "float16"
    kind = np.float16 if half else np.float32
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(sum(sizes.values()), channels * side * side)).astype(kind)
    constants = {
        "weights": weights,
        "shape": np.array([-1, channels, side, side], np.int64),
        "one": np.array(1, np.float32),
        "scale": np.array(127.5, np.float32),
        "black": np.array(0, np.float32),
        "white": np.array(255, np.float32),
    }
    inside = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    nodes = [
        helper.make_node("Concat", names, ["rows"], axis=1),
        helper.make_node("Cast", ["rows"], ["inside"], to=inside),
        helper.make_node("MatMul", ["inside", "weights"], ["grown"]),
        helper.make_node("Reshape", ["grown", "shape"], ["folded"]),
        helper.make_node("Tanh", ["folded"], ["bounded"]),
        helper.make_node("Cast", ["bounded"], ["float"], to=TensorProto.FLOAT),
        *_ending(file["output"]),
    ]
    form, output = [batch, channels, side, side], TensorProto.FLOAT
    if file["output"] == "uint8":
        form, output = [batch, side, side, channels], TensorProto.UINT8
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        "small",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, sizes[name]])
            for name in names
        ],
        [helper.make_tensor_value_info("images", output, form)],
        [numpy_helper.from_array(value, name) for name, value in constants.items() if name in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    model.metadata_props.add(key="ganx", value=metadata_text or json.dumps(metadata))
    return model


def _ending(output: str) -> Sequence[onnx.NodeProto]:
    """Give images as they are, or as pixels."""
    if output == "float":
        return [helper.make_node("Identity", ["float"], ["images"])]
    return [
        helper.make_node("Add", ["float", "one"], ["shifted"]),
        helper.make_node("Mul", ["shifted", "scale"], ["scaled"]),
        helper.make_node("Round", ["scaled"], ["rounded"]),
        helper.make_node("Clip", ["rounded", "black", "white"], ["clipped"]),
        helper.make_node("Transpose", ["clipped"], ["turned"], perm=[0, 2, 3, 1]),
        helper.make_node("Cast", ["turned"], ["images"], to=TensorProto.UINT8),
    ]


def write_small(path: Path, kind: str = "labels", **file: Any) -> Path:
    """Write a small file of a kind of condition; keywords are those of its part ``file``."""
    path.write_bytes(model_of(metadata_of(kind, **file)).SerializeToString())
    return path
