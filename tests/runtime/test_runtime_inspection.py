"""A file is looked through before onnxruntime sees it: nothing in it may lead to another file."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import onnx
import pytest
from onnx import TensorProto, helper
from small_onnx import metadata_of, model_of, write_small

from ganx_runtime import Generator, GeneratorError, inspection
from ganx_runtime.inspection import read_model

Model = onnx.ModelProto


def external() -> TensorProto:
    """Describe weights that lie in a file elsewhere."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")
    return tensor


def graph_with(tensor: TensorProto) -> onnx.GraphProto:
    return helper.make_graph([], "inner", [], [], [tensor])


def attribute(**values: Any) -> onnx.AttributeProto:
    return onnx.AttributeProto(name="value", **values)


def node_with(value: onnx.AttributeProto) -> onnx.NodeProto:
    node = onnx.NodeProto(op_type="If", name="n")
    node.attribute.append(value)
    return node


def sparse() -> onnx.SparseTensorProto:
    return onnx.SparseTensorProto(values=external(), dims=[4])


def sparse_indices() -> onnx.SparseTensorProto:
    return onnx.SparseTensorProto(indices=external(), dims=[4])


def nodes() -> Iterator[onnx.NodeProto]:
    """Make nodes that hold external data in each way in which an attribute can."""
    yield node_with(attribute(t=external()))
    yield node_with(attribute(tensors=[external()]))
    yield node_with(attribute(g=graph_with(external())))
    yield node_with(attribute(graphs=[graph_with(external())]))
    yield node_with(attribute(sparse_tensor=sparse()))
    yield node_with(attribute(sparse_tensors=[sparse_indices()]))
    inner = helper.make_graph([node_with(attribute(t=external()))], "inner", [], [])
    yield node_with(attribute(g=inner))


def hidden() -> Iterator[Callable[[Model], Any]]:
    """Hide external data in each place of a model that can have some."""
    yield lambda model: model.graph.initializer.append(external())
    yield lambda model: model.graph.sparse_initializer.append(sparse())
    for node in nodes():
        yield lambda model, node=node: model.graph.node.append(node)
        function = onnx.FunctionProto(name="f", domain="d", node=[node])
        yield lambda model, function=function: model.functions.append(function)
    default = onnx.FunctionProto(name="f", attribute_proto=[attribute(t=external())])
    yield lambda model: model.functions.append(default)
    for name in ("initialization", "algorithm"):
        training = onnx.TrainingInfoProto(**{name: graph_with(external())})
        yield lambda model, training=training: model.training_info.append(training)


@pytest.mark.parametrize("hide", list(hidden()))
def test_external_data_are_refused_wherever_they_are(
    tmp_path: Path, hide: Callable[[Model], Any]
) -> None:
    model = model_of(metadata_of())
    hide(model)
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match="keeps weights in another file"):
        read_model(path)


@pytest.mark.parametrize("field", ["data_location", "external_data"])
def test_half_of_what_makes_data_external_is_enough(tmp_path: Path, field: str) -> None:
    tensor = external()
    tensor.ClearField(field)
    model = model_of(metadata_of())
    model.graph.initializer.append(tensor)
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match="keeps weights in another file"):
        read_model(path)


def test_a_model_in_two_halves_is_looked_through_whole(tmp_path: Path) -> None:
    """Protocol buffers merge a message that comes twice; each time counts."""
    extra = Model(graph=graph_with(external())).SerializeToString()
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of(metadata_of()).SerializeToString() + extra)
    with pytest.raises(GeneratorError, match="keeps weights in another file"):
        read_model(path)


def test_an_engine_that_names_a_file_is_refused(tmp_path: Path) -> None:
    model = model_of(metadata_of())
    node = helper.make_node("EPContext", ["z"], ["y"], domain="com.microsoft", embed_mode=0)
    model.graph.node.append(node)
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match="EPContext"):
        read_model(path)


def test_a_file_that_is_cut_off_is_refused_at_every_length(tmp_path: Path) -> None:
    whole = write_small(tmp_path / "model.onnx").read_bytes()
    path = tmp_path / "cut.onnx"
    for length in [*range(200), *range(200, len(whole) - 1, 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(GeneratorError, match=r"cut off|damaged"):
            read_model(path)


def test_noise_never_does_anything_but_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.onnx"
    for seed in range(300):
        path.write_bytes(os.urandom(seed))
        with pytest.raises(GeneratorError):
            read_model(path)


def test_a_group_a_huge_tag_and_an_endless_number_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.onnx"
    tag = b"\x88\x80\x80\x80\x80\x00\x08"  # field 1 in six bytes, which other readers refuse
    for odd in (b"\x3b\x3c", tag, b"\xff" * 5 + b"\x01", b"\x08" + b"\x80" * 11, b"\x00\x00"):
        path.write_bytes(odd)
        with pytest.raises(GeneratorError, match="damaged"):
            read_model(path)


def length(content: bytes) -> bytes:
    """Write a length of less than 2^14 as a number of seven bits a byte."""
    return bytes([len(content) & 0x7F | 0x80, len(content) >> 7])


def test_messages_nested_too_deep_are_refused(tmp_path: Path) -> None:
    content = b""
    for _ in range(40):
        for field in (6, 5, 1):  # the graph of an attribute of a node
            content = bytes([field << 3 | 2]) + length(content) + content
    path = tmp_path / "deep.onnx"
    path.write_bytes(b"\x3a" + length(content) + content)
    with pytest.raises(GeneratorError, match="nested more than"):
        read_model(path)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MOST_FIELDS", 10, "more than 10 parts"),
        ("LARGEST_METADATA", 100, "more than 100 bytes"),
        ("LARGEST_FILE", 100, "at most 100"),
    ],
)
def test_what_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int, told: str
) -> None:
    path = write_small(tmp_path / "model.onnx")
    read_model(path)
    monkeypatch.setattr(inspection, name, value)
    with pytest.raises(GeneratorError, match=told):
        read_model(path)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, told in (
        (tmp_path, "no plain file"),
        (pipe, "no plain file"),
        (Path("/dev/zero"), "no plain file"),
        (tmp_path / "absent.onnx", "No such file"),
    ):
        with pytest.raises(GeneratorError, match=told):
            Generator.load(path)


def test_models_that_ganx_did_not_export_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    model = model_of(metadata_of())
    model.metadata_props[0].key = "other"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match="not an ONNX model that ganx exported"):
        Generator.load(path)
    with ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", b"")
    with pytest.raises(GeneratorError, match="is an archive, as TorchScript"):
        Generator.load(path)
    path.write_text("PK of a zip archive, or any text")
    with pytest.raises(GeneratorError, match="no ONNX model"):
        Generator.load(path)
    model.metadata_props[0].key = "ganx"
    model.metadata_props.add(key="ganx", value="{}")
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match="metadata twice"):
        Generator.load(path)


def test_bytes_that_onnxruntime_would_take_for_another_format_are_run_as_onnx(
    tmp_path: Path,
) -> None:
    """A model of the ORT format is told by four bytes, which a valid ONNX file can have too."""
    tag = b"\x12\x0aaaORTM" + b"a" * 4  # field 2, the producer's name
    assert tag[4:8] == b"ORTM"
    path = tmp_path / "model.onnx"
    path.write_bytes(tag + model_of(metadata_of()).SerializeToString())
    assert len(Generator.load(path, "cpu").sample(n=1)) == 1


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    metadata = metadata_of()
    change(metadata)
    return metadata


WRONG: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("resolution", lambda m: m["interface"].update(resolution="8")),
    ("resolution", lambda m: m["interface"].update(resolution=10**9)),
    ("channels", lambda m: m["interface"].update(channels=True)),
    ("condition", lambda m: m["interface"].pop("condition")),
    ("kind", lambda m: m["interface"]["condition"].update(kind="words")),
    ("values", lambda m: m["interface"]["condition"]["groups"][0].update(values=[])),
    ("groups", lambda m: m["interface"]["condition"].update(kind="none")),
    ("groups", lambda m: m["interface"]["condition"]["groups"][0].update(values=["a", "a"])),
    ("latent", lambda m: m.update(latent=[])),
    ("size", lambda m: m["latent"][0].update(size=0)),
    ("output", lambda m: m["file"].update(output="jpeg")),
    ("batch", lambda m: m["file"].update(batch=0)),
    ("file", lambda m: m.pop("file")),
    ("counts", lambda m: m["distribution"].update(counts=[1])),
    ("counts", lambda m: m["distribution"].update(counts=[1, -1])),
    ("combinations", lambda m: m["distribution"].update(combinations=[[0], [4]])),
    ("combinations", lambda m: m["distribution"].update(combinations=[[0], [1, 1]])),
    ("rest", lambda m: m["distribution"]["rest"].update(images=49)),
    ("rest.values", lambda m: m["distribution"]["rest"].update(values=[1])),
]


@pytest.mark.parametrize(("key", "change"), WRONG)
def test_metadata_that_cannot_be_are_refused_by_their_key(
    tmp_path: Path, key: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    path = tmp_path / "model.onnx"
    model = model_of(metadata_of(), json.dumps(changed(change)))
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match=rf"{key} is .*Export it again"):
        Generator.load(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not JSON", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no object"),
        (json.dumps({**metadata_of(), "format_version": 1}), "older ganx.*Export it again"),
        (json.dumps({**metadata_of(), "format_version": 3}), "newer ganx-runtime"),
        (json.dumps({**metadata_of(), "drawing": "ganx-draw-2"}), "newer ganx-runtime"),
    ],
)
def test_metadata_of_another_version_are_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of(metadata_of(), text).SerializeToString())
    with pytest.raises(GeneratorError, match=told):
        Generator.load(path)
