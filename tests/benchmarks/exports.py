"""Measure exported files, and write what was found into ``docs/exports.md``.

    python tests/benchmarks/exports.py                   all of RECIPES, and the page
    python tests/benchmarks/exports.py slots sagan       only these, and no page
    python tests/benchmarks/exports.py runs/00003-slots-iclevr     of a run's own weights

Each recipe's generator, at full width, is written in every format and precision, compared with
eager float32, and timed against it: calls take turns, so that clocks and neighbours meet all alike,
and the medians' ratio counts. Without runs the weights are random, with the statistics of a few
batches.
"""

import sys
import tempfile
from pathlib import Path

import torch
from exports_measuring import measured
from exports_subjects import subject
from exports_table import HEAD, line, write

RECIPES = (
    "acgan",
    "dcgan",
    "dcgan-labels",
    "infogan",
    "sagan-bce",
    "sagan",
    "sagan-resnet",
    "slots",
)
"""Every model, and both forms of those that have two."""


def main(names: list[str]) -> None:
    """Measure, print each row as it comes, and write the page when all were measured."""
    torch.set_num_threads(1)
    rows = []
    sys.stdout.write(HEAD)
    for name in names or RECIPES:
        with tempfile.TemporaryDirectory() as folder:
            for row in measured(name, subject(name), Path(folder)):
                rows.append(line(row))
                sys.stdout.write(rows[-1])
                sys.stdout.flush()
    if not names:
        write(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
