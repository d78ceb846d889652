"""``ganx plugins``: what is installed, where it is from, and what can be set."""

import json
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field

from ganx.config import Config
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.screen.tables import aligned, table
from ganx_cli.work.describe_fields import describe_fields
from ganx_cli.work.own_settings import OWN_TABLES

pytestmark = pytest.mark.usefixtures("fakes")

PLUGIN = """
    import ganx
    from ganx.contracts.specs import *

    @ganx.hookimpl
    def ganx_models():
        yield ModelSpec("mynet", "A small pair", NoConfig, print, "mynet-flowers")

    @ganx.hookimpl
    def ganx_exporters():
        yield ExporterSpec("numpy", "Weights as arrays", ".npz", print, print)

    @ganx.hookimpl
    def ganx_recipes():
        settings = {"model": {"name": "mynet"}, "train": {"images": 500, "betas": [0.0, 0.9]}}
        yield RecipeSpec("mynet-flowers", "As in our paper", settings)
"""


class Attention(Config):
    """A nested configuration."""

    places: tuple[int, ...] = (16, 32)
    """Sides of the maps that get attention."""


class FormsConfig(Config):
    """One field of each form."""

    data: Path
    """The folder of images."""

    width: int = Field(default=64, ge=1, lt=1024)
    """Channels of the last layer,
    doubled at each halving."""

    rate: float | None = None
    betas: tuple[float, float] = (0.0, 0.9)
    norm: Literal["batch", "none"] = "batch"
    """Which ``normalisation``."""

    mirror: bool = False
    attention: Attention = Attention()
    extra: dict[str, int] = Field(default_factory=dict)


def described() -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in describe_fields(FormsConfig)}


def as_json(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    assert run(cli, ["plugins", *args, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_field_is_described_with_type_default_range_and_meaning() -> None:
    assert described()["width"] == {
        "name": "width",
        "type": "integer",
        "required": False,
        "default": 64,
        "allowed": ">= 1, < 1024",
        "meaning": "Channels of the last layer,\ndoubled at each halving.",
    }


@pytest.mark.parametrize(
    ("name", "type_", "default", "allowed"),
    [
        ("data", "path", None, ""),
        ("rate", "number or none", None, ""),
        ("betas", "list of 2 number", [0.0, 0.9], ""),
        ("norm", "choice", "batch", "batch, none"),
        ("mirror", "true or false", False, ""),
        ("attention.places", "list of integer", [16, 32], ""),
        ("extra", "table", {}, ""),
    ],
)
def test_types_are_written_as_people_say_them(
    name: str, type_: str, default: Any, allowed: str
) -> None:
    field = described()[name]
    assert (field["type"], field["default"], field["allowed"]) == (type_, default, allowed)


def test_a_field_without_a_default_is_required() -> None:
    assert [name for name, field in described().items() if field["required"]] == ["data"]


def test_a_meaning_shows_no_markup_of_documentation_tools() -> None:
    assert described()["norm"]["meaning"] == "Which `normalisation`."


def test_the_list_tells_what_each_plugin_provides(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("mine", PLUGIN, distribution="ganx-mine", version="3.1")
    plugins = {plugin["name"]: plugin for plugin in as_json(capsys, "list")["plugins"]}
    assert plugins["mine"] == {
        "name": "mine",
        "distribution": "ganx-mine",
        "version": "3.1",
        "module": "ganx_mine_mine_plugin",
        "hooks": ["ganx_exporters", "ganx_models", "ganx_recipes"],
        "provides": {"models": ["mynet"], "exporters": ["numpy"], "recipes": ["mynet-flowers"]},
    }


def test_bare_plugins_is_the_list(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("mine", PLUGIN)
    assert run(cli, ["plugins"]) == 0
    bare = capsys.readouterr().out
    assert run(cli, ["plugins", "list"]) == 0
    assert capsys.readouterr().out == bare
    assert "models: mynet; exporters: numpy; recipes: mynet-flowers" in bare


def test_problems_are_listed_with_remedies(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("broken", "1 / 0")
    (problem,) = as_json(capsys)["problems"]
    assert set(problem) == {"plugin", "distribution", "version", "what", "remedy"}
    assert run(cli, ["plugins"]) == 0
    captured = capsys.readouterr()
    text = " ".join(captured.out.split())
    assert "Problems - broken (fake-broken 1.0) was left out: importing" in text
    assert "Mend it, or update it (`pip install -U fake-broken`), or leave it out" in text
    assert captured.err == ""


def test_blocked_plugins_are_named(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("mine", PLUGIN)
    assert run(cli, ["--block", "mine", "plugins"]) == 0
    assert "Left out by --block or GANX_PLUGINS: mine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("mine", ["plugin mine", "  models    mynet"]),
        ("mynet", ["model mynet", "  It has no settings."]),
        ("numpy", ["export format numpy", "plugin mine; files end in .npz"]),
        ("mynet-flowers", ["recipe mynet-flowers", "train.betas   [0.0, 0.9]"]),
    ],
)
def test_show_tells_about_any_name(
    fakes: Any, capsys: pytest.CaptureFixture[str], name: str, lines: list[str]
) -> None:
    fakes.add("mine", PLUGIN)
    assert run(cli, ["plugins", "show", name]) == 0
    text = capsys.readouterr().out
    assert all(line in text for line in lines), text


def test_show_gives_a_recipes_settings_as_json(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("mine", PLUGIN)
    found = as_json(capsys, "show", "mynet-flowers")
    (spec,) = found["specs"]
    assert found["plugins"] == []
    assert spec["kind"] == "recipe"
    assert spec["provider"] == {"plugin": "mine", "distribution": "fake-mine", "version": "1.0"}
    assert spec["settings"]["train"] == {"images": 500, "betas": [0.0, 0.9]}


def test_show_tells_why_a_plugin_is_broken(fakes: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.add("broken", "1 / 0")
    assert run(cli, ["plugins", "show", "broken"]) == 0
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_show_of_an_unknown_name_gives_the_nearest(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("mine", PLUGIN)
    assert run(cli, ["plugins", "show", "mynett"]) == 1
    assert "'mynett'. Did you mean 'mynet'?" in capsys.readouterr().err


def test_every_installed_setting_has_a_meaning() -> None:
    from ganx.host import default_host

    registries = default_host().registries
    for registry in registries.values():
        for name, spec in registry.items():
            for field in describe_fields(spec.config) if hasattr(spec, "config") else []:
                assert field["meaning"], f"{registry.kind} {name}: {field['name']}"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("train", ["batch_size", "[integer; > 0]", "from ganx"]),
        ("ema", ["half_life", "10000"]),
        (
            "optimizer",
            [
                "under optimizer.generator, and likewise optimizer.discriminator",
                "betas",
                "schedule.name",
                "constant, linear, cosine",
            ],
        ),
        ("loss", ["sum", "terms"]),
    ],
)
def test_show_explains_ganxs_own_settings(
    capsys: pytest.CaptureFixture[str], name: str, lines: list[str]
) -> None:
    assert run(cli, ["plugins", "show", name]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"settings {name}\n")
    assert " itself\n" in text
    assert all(line in text for line in lines), text


def test_ganxs_own_settings_are_shown_as_json_and_each_has_a_meaning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in OWN_TABLES:
        found = as_json(capsys, "show", name)
        (spec,) = found["specs"]
        assert found["plugins"] == []
        assert (spec["kind"], spec["provider"]["plugin"]) == ("settings", None)
        assert spec["provider"]["distribution"] == "ganx"
        assert all(field["meaning"] for field in spec["fields"])


def test_a_plugin_and_a_model_named_like_a_table_are_shown_with_it(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("train", PLUGIN.replace('"mynet"', '"train"', 1))
    found = as_json(capsys, "show", "train")
    assert [one["name"] for one in found["plugins"]] == ["train"]
    assert [spec["kind"] for spec in found["specs"]] == ["model", "settings"]


def test_the_list_and_the_helps_name_ganxs_own_tables(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["list"], ["show", "--help"], ["--help"]):
        assert run(cli, ["plugins", *arguments]) == 0
        assert ", ".join(OWN_TABLES) in capsys.readouterr().out


def test_a_table_in_a_pipe_is_plain_and_does_not_wrap() -> None:
    long = "word " * 40
    text = aligned(("Name", "Meaning"), [("a", long), ("longer", "short")])
    assert text.splitlines() == ["Name    Meaning", f"a       {long.strip()}", "longer  short"]


def test_a_table_on_a_terminal_fits_80_columns_and_keeps_names_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    name = "spectral_norm_discriminator"
    table(("Setting", "Default", "Meaning"), [(name, "true", "word " * 40)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 4
    assert all(len(line) <= 80 for line in lines)
    assert lines[2].startswith(f"{name}  true ")
