"""The ``ganx`` command itself: help, version, options, exit codes, one message per error."""

import os
import subprocess
import sys
from typing import Any

import click
import pytest
from fakes import adds_command

from ganx.errors import ConfigError
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.own_commands import COMMANDS


def test_the_version_names_the_python_too(capsys: pytest.CaptureFixture[str]) -> None:
    from ganx import __version__

    assert run(cli, ["--version"]) == 0
    python = ".".join(map(str, sys.version_info[:3]))
    assert capsys.readouterr().out == f"ganx {__version__} (Python {python})\n"


def test_help_lists_every_command_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["--help"]) == 0
    text = capsys.readouterr().out
    width = max(map(len, COMMANDS)) + 2
    for name, line in COMMANDS.items():
        assert f"  {name:<{width}}{line}\n" in text
    assert "  ganx train --plugin sagan --dataset iclevr    train it\n" in text


def test_help_and_version_import_nothing_heavy(fakes: Any) -> None:
    code = (
        "import sys; from ganx_cli.main import cli; from ganx_cli.ending import run;"
        "run(cli, ['--version']); early = {'pydantic', 'rich'} & set(sys.modules);"
        "run(cli, ['--help']); run(cli, ['plugins']);"
        "heavy = {'torch', 'numpy', 'onnx', 'onnxruntime', 'torchvision', 'PIL'};"
        "print('heavy:', sorted(heavy & set(sys.modules)), sorted(early))"
    )
    result = fakes.run("-c", code)
    assert result.stdout.endswith("heavy: [] []\n"), result.stderr


def test_python_m_ganx_is_the_same_command(fakes: Any) -> None:
    result = fakes.run("-m", "ganx", "--version")
    assert (result.returncode, result.stdout[:5]) == (0, "ganx ")


def test_an_unknown_command_names_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["trian"]) == 2
    error = capsys.readouterr().err
    available = ", ".join(sorted(COMMANDS))
    assert f"Unknown command 'trian'. Did you mean 'train'? Available: {available}" in error


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["plugins", "show"]) == 2
    assert "Missing argument 'NAME'" in capsys.readouterr().err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, []) in {0, 2}, "0 with an older click, 2 with a newer one"
    captured = capsys.readouterr()
    assert "Commands:" in captured.out + captured.err


def test_an_error_of_ganx_is_one_message_without_traceback(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("acting", adds_command("raise DataError('It is not an image.')"))
    assert run(cli, ["act"]) == 1
    assert capsys.readouterr().err == "error: It is not an image.\n"


def test_an_unexpected_error_is_one_sentence_that_leads_to_the_traceback(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("acting", adds_command("1 / 0"))
    assert run(cli, ["act"]) == 1
    error = capsys.readouterr().err
    assert "error: Something unexpected went wrong (ZeroDivisionError: division by zero)." in error
    assert "ganx --debug" in error
    assert "Traceback" not in error


@pytest.mark.parametrize("body", ["1 / 0", "raise DataError('It is not an image.')"])
def test_debug_shows_the_traceback(
    fakes: Any, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    fakes.add("acting", adds_command(body))
    assert run(cli, ["--debug", "act"]) == 1
    error = capsys.readouterr().err
    assert "Traceback (most recent call last)" in error
    assert "ganx --debug" not in error


@pytest.mark.parametrize(
    ("body", "code"),
    [("ctx.exit(7)", 7), ("return 7", 0), ("sys.exit(3)", 3), ("sys.exit()", 0)],
)
def test_a_command_sets_the_exit_code_by_exiting(fakes: Any, body: str, code: int) -> None:
    fakes.add("acting", adds_command(body))
    assert run(cli, ["act"]) == code


def test_a_command_that_exits_with_a_message_fails(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("acting", adds_command("sys.exit('too late')"))
    assert run(cli, ["act"]) == 1
    assert capsys.readouterr().err == "error: too late\n"


def test_an_interrupt_exits_with_130(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("acting", adds_command("raise KeyboardInterrupt"))
    assert run(cli, ["act"]) == 130
    assert "error: Interrupted." in capsys.readouterr().err


def test_a_closed_pipe_is_no_error(fakes: Any) -> None:
    code = "import sys; from ganx_cli.main import main; main(['plugins', 'list'])"
    path = os.pathsep.join([str(fakes.folder), os.environ.get("PYTHONPATH", "")])
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(
        [sys.executable, "-c", code],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    os.close(write)
    assert (result.returncode, result.stderr) == (1, "")


def test_an_error_is_red_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def fail() -> None:
        raise ConfigError("Wrong.")

    assert run(fail, []) == 1
    assert capsys.readouterr().err == "error: Wrong.\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert run(fail, []) == 1
    assert capsys.readouterr().err == "\x1b[31m\x1b[1merror:\x1b[0m Wrong.\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(fail, []) == 1
    assert capsys.readouterr().err == "error: Wrong.\n"
