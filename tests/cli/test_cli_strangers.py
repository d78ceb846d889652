"""Commands and faults that plugins bring to the command line."""

from typing import Any

import pytest
from fakes import adds_command

from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.own_commands import COMMANDS

pytestmark = pytest.mark.usefixtures("fakes")

THIRD_PARTY = '''
    """A whole plugin: a model with a setting, its recipe, and a command."""

    import click
    import ganx
    from pydantic import Field
    from ganx.config import Config
    from ganx.contracts.specs import ModelSpec, RecipeSpec


    class TinyConfig(Config):
        """Settings of the tiny model."""

        width: int = Field(default=8, ge=1, le=64)
        """Channels of the only hidden layer."""


    def build(interface, config):
        from torch import nn
        from ganx.contracts.latent import Latent, LatentPart
        from ganx.contracts.networks import Critique, Networks

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

    from ganx.contracts.condition import UNCONDITIONAL
    from ganx.contracts.interface import Interface
    from ganx.host import default_host

    fakes.add("tiny", THIRD_PARTY)
    spec = default_host().models["tiny"]
    networks = spec.build(Interface(8, 3, UNCONDITIONAL), spec.config())
    images = networks.generator(torch.zeros(2, networks.latent.size))
    assert images.shape == (2, 3, 8, 8)
    assert networks.discriminator(images).score.shape == (2,)


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


@pytest.mark.parametrize("name", COMMANDS)
def test_a_plugin_cannot_replace_a_command_of_ganx(
    name: str, fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("thief", adds_command("click.echo('stolen')", name))
    assert run(cli, [name, "--help"]) == 0
    assert run(cli, ["plugins"]) == 0
    captured = capsys.readouterr()
    assert "stolen" not in captured.out
    told = " ".join(captured.out.split())
    assert f"adds the command {name!r}, a name that ganx itself has already" in told


def test_a_command_that_two_plugins_add_is_refused_and_the_others_work(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("one", adds_command("click.echo('one')"), distribution="aaa")
    fakes.add("two", adds_command("click.echo('two')"), distribution="bbb")
    fakes.add("third", adds_command("click.echo('three')", "other"), distribution="ccc")
    assert run(cli, ["act", "--quickly", "now"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "The command 'act' is ambiguous: 'one' (aaa 1.0) and 'two' (bbb 1.0)" in captured.err
    assert "`ganx --block bbb ...`" in captured.err
    assert run(cli, ["--block", "bbb", "act"]) == 0
    assert capsys.readouterr().out == "one\n"
    assert run(cli, ["other"]) == 0
    assert run(cli, ["--help"]) == 0
    assert "act    Ambiguous: several plugins add it.\n" in capsys.readouterr().out
    assert run(cli, ["plugins"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "two (bbb 1.0) adds the command 'act', and so does 'one' (aaa 1.0)" in told


def test_a_plugin_whose_commands_fail_does_not_take_the_help_down(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("bad", "import ganx\n@ganx.hookimpl\ndef ganx_commands(cli):\n    1 / 0\n")
    assert run(cli, ["--help"]) == 0
    captured = capsys.readouterr()
    assert "Commands:" in captured.out
    assert "fails in 'ganx_commands' with ZeroDivisionError" in captured.err


ENDINGS = (
    "import sys; sys.exit(0)",
    "raise GeneratorExit",
    "raise type('E', (BaseException,), {})",
)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("hook", ["", "ganx_models()", "ganx_commands(cli)"])
def test_no_plugin_ends_or_silences_a_command(
    fakes: Any, capsys: pytest.CaptureFixture[str], hook: str, ending: str
) -> None:
    source = f"import ganx\n@ganx.hookimpl\ndef {hook}:\n    {ending}\n" if hook else ending
    fakes.add("bad", source)
    for command in (["--help"], ["plugins"], ["doctor"]):
        assert run(cli, command) == 0
        captured = capsys.readouterr()
        assert captured.out
        assert "bad" in captured.out + captured.err
    assert run(cli, ["--strict-plugins", "plugins"]) == 1
    assert "Strict mode found a problem" in capsys.readouterr().err


def test_a_command_that_raises_anything_at_all_ends_in_a_message(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("acting", adds_command("raise type('Own', (BaseException,), {})('gone')"))
    assert run(cli, ["act"]) == 1
    assert "Something unexpected went wrong (Own: gone)." in capsys.readouterr().err
