"""ONNX files are verified in a process that has neither ganx nor PyTorch."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.specs import ExporterSpec
from ganx.errors import ExportError
from ganx.exporting.alone import answers_alone
from ganx.exporting.publish import publish
from ganx.exporting.questions import Question

IMPORTS = """
import sys
sys.path.insert(0, sys.argv[1])
import onnx_alone
sys.meta_path.insert(0, onnx_alone.Absent())
import numpy
for name in ("torch", "ganx", "ganx_exports.plugin", "onnx"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        continue
    raise SystemExit(f"{name} was there")
"""


def scripted(tmp_path: Path, code: str) -> Path:
    script = tmp_path / "alone.py"
    script.write_text(code, "utf-8")
    return script


def asked(count: int) -> Question:
    return Question(np.zeros((count, 6), np.float32), np.zeros((count, 3), np.float32))


def test_the_script_keeps_everything_but_the_runtime_away(
    exporters: dict[str, ExporterSpec],
) -> None:
    script = exporters["onnx"].alone
    assert script is not None
    command = [sys.executable, "-I", "-c", IMPORTS, str(script.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_question_is_answered_in_its_place(
    exporters: dict[str, ExporterSpec], onnx_file: Path
) -> None:
    script = exporters["onnx"].alone
    assert script is not None
    sizes = [1, 12, 2, *[1] * 9, 3]  # more than ten, so that names of files do not sort as numbers
    wrong = Question(np.zeros((1, 5), np.float32), np.zeros((1, 3), np.float32))
    answers = answers_alone(script, onnx_file, [*map(asked, sizes), wrong])
    assert [len(images) for images in answers[:-1]] == sizes
    assert isinstance(answers[-1], str)
    assert "z" in answers[-1]


def test_what_the_process_finds_decides(
    exporters: dict[str, ExporterSpec], conditional: FrozenGenerator, tmp_path: Path
) -> None:
    grey = scripted(
        tmp_path,
        "import sys, pathlib, numpy as np\n"
        "for one in pathlib.Path(sys.argv[2]).glob('*.npz'):\n"
        "    count = len(np.load(one)['z'])\n"
        "    images = np.zeros((count, 3, 8, 8), np.float32)\n"
        "    images[:, 0, 0, 0] = np.load(one)['c'] @ [0.1, 0.2, 0.3]\n"
        "    np.save(one.with_suffix('.npy'), images)\n",
    )
    spec = replace(exporters["onnx"], alone=grey)
    with pytest.raises(ExportError, match="differ from the generator's"):
        publish(conditional, spec, tmp_path / "g.onnx")
    assert not (tmp_path / "g.onnx").exists()


def test_a_process_that_fails_or_hangs_is_told(
    onnx_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ExportError, match=r"does not run in a fresh process: .*no runtime"):
        answers_alone(scripted(tmp_path, "raise SystemExit('no runtime')"), onnx_file, [asked(1)])
    monkeypatch.setattr("ganx.exporting.alone.LONGEST", 0.2)
    with pytest.raises(ExportError, match=r"within 0\.2 seconds"):
        answers_alone(scripted(tmp_path, "import time; time.sleep(9)"), onnx_file, [asked(1)])
