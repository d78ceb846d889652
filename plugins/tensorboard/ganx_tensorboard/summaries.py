"""Summaries in the form of TensorBoard's plugins: scalars, images, text and hyperparameters."""

import io
import time
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_FLOAT, DT_STRING
from tensorboard.plugins.hparams.api_pb2 import STATUS_SUCCESS
from tensorboard.plugins.hparams.plugin_data_pb2 import (
    HParamsPluginData,
    SessionEndInfo,
    SessionStartInfo,
)

from ganx_tensorboard.settings import Setting

_QUALITY = 85
"""Of the JPEG that a grid becomes; at a fifth of the PNG's size, its checksum takes a fifth of
the time, and TensorBoard computes that in plain Python."""


def figures(values: Mapping[str, float]) -> Summary:
    """Give each number a point on its curve; they are kept in single precision."""
    points = [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
    return Summary(value=points)


def picture(tag: str, path: Path) -> Summary:
    """Take a picture from a file."""
    encoded = io.BytesIO()
    with Image.open(path) as opened:
        width, height = opened.size
        plain = opened if opened.mode in {"L", "RGB"} else opened.convert("RGB")
        # Whole colours for each pixel: the images of a grid are small.
        plain.save(encoded, "JPEG", quality=_QUALITY, subsampling=0)
    image = Summary.Image(height=height, width=width, encoded_image_string=encoded.getvalue())
    return Summary(value=[Summary.Value(tag=tag, image=image)])


def alarm(tag: str, text: str) -> Summary:
    """Write a text, which TensorBoard reads as Markdown."""
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype=DT_STRING, tensor_shape=shape, string_val=[text.encode()])
    return Summary(value=[Summary.Value(tag=tag, metadata=_of_plugin("text"), tensor=tensor)])


def settings(values: Mapping[str, Setting]) -> Summary:
    """Tell the hyperparameters of a run.

    Which of them there are, and which curves are metrics, is left to TensorBoard to find: a
    declaration would hold for all runs that are looked at together, and they differ.
    """
    started = SessionStartInfo(start_time_secs=time.time())
    for name, value in values.items():
        if isinstance(value, bool):
            started.hparams[name].bool_value = value
        elif isinstance(value, str):
            started.hparams[name].string_value = value
        else:
            started.hparams[name].number_value = value
    return _hyperparameters("session_start_info", HParamsPluginData(session_start_info=started))


def finished() -> Summary:
    """Tell that a run is complete."""
    ended = SessionEndInfo(status=STATUS_SUCCESS, end_time_secs=time.time())
    return _hyperparameters("session_end_info", HParamsPluginData(session_end_info=ended))


def _hyperparameters(kind: str, data: HParamsPluginData) -> Summary:
    """Write what is for the plugin of hyperparameters, which reads metadata alone."""
    metadata = _of_plugin("hparams", data.SerializeToString())
    empty = TensorProto(
        dtype=DT_FLOAT, tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=0)])
    )
    value = Summary.Value(tag=f"_hparams_/{kind}", metadata=metadata, tensor=empty)
    return Summary(value=[value])


def _of_plugin(name: str, content: bytes = b"") -> SummaryMetadata:
    """Say which of TensorBoard's plugins shows a value."""
    data = SummaryMetadata.PluginData(plugin_name=name, content=content)
    return SummaryMetadata(plugin_data=data)
