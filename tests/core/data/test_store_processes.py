import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ganx.data.store import ImageStore

SCRIPT = """
import os, signal, sys
from pathlib import Path

import numpy as np
import torch

from ganx.contracts.condition import UNCONDITIONAL
from ganx.data.store import prepare
from ganx.contracts.dataset import Dataset
from ganx.contracts.interface import Interface

COUNT, SIDE, STEP = 8, 4, 2

class Source:
    action, block, parallel = "draw", STEP, False

    def __init__(self, role, fingerprint):
        self.role, self.digest = role, fingerprint * 64

    def __len__(self):
        return COUNT

    def fingerprint(self):
        return self.digest

    def read(self, start, stop, device):
        if self.role == "killed" and start:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.role == "pausing" and not start:
            print("reading", flush=True)
            sys.stdin.readline()
        numbers = torch.arange(start, stop, dtype=torch.uint8)
        return numbers[:, None, None, None].expand(-1, SIDE, SIDE, 3)

def prepared(role, cache, fingerprint, progress=None):
    conditions = np.zeros((COUNT, 0), dtype=np.uint8)
    source = Source(role, fingerprint)
    dataset = Dataset(Interface(SIDE, 3, UNCONDITIONAL), source, conditions)
    return prepare(dataset, "drawn", Path(cache), progress=progress)

if __name__ == "__main__":
    print(prepared(*sys.argv[1:]).images[:, 0, 0, 0].tolist(), flush=True)
"""
WHOLE = list(range(8))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "prepare.py"
    path.write_text(SCRIPT)
    return path


def start(script: Path, role: str, cache: Path) -> subprocess.Popen[str]:
    """Start a process that prepares the store ``a``."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, str(script), role, str(cache), "a"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def here(script: Path) -> Callable[..., ImageStore]:
    """Return the script's function, to prepare a store in this process."""
    prepared: Callable[..., ImageStore] = runpy.run_path(str(script))["prepared"]
    return prepared


def first_pixels(store: ImageStore) -> list[int]:
    found: list[int] = store.images[:, 0, 0, 0].tolist()
    return found


def folders(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "images").iterdir() if path.is_dir())


def test_of_two_processes_one_builds_and_the_other_waits_for_it(
    script: Path, tmp_path: Path
) -> None:
    seen: list[str] = []
    with start(script, "pausing", tmp_path) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "reading\n"
        # Another store is built meanwhile and leaves the unfinished one alone.
        assert first_pixels(here(script)("quick", tmp_path, "b")) == WHOLE
        let_go = other.stdin

        def progress(action: str, done: int, total: int) -> None:
            seen.append(f"{action} {done} {total}")
            let_go.write("go on\n")
            let_go.flush()

        assert first_pixels(here(script)("quick", tmp_path, "a", progress)) == WHOLE
        assert other.stdout.readline() == f"{WHOLE}\n"
    assert other.returncode == 0
    assert seen == ["wait 0 8"]
    assert folders(tmp_path) == ["drawn-" + "a" * 16, "drawn-" + "b" * 16]


def test_a_killed_build_is_not_taken_for_a_store_and_is_cleared_away(
    script: Path, tmp_path: Path
) -> None:
    with start(script, "killed", tmp_path) as killed:
        assert killed.wait(timeout=60) < 0
    assert [name.partition(".partial-")[0] for name in folders(tmp_path)] == ["drawn-" + "a" * 16]
    # A build of other images clears it away too, as nobody works on it.
    here(script)("quick", tmp_path, "b")
    assert folders(tmp_path) == ["drawn-" + "b" * 16]
    assert first_pixels(here(script)("quick", tmp_path, "a")) == WHOLE
