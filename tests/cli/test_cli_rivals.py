"""A plugin that offers names of ours: runs stay with what they were trained with."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_run import SMALL

from ganx.host import default_host
from ganx.sessions.session import resumed
from ganx_cli.ending import run
from ganx_cli.main import cli

RUN = "00000-sagan-iclevr"
CLASH = """
    import ganx
    from ganx.contracts.specs import DatasetSpec, ModelSpec, NoConfig, RecipeSpec

    @ganx.hookimpl
    def ganx_models():
        yield ModelSpec("sagan", "Another", NoConfig, print, "sagan-bce")

    @ganx.hookimpl
    def ganx_datasets():
        yield DatasetSpec("iclevr", "Another", NoConfig, print)

    @ganx.hookimpl
    def ganx_recipes():
        yield RecipeSpec("sagan-bce", "Another", {})
"""

TOOLS = """
    import ganx
    from ganx.errors import GanxError
    from ganx.contracts.specs import EvaluatorSpec, ExporterSpec

    def act(*_):
        raise GanxError("This is {0}'s.")

    @ganx.hookimpl
    def ganx_evaluators():
        yield EvaluatorSpec("shine", "By {0}", act)

    @ganx.hookimpl
    def ganx_exporters():
        yield ExporterSpec("shiny", "By {0}", ".shiny", act, act)
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was trained while there was no clash."""
    runs = tmp_path_factory.mktemp("trained")
    assert run(cli, ["train", *SMALL, "--out", str(runs)]) == 0
    return runs / RUN


@pytest.fixture(autouse=True)
def _with_a_clash(
    fakes: Any, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.add("clash", CLASH, distribution="aaa-clash")
    shutil.copytree(trained, tmp_path / "runs" / RUN)
    monkeypatch.chdir(tmp_path)


def rewrite(change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the only session of the run says of itself."""
    path = Path("runs", RUN, "provenance.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    (session,) = record["sessions"]
    change(session)
    path.write_text(json.dumps(record), encoding="utf-8")


USES = {
    "sample": ["sample", "-n", "4"],
    "evaluate": ["evaluate", "--evaluator", "diversity", "--seeds", "1"],
    "export": ["export", "--format", "torchscript"],
    "plan to resume": ["train", "--resume", "--images", "16", "--dry-run"],
    "plan by epochs": ["train", "--resume", "--epochs", "2", "--dry-run"],
    "compare": ["compare", RUN, "00001-copy", "--evaluator", "diversity", "--seeds", "1"],
    "resume": ["train", "--resume", "--images", "16"],
}
MENTIONS = "'clash' (aaa-clash 1.0) and 'sagan' (ganx-sagan"


def test_a_run_records_whose_parts_it_is_made_of(trained: Path) -> None:
    (session,) = json.loads((trained / "provenance.json").read_text("utf-8"))["sessions"]
    assert session["providers"] == {
        "recipes": {"sagan": "ganx-sagan"},
        "models": {"sagan": "ganx-sagan"},
        "datasets": {"iclevr": "ganx-iclevr"},
        "plans": {"joint": "ganx"},
        "losses": dict.fromkeys(("relativistic", "auxiliary", "r1", "r2"), "ganx"),
        "optimizers": {"adam": "ganx"},
        "schedules": {"linear": "ganx"},
    }


@pytest.mark.parametrize("use", USES)
def test_a_run_is_used_with_the_plugins_that_it_records(
    use: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(Path("runs", RUN), Path("runs", "00001-copy"))
    assert run(cli, USES[use]) == 0
    assert "the name is ambiguous" in capsys.readouterr().err


def test_a_program_resumes_a_run_with_what_it_records(tmp_path: Path) -> None:
    silent = {"notify": lambda *_: None, "progress": lambda *_: None}
    path = Path("runs", RUN)
    with resumed(default_host(), path, {}, cache=tmp_path / "cache", **silent) as trainer:
        assert trainer.images_seen == 8


@pytest.mark.parametrize(
    "command", [["evaluate", "--evaluator", "shine"], ["export", "--format", "shiny"]]
)
@pytest.mark.parametrize("chosen", ["net-a", "net-z"])
def test_the_record_decides_on_evaluators_and_formats_too(
    fakes: Any, chosen: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for distribution in ("net-a", "net-z"):
        fakes.add("tools", TOOLS.format(distribution), distribution=distribution)
    assert run(cli, command) == 1
    assert "is ambiguous" in capsys.readouterr().err
    providers = {"evaluators": {"shine": chosen}, "exporters": {"shiny": chosen}}
    rewrite(lambda session: session["providers"].update(providers))
    assert run(cli, command) == 1
    assert f"error: This is {chosen}'s." in capsys.readouterr().err


@pytest.mark.parametrize("use", ["sample", "evaluate", "plan to resume"])
def test_an_older_run_tells_by_the_plugins_that_were_loaded(use: str) -> None:
    rewrite(lambda session: session.pop("providers"))
    assert run(cli, USES[use]) == 0


@pytest.mark.parametrize("use", ["sample", "evaluate", "plan to resume"])
def test_a_run_whose_record_does_not_decide_is_refused(
    use: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(lambda session: session.pop("providers"))
    rewrite(lambda session: session["plugins"].update(clash="aaa-clash 1.0"))
    assert run(cli, USES[use]) == 1
    captured = capsys.readouterr()
    assert f"The model 'sagan' is ambiguous: {MENTIONS}" in captured.err
    assert "`ganx --block aaa-clash ...`" in captured.err
    assert run(cli, ["--block", "aaa-clash", *USES[use]]) == 0


def test_a_new_run_with_an_ambiguous_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["train", *SMALL, "--dry-run"]) == 1
    assert f"The model 'sagan' is ambiguous: {MENTIONS}" in capsys.readouterr().err
    assert run(cli, ["--block", "ganx_iclevr", "--block", "ganx-sagan", "plugins"]) == 0


def test_what_nobody_else_offers_goes_on_working(capsys: pytest.CaptureFixture[str]) -> None:
    others = ["--plugin", "dcgan", "--dataset", "mnist", "--data", "nowhere"]
    assert run(cli, ["train", *others, "--dry-run"]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert run(cli, ["datasets"]) == 0
    assert "mnist" in capsys.readouterr().out


def test_listing_shows_both_and_the_ambiguity(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["plugins", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    provides = {plugin["name"]: plugin["provides"] for plugin in found["plugins"]}
    assert "sagan" in provides["sagan"]["models"]
    assert provides["clash"]["models"] == ["sagan"]
    assert len(found["problems"]) == 3
    assert all("is ambiguous and refused" in problem["what"] for problem in found["problems"])
    assert run(cli, ["plugins", "show", "iclevr", "--json"]) == 0
    specs = json.loads(capsys.readouterr().out)["specs"]
    assert [spec["provider"]["distribution"] for spec in specs] == ["aaa-clash", "ganx-iclevr"]
    assert run(cli, ["doctor"]) == 0
    assert "is ambiguous and refused" in capsys.readouterr().out


def test_two_plugins_of_one_name_are_both_shown(
    fakes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.add("sagan", CLASH.replace("sagan", "other"), distribution="zzz-net")
    assert run(cli, ["plugins", "show", "sagan"]) == 0
    text = capsys.readouterr().out
    assert text.splitlines().count("plugin sagan") == 2
    assert "from      zzz-net 1.0" in text
    assert run(cli, ["--block", "zzz-net", "plugins"]) == 0
    assert "GANX_PLUGINS: 'sagan' (zzz-net 1.0)\n" in capsys.readouterr().out
