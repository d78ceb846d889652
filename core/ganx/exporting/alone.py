"""Running an exported file in a fresh process that has neither ganx nor PyTorch.

The process is ``python -I SCRIPT FILE FOLDER``. The folder has ``0.npz``, ``1.npz``, ... with z
[B, Z] and c [B, K] each; the script, which is the format's own, writes for each ``0.npy``, ... with
the images, or ``0.txt`` with the reason why there are none.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganx.errors import ExportError
from ganx.exporting.questions import Answer, Question

LONGEST = 600
"""Seconds that the process may take."""


def answers_alone(script: Path, file: Path, questions: Sequence[Question]) -> list[Answer]:
    """Return what the file gives for each question, or the reason why it gives nothing.

    Raises ``ExportError`` if the process itself fails.
    """
    with TemporaryDirectory(prefix="ganx-alone-") as name:
        folder = Path(name)
        for number, question in enumerate(questions):
            np.savez(folder / f"{number}.npz", z=question.z, c=question.c)
        _run([sys.executable, "-I", str(script), str(file.resolve()), str(folder)], file)
        return [_answer(folder, number) for number in range(len(questions))]


def _run(command: list[str], file: Path) -> None:
    """Wait for the process, which keeps its words to itself."""
    try:
        done = subprocess.run(  # noqa: S603 - this Python, and a script of an installed plugin
            command, capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise ExportError(
            f"{file.name} did not run to its end within {LONGEST} seconds in a fresh process."
        ) from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise ExportError(f"{file.name} does not run in a fresh process: {reason}")


def _answer(folder: Path, number: int) -> Answer:
    """Read one answer; an array is never unpickled."""
    images = folder / f"{number}.npy"
    if images.is_file():
        loaded: NDArray[Any] = np.load(images)
        return loaded
    return (folder / f"{number}.txt").read_text("utf-8")
