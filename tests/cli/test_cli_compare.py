"""``ganx compare``: runs side by side, like for like."""

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from compared_runs import PROTOCOL, contender, figure
from small_run import SMALL

from ganx.comparing.comparison import compared
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.screen.comparison import print_comparison

Output = pytest.CaptureFixture[str]
QUICK = ("--seeds", "3", "--prompts", "test", "--evaluator", "prompt-accuracy", "--device", "cpu")
ONE, TWO, OTHER = (f"0000{number}-sagan-iclevr" for number in range(3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of different length, and one as the first that says it saw other images."""
    runs = tmp_path_factory.mktemp("compared") / "runs"
    for images in ("16", "24"):
        assert run(cli, ["train", *SMALL, "--images", images, "--out", str(runs)]) == 0
    shutil.copytree(runs / ONE, runs / OTHER)
    provenance = json.loads((runs / OTHER / "provenance.json").read_text("utf-8"))
    provenance["sessions"][-1]["dataset"]["fingerprint"] = "beef" * 16
    (runs / OTHER / "provenance.json").write_text(json.dumps(provenance), "utf-8")
    return runs.parent


@pytest.fixture(autouse=True)
def _where_the_runs_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def compare(*arguments: str) -> int:
    return run(cli, ["compare", *QUICK, *arguments])


def test_runs_stand_side_by_side_by_the_same_protocol(capsys: Output) -> None:
    assert compare(ONE, TWO) == 0
    said = capsys.readouterr().out
    assert f"A  {ONE}" in said
    assert f"B  {TWO}" in said
    head = [line.split() for line in said.splitlines() if line.startswith("images seen")]
    assert head == [["images", "seen", "16", "24"]]
    assert "test (32)" in said
    assert "top-k" in said
    assert "shuffled" in said
    assert "3 draws of noise" in said
    assert "They were not trained equally long" in said
    assert "twice the pooled standard deviation" in said
    assert "LIKE FOR LIKE" not in said


def test_what_was_scored_by_the_same_protocol_is_not_scored_again(capsys: Output) -> None:
    assert compare(ONE, TWO, "--seeds", "1") == 0
    first = capsys.readouterr()
    assert first.err.count("seen: scoring") == 2
    assert compare(ONE, TWO, "--seeds", "1") == 0
    second = capsys.readouterr()
    assert second.err.count("scored before by the same protocol") == 2
    assert second.out == first.out
    assert compare(ONE, TWO, "--seeds", "1", "--weights", "raw") == 0
    assert capsys.readouterr().err.count("seen: scoring") == 2


def test_a_run_that_cannot_be_written_is_compared_nevertheless(capsys: Output) -> None:
    evaluations = Path("runs", ONE, "evaluations")
    if evaluations.is_dir():
        evaluations.rename(evaluations.with_name("aside"))
    evaluations.write_text("no folder")
    try:
        assert compare(ONE, TWO) == 0
        assert "top-k" in capsys.readouterr().out
    finally:
        evaluations.unlink()


def test_json_tells_programs_the_same(capsys: Output) -> None:
    assert compare(ONE, TWO, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["like_for_like"] is True
    assert [one["name"] for one in found["runs"]] == [ONE, TWO]
    assert [one["images_seen"] for one in found["runs"]] == [16, 24]
    assert found["runs"][0]["recipe"] == "sagan"
    assert found["runs"][0]["parameters"] == found["runs"][1]["parameters"] > 1000
    assert {row["subject"] for row in found["figures"]} == {"test"}
    assert "top-k" in {row["name"].split(" (")[0] for row in found["figures"]}
    assert [one["key"] for one in found["settings"]] == ["train.images"]


def test_runs_on_different_data_are_refused_before_anything_is_scored(capsys: Output) -> None:
    assert compare(ONE, OTHER) == 1
    said = capsys.readouterr()
    message = " ".join(said.err.split())
    assert "cannot be compared like for like" in message
    assert "Their training data differ" in message
    assert f"({ONE})" in message
    assert "--anyway" in message
    assert "scoring" not in message
    assert said.out == ""


def test_anyway_writes_the_reasons_on_everything(capsys: Output) -> None:
    assert compare(ONE, OTHER, "--anyway", "-o", "pages/anyway.html") == 0
    assert "NOT LIKE FOR LIKE Their training data differ" in capsys.readouterr().out
    page = Path("pages/anyway.html").read_text("utf-8")
    assert "Not like for like. Their training data differ" in page
    assert compare(ONE, OTHER, "--anyway", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["like_for_like"] is False
    assert [one["kind"] for one in found["reasons"]] == ["training data"]


def test_a_page_is_written_when_it_is_asked_for(capsys: Output) -> None:
    assert compare(ONE, TWO, "--json", "-o", "compare.html") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)
    assert "wrote compare.html" in said.err
    assert "<h1>2 runs side by side</h1>" in Path("compare.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((ONE,), "takes two runs or more"),
        ((ONE, f"runs/{ONE}"), "is named twice"),
        ((ONE, "00007-none"), "There is no run '00007-none'"),
        ((ONE, TWO, "--checkpoint", "best"), "has no best checkpoint"),
        ((ONE, TWO, "--evaluator", "prompt-acuracy"), "Did you mean 'prompt-accuracy'?"),
        ((ONE, TWO, "--prompts", "tset"), "Did you mean 'test'?"),
        ((ONE, TWO, "--judge", "no.safetensors"), "Cannot read the judge"),
    ],
)
def test_what_cannot_be_compared_is_told(
    arguments: tuple[str, ...], message: str, capsys: Output
) -> None:
    assert compare(*arguments) == 1
    assert message in " ".join(capsys.readouterr().err.split())


def test_eighty_columns_are_enough_for_three_runs(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "judge solids 64px 3fa9c2d1, 32 prompts, threshold 0.5"
    runs = [
        contender(f"0000{n}-a-rather-long-name-of-a-run-on-solids", figure(n / 10, qualifier=long))
        for n in range(3)
    ]
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_comparison(compared(runs))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert max(map(len, lines)) <= 80
    scores = [line for line in lines if line.startswith("top-k [1]")]
    assert [line.split("%")[-1].strip() for line in scores] == ["C", "C"]
    assert scores[0].count("± 1.0 %") == 3
    assert f"[1] {long}" in lines


def test_notes_on_a_run_are_printed(capsys: Output) -> None:
    noted = contender("b", judge=None)
    evaluation = replace(noted.evaluation, notes=("The judge is a rough one.",))
    pair = [contender("a", judge=None), replace(noted, evaluation=evaluation)]
    print_comparison(compared(pair))
    said = capsys.readouterr().out
    assert "b: The judge is a rough one." in said
    assert "No judge" in said


def test_a_line_in_a_pipe_is_never_wrapped(capsys: Output) -> None:
    names = [f"{n}-{'x' * 90}" for n in range(2)]
    other = {**PROTOCOL["judge"], "digest": "ffffffff"}
    pair = [contender(names[0]), contender(names[1], judge=other)]
    print_comparison(compared(pair, anyway=True))
    said = capsys.readouterr().out
    assert f"A  {names[0]}\n" in said
    (stamp,) = [line for line in said.splitlines() if "NOT LIKE FOR LIKE" in line]
    assert stamp.endswith("Name one judge for all of them.")
    assert "\x1b" not in said


def test_a_caution_stands_beside_the_row_and_in_json(capsys: Output) -> None:
    few = figure(0.5, name="recall", caution="of 24 images only.")
    found = compared([contender(name, few, figure(0.5)) for name in ("a", "b")])
    print_comparison(found)
    said = capsys.readouterr().out.splitlines()
    rows = [line for line in said if line.startswith(("recall", "top-k"))]
    assert [line.count("!") for line in rows] == [2, 0] * 2  # of validation and test
    assert "! recall: of 24 images only." in said
    written = {row["name"]: row.get("caution") for row in found.to_json()["figures"]}
    assert written == {"recall": "of 24 images only.", "top-k": None}
