"""The smallest real runs, of the shipped plugins, for tests of the command line."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SMALL = (
    *("--plugin", "sagan", "--dataset", "iclevr", "--batch-size", "8", "--device", "cpu"),
    *("--precision", "float32", "--set", "model.width=4", "--set", "dataset.resolution=32"),
    # Images this small are not worth a score, which takes seconds.
    *("--set", "evaluate.evaluators=[]"),
    # A short length, in case a test forgets to give one.
    *("--set", "dataset.size=16", "--set", "train.images=8"),
)


def start(arguments: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    """Start ``ganx`` as a process of its own whose output is read line by line."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "ganx", *arguments],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_until(process: subprocess.Popen[str], start_of_line: str) -> str:
    """Return the first line with this start; fails when the process ends without it."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(start_of_line):
            return line
    raise AssertionError(f"no line starts with {start_of_line!r}: {process.communicate()[1]}")


def checkpoint_bytes(run: Path) -> dict[str, bytes]:
    """Read all tensors of a run's newest checkpoint as they lie on disk."""
    newest = max((run / "checkpoints").iterdir())
    return {path.name: path.read_bytes() for path in newest.glob("*.safetensors")}
