"""Differences, sizes and latencies of one generator's files.

A latency is from NumPy arrays to NumPy arrays, as an exported file is called. On the CPU it is the
processor's time in one thread, which neighbours change least; on CUDA it is time as it passes.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import torch
from exports_callers import Call, callers

from ganx.config import validated
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.exporting.publish import publish
from ganx.host import default_host

PRECISIONS = ("float32", "float16")
BATCHES = (1, 64)
ROUNDS = {1: 41, 64: 9}
"""How often each is called, by batch size."""


@dataclass
class Row:
    """What is told of one file."""

    subject: str
    format: str
    precision: str
    bytes: int
    difference: float
    equal: float
    ratios: dict[tuple[str, int], float | str] = field(default_factory=dict)
    """The file's time by eager float32's, by device and batch size; or why there is none."""


def measured(name: str, frozen: FrozenGenerator, folder: Path) -> Iterator[Row]:
    """Write a generator's files and yield what is to be told of each."""
    files: dict[tuple[str, str], Path] = {}
    rows: dict[tuple[str, str], Row] = {}
    for exporter in default_host().exporters.values():
        for precision in PRECISIONS:
            file = folder / f"{precision}{exporter.suffix}"
            rows[exporter.name, precision] = _written(name, frozen, exporter, precision, file)
            files[exporter.name, precision] = file
    for device in ("cpu", "cuda"):
        if device == "cuda" and not torch.cuda.is_available():
            continue
        calls, refused = callers(frozen, files, device)
        for batch in BATCHES:
            times = _alternated(calls, frozen, batch, device)
            for which, row in rows.items():
                row.ratios[device, batch] = refused.get(which) or times[which] / times[None]
    yield from rows.values()


def _written(
    name: str, frozen: FrozenGenerator, exporter: ExporterSpec, precision: str, file: Path
) -> Row:
    """Publish one file, which compares it with eager float32."""
    assert exporter.config is not None
    config = validated(exporter.config, {"precision": precision}, exporter.name)
    report = publish(frozen, exporter, file, config=config)
    difference = max(report.differences.values())
    return Row(name, exporter.name, precision, report.bytes, difference, report.agreement.equal)


def _alternated(
    calls: dict[tuple[str, str] | None, Call], frozen: FrozenGenerator, batch: int, device: str
) -> dict[tuple[str, str] | None, float]:
    """Return the median seconds of each call, which take turns; eager's is at None."""
    inputs = [tensor.numpy() for tensor in frozen.example_inputs(batch)]
    clock: Callable[[], float] = time.process_time if device == "cpu" else time.perf_counter
    seconds: dict[tuple[str, str] | None, list[float]] = {which: [] for which in calls}
    for turn in range(ROUNDS[batch] + 2):
        for which, call in calls.items():
            begun = clock()
            images = call(*inputs)
            taken = clock() - begun
            assert np.isfinite(images).all()
            if turn >= 2:  # the first calls compile and allocate
                seconds[which].append(taken)
    return {which: median(taken) for which, taken in seconds.items()}
