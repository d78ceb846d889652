"""A look at an ONNX file before onnxruntime sees it: what it says, and what it may not do.

Nothing in a file may lead to another file: no external data, and no engine that a provider loads
by its path. Message and field numbers are those of onnx.proto.
"""

import stat
from pathlib import Path

from ganx_runtime.errors import GeneratorError
from ganx_runtime.wire import BYTES, VARINT, Field, WireError, fields

ZIP = b"PK\x03\x04"
"""How archives begin, those of PyTorch among them."""

KEY = "ganx"
"""The key of the metadata among a model's ``metadata_props``."""

LARGEST_FILE = 2**31 - 1
"""Bytes; no message of protocol buffers can be larger."""

LARGEST_METADATA = 2**24
"""Bytes of ``metadata_props`` together."""

MOST_FIELDS = 500_000
"""Of all messages of a file together; a large network has some ten thousand."""

DEEPEST = 64
"""Messages within messages, as graphs within nodes are."""

_ATTRIBUTE = {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"}
_MESSAGES: dict[str, dict[int, str]] = {
    "model": {7: "graph", 14: "property", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": _ATTRIBUTE,
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
    "property": {},
}
"""Which fields of a message are messages that can hold tensors, graphs or nodes."""

_OPERATOR = 4
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
_BY_PATH = {b"EPContext"}
"""Operators of onnxruntime that name a file of their own."""


def read_model(path: Path) -> tuple[bytes, str]:
    """Return the bytes of an ONNX file and the JSON text of ganx's metadata in it.

    Raises ``GeneratorError`` for what is no file, no ONNX model, not made by ganx, damaged, or
    leads to other files.
    """
    content = _read(path)
    if content.startswith(ZIP):
        raise GeneratorError(
            f"{path} is an archive, as TorchScript and .pt2 files are, and no ONNX file, which is "
            "what runs here. Write one with `ganx export --format onnx`."
        )
    look = _Look(path, memoryview(content))
    try:
        look.at("model", 0, len(content), 0)
    except WireError as error:
        raise GeneratorError(
            f"{path} is no ONNX model, or it is damaged ({error}). Export or copy it again."
        ) from None
    if look.metadata is None:
        raise GeneratorError(
            f"{path} is not an ONNX model that ganx exported: it has no metadata of the name "
            f"{KEY!r}, or is cut off. Write one with `ganx export --format onnx`."
        )
    return content, look.metadata


def _read(path: Path) -> bytes:
    """Read a plain file that is not too large; a pipe or a device could go on for ever."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise GeneratorError(f"{path} is no plain file. Name an ONNX file.")
        if status.st_size > LARGEST_FILE:
            raise GeneratorError(
                f"{path} has {status.st_size:,} bytes; an ONNX file has at most {LARGEST_FILE:,}. "
                "It was not made by ganx."
            )
        return path.read_bytes()
    except OSError as error:
        raise GeneratorError(
            f"Cannot read {path}: {error.strerror or error}. Name an ONNX file."
        ) from None


class _Look:
    """A walk over all messages of a model."""

    def __init__(self, path: Path, data: memoryview) -> None:
        self.path = path
        self.data = data
        self.metadata: str | None = None
        self.fields = 0
        self.properties = 0

    def at(self, message: str, start: int, end: int, depth: int) -> None:
        """Look at a message and at those in it."""
        if depth > DEEPEST:
            raise WireError(f"its parts are nested more than {DEEPEST} deep")
        inner = _MESSAGES[message]
        for field in fields(self.data, start, end):
            self.fields += 1
            if self.fields > MOST_FIELDS:
                raise WireError(f"it has more than {MOST_FIELDS:,} parts")
            self._check(message, field)
            if field.wire == BYTES and field.number in inner:
                self.at(inner[field.number], field.start, field.end, depth + 1)
        if message == "property":
            self._read_property(start, end)

    def _check(self, message: str, field: Field) -> None:
        """Refuse what leads to another file."""
        external = field.number == _EXTERNAL_DATA or (
            field.number == _DATA_LOCATION and field.wire == VARINT and field.value != 0
        )
        if message == "tensor" and external:
            raise GeneratorError(
                f"{self.path} keeps weights in another file, which is not read: it could be any "
                "file of this machine. Export it as one file, as ganx does."
            )
        if (
            message == "node"
            and field.number == _OPERATOR
            and bytes(self.data[field.start : field.end]) in _BY_PATH
        ):
            raise GeneratorError(
                f"{self.path} holds an engine made for one machine (EPContext), which may name "
                "other files and is not run. Use the file that ganx exported."
            )

    def _read_property(self, start: int, end: int) -> None:
        """Keep the value of ganx's key."""
        self.properties += end - start
        if self.properties > LARGEST_METADATA:
            raise GeneratorError(
                f"The metadata of {self.path} have more than {LARGEST_METADATA:,} bytes. "
                "It was not made by ganx; export it again."
            )
        found = {
            field.number: bytes(self.data[field.start : field.end])
            for field in fields(self.data, start, end)
            if field.wire == BYTES
        }
        if found.get(1) == KEY.encode():
            if self.metadata is not None:
                raise WireError("it has ganx's metadata twice")
            try:
                self.metadata = found.get(2, b"").decode()
            except UnicodeDecodeError:
                raise WireError("ganx's metadata are no text") from None
