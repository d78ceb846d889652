"""``ganx doctor``: a report to paste, whole even when parts of the machine are broken."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ganx_cli.commands.doctor import in_lines
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.work import machine, probes

pytestmark = pytest.mark.usefixtures("fakes")


@pytest.fixture
def report(
    fakes: Any, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Run the doctor with a broken plugin beside the working ones."""
    fakes.add("broken", "1 / 0")
    monkeypatch.setenv("GANX_CACHE", str(tmp_path / "not-made-yet"))
    assert run(cli, ["doctor", "--json", "--runs", str(tmp_path)]) == 0
    captured = capfd.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


def test_the_report_has_every_section_and_nothing_failed(report: dict[str, Any]) -> None:
    sections = ["ganx", "machine", "torch", "onnxruntime", "files", "plugins"]
    assert list(report) == sections
    failed = [fact for facts in report.values() for fact in facts.values() if "failed" in str(fact)]
    assert [fact for fact in failed if isinstance(fact, dict)] == []
    assert report["onnxruntime"]["really runs on"].endswith("ExecutionProvider")
    assert isinstance(report["torch"]["AMX tiles for bfloat16"], bool)
    assert "GANX_CACHE=" in report["files"]["environment"][0]
    assert report["files"]["free there"].endswith("GiB")


def test_the_report_names_plugins_and_problems(report: dict[str, Any]) -> None:
    (problem,) = report["plugins"]["problems"]
    assert "'broken' (fake-broken 1.0) was left out" in problem
    assert isinstance(report["plugins"]["loaded"], list)


def test_a_probe_that_fails_says_so_and_the_others_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("no such driver")

    for name in ("cuda", "memory", "real_provider"):
        monkeypatch.setattr(probes, name, fail)
    monkeypatch.setitem(sys.modules, "torchvision", None)
    assert run(cli, ["doctor"]) == 0
    text = capsys.readouterr().out
    assert text.count("could not be found out: OSError: no such driver") == 3
    assert "could not be found out: ModuleNotFoundError: import of torchvision halted" in text
    assert "processor" in text


def test_strict_mode_does_not_hide_the_report(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("broken", "1 / 0")
    assert run(cli, ["--strict-plugins", "doctor"]) == 0
    text = capsys.readouterr().out
    assert "could not be found out: Strict mode found a problem with the plugins" in text


def test_the_text_is_aligned_and_lists_go_down() -> None:
    facts = {"a": {"one": True, "number two": ["x", "y"]}, "b": {"three": None, "four": []}}
    assert in_lines(facts).splitlines() == [
        "a",
        "  one         yes",
        "  number two  x",
        "              y",
        "b",
        "  three       unknown",
        "  four        none",
    ]


def test_the_home_folder_is_not_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANX_CACHE", str(Path.home() / "images"))
    monkeypatch.setattr(machine, "_torch", lambda **_: {})
    monkeypatch.setattr(machine, "_onnxruntime", dict)
    assert run(cli, ["doctor"]) == 0
    text = capsys.readouterr().out
    assert "~/images" in text
    assert str(Path.home()) not in text


def test_trying_the_compiler_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "compile_works", lambda: True)
    monkeypatch.setattr(machine, "_onnxruntime", dict)
    assert run(cli, ["doctor", "--compile"]) == 0
    assert "torch.compile works" in capsys.readouterr().out


def test_a_missing_compiler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert probes.compiler().startswith("no no-such-compiler found")


def test_memory_that_caches_can_give_back_counts_as_available(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 8388608 kB\nMemFree: 1024 kB\nMemAvailable:    3145728 kB\n")
    assert probes.memory(meminfo).endswith(" GiB, 3.0 GiB available")


def test_memory_is_told_where_the_system_has_no_such_file(tmp_path: Path) -> None:
    assert probes.memory(tmp_path / "absent").endswith(" GiB available")


def test_onnxruntime_says_which_provider_it_really_got(capfd: pytest.CaptureFixture[str]) -> None:
    assert probes.real_provider() in {"CPUExecutionProvider", "CUDAExecutionProvider"}
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
