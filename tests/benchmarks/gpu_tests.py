"""The tests of ``tests/cuda`` as a piece: what passed, what failed and with which words."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gpu_pieces import Report

ROOT = Path(__file__).parents[2]
WORKERS = 6
_TAIL = 12_000
# "test.py::test_a[x] PASSED [ 10%]", or by a worker: "[gw0] [ 10%] PASSED test.py::test_a[x]".
_AFTER = re.compile(r"^(\S+::.+?) (PASSED|FAILED|SKIPPED|ERROR|XFAIL|XPASS)\b", re.MULTILINE)
_BEFORE = re.compile(
    r"^\[gw\d+\] \[ *\d+%\] (PASSED|FAILED|SKIPPED|ERROR|XFAIL|XPASS) (\S+::.+)$", re.MULTILINE
)


def run_tests(report: Report, deadline: float, *, tests: str, work: str) -> None:
    """Run the tests until the deadline, and report what was said until then.

    With pytest-xdist by several workers, as compiling takes most of the time.
    """
    log = Path(work) / "tests.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            _command(tests), cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, env=_environment()
        )
        while process.poll() is None and time.monotonic() < deadline:
            try:
                process.wait(min(2.0, max(0.0, deadline - time.monotonic())))
            except subprocess.TimeoutExpired:
                report(outcomes(log.read_text("utf-8", "replace")))
        cut_off = process.poll() is None
        process.kill()
    text = log.read_text("utf-8", "replace")
    report({**outcomes(text), "cut_off": cut_off, "exit_code": process.wait()})


def outcomes(text: str) -> Mapping[str, Any]:
    """Read what pytest has said so far: counts by outcome, what is red, the end of its words."""
    found = {name: outcome.lower() for name, outcome in _AFTER.findall(text)}
    found |= {name: outcome.lower() for outcome, name in _BEFORE.findall(text)}
    red = sorted(name for name, outcome in found.items() if outcome in {"failed", "error"})
    return {"counts": dict(Counter(found.values())), "red": red, "output": text[-_TAIL:]}


def _command(tests: str) -> list[str]:
    """Write the command line."""
    parallel = ["-n", str(WORKERS)] if find_spec("xdist") and (os.cpu_count() or 1) > 2 else []
    quiet = ["-p", "no:cacheprovider", "--color=no", "--tb=short", "--durations=15", "-v"]
    return [sys.executable, "-u", "-m", "pytest", *quiet, *parallel, tests]


def _environment() -> dict[str, str]:
    """Keep several workers from starting a compiler for each core each."""
    return {**os.environ, "TORCHINDUCTOR_COMPILE_THREADS": "2"}
