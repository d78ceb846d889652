"""Running a batch: plainly, or on a GPU with buffers that stay where they are.

Shapes: z [B, Z]; c [B, K], absent without condition; images [B, C, H, W] or [B, H, W, C].
"""

from collections.abc import Mapping
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.float32]]

OUTPUT = "images"
MOST_SIZES = 8
"""Batch sizes that keep buffers, and a graph, on the device; others are copied each time."""

_GRAPH = "gpu_graph_id"
_UNCAPTURED = "-1"


class Runner(Protocol):
    """Turns inputs into images."""

    def __call__(self, inputs: Arrays) -> NDArray[Any]:
        """Run one batch."""


class PlainRunner:
    """Lets onnxruntime copy inputs and images as it needs."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self, inputs: Arrays) -> NDArray[Any]:
        """Run one batch."""
        images: NDArray[Any] = self._session.run([OUTPUT], dict(inputs))[0]
        return images


class _Buffers:
    """Inputs and images of one batch size, at fixed addresses of a device."""

    def __init__(
        self, runtime: Any, session: Any, inputs: Arrays, form: NDArray[Any], place: tuple[str, int]
    ) -> None:
        make = runtime.OrtValue.ortvalue_from_shape_and_type
        self.inputs = {
            name: make(list(value.shape), np.float32, *place) for name, value in inputs.items()
        }
        shape = [len(inputs["z"]), *form.shape[1:]]
        self.images = make(shape, form.dtype.type, *place)
        self.binding = session.io_binding()
        for name, value in self.inputs.items():
            self.binding.bind_ortvalue_input(name, value)
        self.binding.bind_ortvalue_output(OUTPUT, self.images)


class BoundRunner:
    """Keeps a batch size's buffers on the device, and captures its run as a CUDA graph.

    The first run of a size is an ordinary one; from the second on it has buffers, and a graph where
    ``graphs`` allows one. A graph reads and writes the addresses that it was captured with, so the
    buffers of a size are never replaced. Batches run one after the other.
    """

    def __init__(self, runtime: Any, session: Any, *, graphs: bool, device: str = "cuda") -> None:
        self._runtime = runtime
        self._session = session
        self._graphs = graphs
        self._place = (device, 0)
        self._seen: dict[int, NDArray[Any]] = {}
        self._kept: dict[int, _Buffers] = {}
        self._lock = Lock()

    def __call__(self, inputs: Arrays) -> NDArray[Any]:
        """Run one batch."""
        with self._lock:
            buffers = self._buffers(inputs)
            return self._once(inputs) if buffers is None else self._again(inputs, buffers)

    def _once(self, inputs: Arrays) -> NDArray[Any]:
        """Run a batch that keeps nothing."""
        options = run_options(self._runtime)
        images: NDArray[Any] = self._session.run([OUTPUT], dict(inputs), options)[0]
        self._seen[len(images)] = images[:0]
        return images

    def _again(self, inputs: Arrays, buffers: _Buffers) -> NDArray[Any]:
        """Run a batch in its buffers; onnxruntime captures the graph when it first meets its id."""
        for name, value in buffers.inputs.items():
            value.update_inplace(np.ascontiguousarray(inputs[name]))
        buffers.binding.synchronize_inputs()
        graph = str(len(inputs["z"])) if self._graphs else _UNCAPTURED
        self._session.run_with_iobinding(buffers.binding, run_options(self._runtime, graph))
        buffers.binding.synchronize_outputs()
        images: NDArray[Any] = buffers.images.numpy()
        return images

    def _buffers(self, inputs: Arrays) -> _Buffers | None:
        """Find a batch size's buffers, or make them when it comes for the second time."""
        size = len(inputs["z"])
        if size not in self._kept and size in self._seen and len(self._kept) < MOST_SIZES:
            form = self._seen[size]
            self._kept[size] = _Buffers(self._runtime, self._session, inputs, form, self._place)
        return self._kept.get(size)


def run_options(runtime: Any, graph: str = _UNCAPTURED) -> Any:
    """Say as which graph a run is to be captured or repeated; without a word it would be as 0."""
    options = runtime.RunOptions()
    options.add_run_config_entry(_GRAPH, graph)
    return options
