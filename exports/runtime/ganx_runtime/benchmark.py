"""How long a batch takes."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import NamedTuple

from ganx_runtime.generator import Generator

SIZES = (1, 64)
LEAST_RUNS = 5
LEAST_SECONDS = 1.0
WARM_UP = 4
"""Runs that are not counted; on a GPU, buffers and graphs are made in them."""


class Measured(NamedTuple):
    """The median of the runs of one batch size; inputs and images lie in the machine's memory."""

    batch: int
    milliseconds: float
    images_per_second: float
    runs: int


def measured(generator: Generator) -> Iterator[Measured]:
    """Measure batches of 1 and 64 images, or the file's own size."""
    for size in (generator.batch,) if generator.batch else SIZES:
        yield _measured(generator, size)


def _measured(generator: Generator, size: int) -> Measured:
    """Run a batch until it has run often and long enough."""
    z, c = generator.inputs(generator.example, size)
    for _ in range(WARM_UP):
        generator.images(z, c)
    seconds: list[float] = []
    while len(seconds) < LEAST_RUNS or sum(seconds) < LEAST_SECONDS:
        start = perf_counter()
        generator.images(z, c)
        seconds.append(perf_counter() - start)
    middle = median(seconds)
    return Measured(size, 1000 * middle, size / middle, len(seconds))
