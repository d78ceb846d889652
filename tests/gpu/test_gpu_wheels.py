"""What the wheels for a machine with PyTorch and without network are."""

import subprocess
from pathlib import Path
from typing import Any

import gpu_wheels
import pytest
from gpu_wheels import main, needed, projects


def test_ganx_and_every_plugin_but_loggers_is_built() -> None:
    assert {"ganx", "ganx-sagan", "ganx-iclevr"} <= set(projects())
    assert "ganx-tensorboard" not in projects()


def test_what_ganx_imports_is_needed_and_what_comes_with_pytorch_is_not() -> None:
    found = needed(projects(), "3.12")

    wanted = {"pydantic", "pydantic-core", "tomli-w", "platformdirs", "filelock", "pytest"}
    assert wanted <= found.keys()
    assert found["pydantic"].startswith("pydantic==")
    assert not {"torch", "triton", "numpy", "onnx", "onnxruntime-gpu", "scipy"} & found.keys()
    assert not [name for name in found if name.startswith(("ganx", "nvidia", "cuda"))]


def test_what_only_the_other_python_needs_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Installed:
        version = "1.0"
        requires = ("late; python_version >= '3.14'", "odd; sys_platform == 'win32'")

    def distribution(name: str) -> Any:
        if name in {"late", "odd"}:
            raise gpu_wheels.PackageNotFoundError
        return Installed

    monkeypatch.setattr(gpu_wheels, "distribution", distribution)

    assert "late" not in needed(["ganx"], "3.12")
    assert needed(["ganx"], "3.14")["late"] == "late"
    assert "odd" not in needed(["ganx"], "3.14")


def test_the_wheels_are_asked_for_by_version_and_told_with_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        commands.append(command)
        (tmp_path / "new" / f"a{len(commands)}.whl").write_bytes(b"x" * 2**20)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    main(["3.12", "--folder", str(tmp_path / "new")])

    assert len(commands) == len(projects()) + 1
    assert commands[-1][commands[-1].index("--python-version") + 1] == "3.12"
    assert {"--no-deps", "--only-binary=:all:", "manylinux2014_x86_64"} <= set(commands[-1])
    assert f"{len(commands)}.00 MiB  in all" in capsys.readouterr().out


def test_more_than_may_travel_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_wheels, "MOST_BYTES", 10)
    (tmp_path / "a.whl").write_bytes(b"x" * 11)

    with pytest.raises(SystemExit, match=r"a\.whl(.|\n)*Error: more than"):
        gpu_wheels.told(tmp_path)


@pytest.mark.parametrize("words", [["312"], ["3.12", "--folder", "."]])
def test_what_would_go_wrong_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="Error: "):
        main(words)
