"""What a run's record says of who provides a name."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lab import Lab
from tiny import tiny_host

from ganx.errors import PluginError
from ganx.host import LoadedPlugin, PluginHost, default_host, load_plugins
from ganx.runs.directory import RunDirectory
from ganx.runs.recorded import as_recorded, providers_of
from ganx.settings.run import resolve

RECIPE = """
    import ganx
    from ganx.contracts.specs import RecipeSpec

    @ganx.hookimpl
    def ganx_recipes():
        yield RecipeSpec("both", {!r})
"""

Session = dict[str, Any]
MADE: Session = {
    "started": "2026-01-01T00:00:00+00:00",
    "ganx": "0.1.0",
    "python": "3.11",
    "packages": {},
    "plugins": {},
    "hardware": {},
    "execution": {},
    "seed": 0,
    "dataset": {},
}


@pytest.fixture
def host(fakes: Any) -> PluginHost:
    fakes.add("a", RECIPE.format("a"), distribution="net-a")
    fakes.add("z", RECIPE.format("z"), distribution="Net_Z")
    return load_plugins(allow=["net-a", "net-z"])


def recorded(folder: Path, *sessions: Session) -> RunDirectory:
    run = RunDirectory(folder)
    whole = {"sessions": [MADE | session for session in sessions]}
    run.provenance.write_text(json.dumps(whole), encoding="utf-8")
    return run


def by(distribution: str) -> Session:
    return {"providers": {"recipes": {"both": distribution}}}


def loaded(**plugins: str) -> Session:
    return {"plugins": plugins}


@pytest.mark.parametrize(
    ("sessions", "chosen"),
    [
        ([by("net-a")], "a"),
        ([by("net.z")], "z"),
        ([by("net-a"), by("net-z")], "z"),
        ([by("net-a"), {}], "a"),
        ([loaded(x="net-z 0.5", y="other 1.0")], "z"),
        ([loaded(twin="other 1.0, net-a 2.0")], "a"),
        ([{**by("net-a"), **loaded(z="net-z 1.0")}], "a"),
        ([{**loaded(z="net-z 1.0"), "providers": {"models": {"both": "net-a"}}}], "z"),
    ],
)
def test_the_newest_session_that_knows_decides(
    host: PluginHost, tmp_path: Path, sessions: list[Session], chosen: str
) -> None:
    settled = as_recorded(host, recorded(tmp_path, *sessions))
    assert settled.recipes["both"].summary == chosen


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [{}],
        [loaded(x="other 1.0")],
        [loaded(a="net-a 1.0", z="Net_Z 1.0")],
        [loaded(a="net-a 1.0"), loaded(a="net-a 1.0", z="Net_Z 1.0")],
        [{**by("gone"), **loaded(a="net-a 1.0")}],
    ],
)
def test_a_record_that_does_not_tell_leaves_the_name_ambiguous(
    host: PluginHost, tmp_path: Path, sessions: list[Session]
) -> None:
    with pytest.raises(PluginError, match="ambiguous"):
        as_recorded(host, recorded(tmp_path, *sessions)).recipes["both"]


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", json.dumps({"sessions": 3})])
def test_a_record_that_cannot_be_read_says_nothing(
    host: PluginHost, tmp_path: Path, text: str | None
) -> None:
    run = RunDirectory(tmp_path)
    if text is not None:
        run.provenance.write_text(text, encoding="utf-8")
    with pytest.raises(PluginError, match="ambiguous"):
        as_recorded(host, run).recipes["both"]
    assert as_recorded(host, run).losses["bce"].name == "bce"


def test_every_name_in_a_configuration_is_recorded_with_its_distribution() -> None:
    settings = {
        "recipe": "sagan-bce",
        "dataset": {"name": "mnist"},
        "loss": {"sum": "hinge + 2*r1", "weights": {"r1": {"name": "linear"}}},
        "plan": {"name": "joint"},
        "optimizer": {
            "generator": {"name": "adamw", "schedule": {"name": "cosine"}},
            "discriminator": {"name": "adam"},
        },
        "evaluate": {"evaluators": ["diversity", "of-nobody"]},
    }
    host = default_host()
    assert providers_of(host, resolve(host, settings)) == {
        "recipes": {"sagan-bce": "ganx-sagan"},
        "models": {"sagan": "ganx-sagan"},
        "datasets": {"mnist": "ganx-mnist"},
        "plans": {"joint": "ganx"},
        "losses": {"hinge": "ganx", "r1": "ganx"},
        "optimizers": {"adamw": "ganx", "adam": "ganx"},
        "schedules": {"linear": "ganx", "cosine": "ganx", "constant": "ganx"},
        "evaluators": {"diversity": "ganx"},
    }


def test_plugins_of_one_name_are_all_recorded(tmp_path: Path) -> None:
    twins = [LoadedPlugin("twin", f"net-{one}", "1.0", "module", ()) for one in "az"]
    run = Lab(tmp_path, replace(tiny_host(), plugins=tuple(twins))).run()
    (session,) = run.read_provenance()
    assert session.plugins == {"twin": "net-a 1.0, net-z 1.0"}
    assert session.providers == {}
