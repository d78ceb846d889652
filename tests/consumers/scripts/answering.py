"""What the scripts of all consumers do: answer each question in a folder.

A question is ``0.npz`` with z [B, Z] and c [B, K]; its answer is ``0.npy`` with the images, or
``0.txt`` with the reason why there are none. Needs numpy alone.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Inputs = dict[str, Any]
"""z, and c unless the model has no condition."""

Opened = Callable[[Inputs], Any]


def answer_all(open_file: Callable[[Path, Inputs], Opened]) -> None:
    """Open the file named on the command line for each question, and keep what it gives.

    Opened anew, so that a consumer that prepares itself for the first batch is not held to it.
    """
    file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for question in sorted(folder.glob("*.npz")):
        with np.load(question) as arrays:
            inputs = {name: arrays[name] for name in ("z", "c") if arrays[name].shape[1]}
        try:
            images = open_file(file, inputs)(inputs)
        except Exception as error:  # noqa: BLE001 - the reason is the answer
            reason = f"{type(error).__name__}: {error}"
            question.with_suffix(".txt").write_text(" ".join(reason.split()), "utf-8")
        else:
            np.save(question.with_suffix(".npy"), np.asarray(images))
