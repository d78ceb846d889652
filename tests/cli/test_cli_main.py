"""The ``ganx`` command itself: help, version, options, exit codes, one message per error."""

import os
import subprocess
import sys
from typing import Any

import click
import pytest

from ganx.errors import ConfigError
from ganx_cli.errors import run
from ganx_cli.main import COMMANDS, cli
from ganx_cli.plugin_commands import OWN

pytestmark = pytest.mark.usefixtures("fakes")

THIRD_PARTY = '''
    """A whole plugin: a model with a setting, its recipe, and a command."""

    import click
    import ganx
    from pydantic import Field
    from ganx.config import Config
    from ganx.specs import ModelSpec, RecipeSpec


    class TinyConfig(Config):
        """Settings of the tiny model."""

        width: int = Field(default=8, ge=1, le=64)
        """Channels of the only hidden layer."""


    def build(interface, config):
        from torch import nn
        from ganx.latent import Latent, LatentPart
        from ganx.networks import Critique, Networks

        shape = (interface.channels, interface.resolution, interface.resolution)
        size = shape[0] * shape[1] * shape[2]

        class Generator(nn.Module):
            def __init__(self):
                super().__init__()
                layers = nn.Linear(4, config.width), nn.Linear(config.width, size)
                self.layers = nn.Sequential(*layers)

            def forward(self, z):
                return self.layers(z).tanh().unflatten(1, shape)

        class Discriminator(nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = nn.Linear(size, 1)

            def forward(self, images):
                return Critique(self.layer(images.flatten(1))[:, 0], {})

        return Networks(Generator(), Discriminator(), Latent((LatentPart("noise", "normal", 4),)))


    @ganx.hookimpl
    def ganx_models():
        yield ModelSpec("tiny", "Two linear layers", TinyConfig, build, "tiny")


    @ganx.hookimpl
    def ganx_recipes():
        yield RecipeSpec("tiny", "As small as it gets", {"model": {"name": "tiny", "width": 4}})


    @ganx.hookimpl
    def ganx_commands(cli):
        @cli.command()
        @click.argument("name")
        def greet(name):
            """Greet NAME."""
            click.echo(f"hello {name}")
'''


def adds_command(body: str, name: str = "act") -> str:
    return f"""
        import click, ganx, sys
        from ganx.errors import DataError

        @ganx.hookimpl
        def ganx_commands(cli):
            @cli.command({name!r})
            @click.pass_context
            def act(ctx):
                {body}
    """


def test_a_third_party_plugin_under_70_lines_adds_a_model_and_a_command(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(THIRD_PARTY.splitlines()) < 70
    fakes.add("tiny", THIRD_PARTY)
    assert run(cli, ["greet", "world"]) == 0
    assert capsys.readouterr().out == "hello world\n"
    assert run(cli, ["--help"]) == 0
    assert "Commands of plugins:\n  greet  Greet NAME.\n" in capsys.readouterr().out
    assert run(cli, ["plugins", "show", "tiny"]) == 0
    shown = capsys.readouterr().out
    assert "width    8        Channels of the only hidden layer. [integer; >= 1, <= 64]" in shown
    assert "model.width  4" in shown


def test_the_third_partys_networks_make_images(fakes: Any) -> None:
    import torch

    from ganx.condition import UNCONDITIONAL
    from ganx.host import default_host
    from ganx.interface import Interface

    fakes.add("tiny", THIRD_PARTY)
    spec = default_host().models["tiny"]
    networks = spec.build(Interface(8, 3, UNCONDITIONAL), spec.config())
    images = networks.generator(torch.zeros(2, networks.latent.size))
    assert images.shape == (2, 3, 8, 8)
    assert networks.discriminator(images).score.shape == (2,)


def test_the_version_names_the_python_too(capsys: pytest.CaptureFixture[str]) -> None:
    from ganx import __version__

    assert run(cli, ["--version"]) == 0
    python = ".".join(map(str, sys.version_info[:3]))
    assert capsys.readouterr().out == f"ganx {__version__} (Python {python})\n"


def test_help_lists_every_command_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["--help"]) == 0
    text = capsys.readouterr().out
    width = max(map(len, COMMANDS)) + 2
    for name, command in COMMANDS.items():
        assert f"  {name:<{width}}{command.help}\n" in text
    assert "  ganx train --plugin sagan --dataset iclevr    train it\n" in text


def test_help_and_version_import_nothing_heavy(fakes: Any) -> None:
    code = (
        "import sys; from ganx_cli.main import cli; from ganx_cli.errors import run;"
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


def test_a_problem_with_a_plugin_is_one_line_of_warning(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("acting", adds_command("click.echo('done')"))
    fakes.add("broken", "1 / 0")
    assert run(cli, ["act"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "done\n"
    (line,) = captured.err.splitlines()
    assert line.startswith("warning: plugin 'broken' (fake-broken 1.0) was left out: importing")
    assert line.endswith("ZeroDivisionError: division by zero. See `ganx plugins list`.")


def test_a_blocked_plugin_takes_no_part(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("acting", adds_command("pass"))
    fakes.add("broken", "1 / 0")
    assert run(cli, ["--block", "broken", "--block", "acting", "--help"]) == 0
    captured = capsys.readouterr()
    assert "Commands of plugins" not in captured.out
    assert captured.err == ""


def test_strict_plugins_stops_the_command(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("acting", adds_command("click.echo('done')"))
    fakes.add("broken", "1 / 0")
    assert run(cli, ["--strict-plugins", "act"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert (
        "error: Strict mode found a problem with the plugins:\n  - plugin 'broken'" in captured.err
    )


def test_strict_plugins_covers_commands_too(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("bad", "import ganx\n@ganx.hookimpl\ndef ganx_commands(cli):\n    1 / 0\n")
    assert run(cli, ["--strict-plugins", "plugins"]) == 1
    assert "fails in 'ganx_commands' with ZeroDivisionError" in capsys.readouterr().err


def test_a_plugin_cannot_replace_a_command_of_ganx(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("thief", adds_command("click.echo('stolen')", "plugins"))
    assert run(cli, ["plugins"]) == 0
    captured = capsys.readouterr()
    assert "stolen" not in captured.out
    told = " ".join(captured.out.split())
    assert "adds the command 'plugins', a name that ganx itself has already" in told


def test_every_command_of_ganx_is_protected() -> None:
    assert set(OWN) == set(COMMANDS)


def test_of_two_commands_with_one_name_the_first_is_used(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("one", adds_command("click.echo('one')"), distribution="aaa")
    fakes.add("two", adds_command("click.echo('two')"), distribution="bbb")
    assert run(cli, ["act"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "one\n"
    assert "'act', a name that 'one' (aaa 1.0) has already" in captured.err


def test_a_plugin_whose_commands_fail_does_not_take_the_help_down(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("bad", "import ganx\n@ganx.hookimpl\ndef ganx_commands(cli):\n    1 / 0\n")
    assert run(cli, ["--help"]) == 0
    captured = capsys.readouterr()
    assert "Commands:" in captured.out
    assert "fails in 'ganx_commands' with ZeroDivisionError" in captured.err
