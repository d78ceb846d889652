"""A stranger's evaluators at the command line have what ganx's own have: headlines, and time."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from small_run import SMALL

from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]
NAME = "00000-sagan-iclevr"

STRANGERS = """
    import ganx
    from ganx.contracts.results import Figure, Result
    from ganx.contracts.specs import EvaluatorSpec

    def scores(name):
        def evaluate(subject, config):
            figures = [Figure("first", 0.25), Figure("shine", 0.75)]
            yield Result(name, "images", figures)
        return evaluate

    @ganx.hookimpl
    def ganx_evaluators():
        yield EvaluatorSpec("sun", "A headline", scores("sun"), headline=("glow", "sh*"))
        yield EvaluatorSpec("moon", "A slow one", scores("moon"), slow=True, headline=("*",))
        yield EvaluatorSpec("star", "One without headline", scores("star"))
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was not scored while it trained."""
    runs = tmp_path_factory.mktemp("strange") / "runs"
    unscored = ("--set", "evaluate.evaluators=[]", "--out", str(runs))
    assert run(cli, ["train", *SMALL, *unscored, "--images", "16"]) == 0
    return runs


@pytest.fixture(autouse=True)
def _where_the_runs_are(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(trained, tmp_path / "runs")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _strangers(fakes: Any) -> None:
    fakes.add("sky", STRANGERS)


def asked(capsys: Output, *arguments: str) -> list[str]:
    """Evaluate, and tell who scored."""
    assert run(cli, ["evaluate", "--device", "cpu", "--seeds", "1", "--json", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    return list(dict.fromkeys(result["evaluator"] for result in found["results"]))


def page(capsys: Output) -> tuple[str, bool]:
    """Write the page; return it, and whether the run was scored for it."""
    assert run(cli, ["report", "--device", "cpu", "--seeds", "1"]) == 0
    scored = "Scoring" in capsys.readouterr().err
    return Path("runs", NAME, "report.html").read_text("utf-8"), scored


@pytest.mark.usefixtures("_strangers")
def test_all_but_the_slow_score_unless_they_are_named(capsys: Output) -> None:
    assert set(asked(capsys)) == {"prompt-accuracy", "diversity", "sun", "star"}
    named = ("--seeds", "2", "--evaluator", "moon", "--evaluator", "sun")
    assert asked(capsys, *named) == ["moon", "sun"]


@pytest.mark.usefixtures("_strangers")
def test_a_comparison_leaves_the_slow_out_too(capsys: Output) -> None:
    shutil.copytree(Path("runs", NAME), Path("runs", "00001-sagan-iclevr"))
    given = ["compare", "--device", "cpu", "--seeds", "1", "--json", NAME, "00001-sagan-iclevr"]
    assert run(cli, given) == 0
    first, _ = json.loads(capsys.readouterr().out)["runs"]
    asked_there = set(first["evaluation"]["terms"]["evaluators"])
    assert asked_there == {"prompt-accuracy", "diversity", "sun", "star"}


@pytest.mark.usefixtures("_strangers")
def test_the_headline_heads_the_page_beside_ours(capsys: Output) -> None:
    text, _ = page(capsys)
    tiles = text.split('<div class="tiles">')[1].split("<h2")[0]
    assert "Test prompts: top-k" in tiles
    assert "Images: shine" in tiles
    assert "Images: first" not in tiles
    assert "diversity" not in tiles


def test_a_run_is_scored_again_where_a_headline_is_missing(fakes: Any, capsys: Output) -> None:
    assert page(capsys)[1]
    assert not page(capsys)[1]
    fakes.add("sky", STRANGERS)
    from ganx.host import _cached_host

    _cached_host.cache_clear()
    text, scored = page(capsys)
    assert scored
    assert "Images: shine" in text
    assert not page(capsys)[1]
