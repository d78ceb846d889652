"""Run an ONNX file with numpy and onnxruntime alone; see ganx.exporting.alone for the calls.

This file is run as a script, by ``python -I``; it imports nothing of ganx.
"""

import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

FORBIDDEN = ("torch", "torchvision", "ganx", "ganx_cli", "ganx_exports", "onnx", "onnxscript")
"""What a machine that only runs the file does not have."""

ONLY_ERRORS = 3


class Absent(MetaPathFinder):
    """Has Python believe that packages are not installed."""

    def find_spec(
        self, name: str, _path: object = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse what is forbidden, and leave all else to others."""
        if name.partition(".")[0] in FORBIDDEN:
            raise ModuleNotFoundError(f"{name} is not to be used here", name=name)
        return None


def main(file: str, folder: Path) -> None:
    """Answer every question in the folder."""
    sys.meta_path.insert(0, Absent())
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import numpy as np
    import onnxruntime

    onnxruntime.set_default_logger_severity(ONLY_ERRORS)
    # Its bytes: a path that is no text is none that onnxruntime takes.
    model = Path(file).read_bytes()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    inputs = {one.name for one in session.get_inputs()}
    for question in sorted(folder.glob("*.npz")):
        with np.load(question) as arrays:
            feeds: dict[str, Any] = {name: arrays[name] for name in inputs}
        try:
            (images,) = session.run(["images"], feeds)
        except Exception as error:  # noqa: BLE001 - the reason is the answer
            question.with_suffix(".txt").write_text(" ".join(str(error).split()), "utf-8")
        else:
            np.save(question.with_suffix(".npy"), images)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
