"""onnxruntime-web in node; numpy stands between it and the folder of questions."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from answering import answer_all


def open_file(file, _inputs):
    def run(inputs):
        with TemporaryDirectory() as folder:
            shapes = {name: list(value.shape) for name, value in inputs.items()}
            for name, value in inputs.items():
                (Path(folder) / name).write_bytes(value.tobytes())
            script = Path(__file__).with_suffix(".mjs")
            command = ["node", str(script), os.environ["GANX_NODE_MODULES"], str(file), folder]
            done = subprocess.run(
                [*command, json.dumps(shapes)], capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise ValueError(done.stderr.strip().splitlines()[-1])
            images = np.frombuffer((Path(folder) / "images").read_bytes(), np.float32)
            return images.reshape(json.loads(done.stdout))

    return run


answer_all(open_file)
