"""What an ONNX file says about itself: its metadata property ``ganx``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganx.errors import ExportError

if TYPE_CHECKING:
    import onnx

ONNX_KEY = "ganx"
"""The key among an ONNX model's metadata_props."""


def read_onnx(path: Path) -> str:
    """Return the property as text; the model is not run.

    Raises ``ExportError`` for what is no ONNX model, not ganx's, or keeps weights in other files.
    """
    for entry in _opened(path).metadata_props:
        if entry.key == ONNX_KEY:
            return str(entry.value)
    raise ExportError(f"{path} is an ONNX model without ganx's metadata: ganx did not export it.")


def annotate_onnx(path: Path, text: str) -> None:
    """Replace the property, and nothing else."""
    model = _opened(path)
    del model.metadata_props[:]
    model.metadata_props.add(key=ONNX_KEY, value=text)
    path.write_bytes(model.SerializeToString(deterministic=True))


def _opened(path: Path) -> "onnx.ModelProto":
    import onnx

    try:
        model = onnx.load(path, load_external_data=False)
    except OSError:
        raise
    except Exception as error:
        # protobuf's own exception, which shares no base with others.
        raise ExportError(f"{path} is no ONNX model, or it is damaged.") from error
    for place in _elsewhere(model):
        raise ExportError(
            f"{path} keeps weights in another file, {place!r}, as ganx's files never do: refused."
        )
    return model


def _elsewhere(message: Any) -> Iterator[str]:
    """Yield the places of data outside the file, of a protobuf message and all that it contains."""
    for field, value in message.ListFields():
        if field.name == "external_data":
            yield next((entry.value for entry in value if entry.key == "location"), "")
        elif field.message_type is not None:
            for part in [value] if hasattr(value, "ListFields") else value:
                yield from _elsewhere(part)
