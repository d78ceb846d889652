"""``ganx metrics``: a run's readings and scores, summed up for people or whole as CSV."""

import csv
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]
Row = dict[str, Any]

RUN = Path("runs/00001-new")
READINGS: list[Row] = [
    {
        "images_seen": 8 * i,
        "iteration": i,
        "real.bce": 1 / i,
        "generator.mutual-information": 0.1 * i,
        "probability.real": 0.5,
    }
    for i in range(1, 101)
]
SCORES: list[Row] = [
    {"images_seen": 320, "iteration": 40, "validation.top-k": 0.25, "images.judge-FID": 310.5},
    {"images_seen": 640, "iteration": 80, "validation.top-k": 0.75, "images.judge-FID": 200.25},
    {"images_seen": 800, "iteration": 100, "validation.top-k": 0.5, "images.judge-FID": 220.0},
]
LINES = sorted([*READINGS, *SCORES], key=lambda row: int(row["images_seen"]))


def write_lines(lines: list[Row], end: str = "") -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (RUN / "metrics.jsonl").write_text(text + end, "utf-8")


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs, the newer of which has written readings and scores."""
    monkeypatch.chdir(tmp_path)
    for name in ("00000-old", "00001-new"):
        Path("runs", name).mkdir(parents=True)
        Path("runs", name, "config.toml").touch()
    write_lines(LINES)


def table(capsys: Output, *arguments: str) -> dict[str, list[str]]:
    """Call the command and return the words behind the first of each line."""
    assert run(cli, ["metrics", *arguments]) == 0
    lines = (line.split() for line in capsys.readouterr().out.splitlines())
    return {words[0]: words[1:] for words in lines if words}


def rows(text: str) -> list[Row]:
    """Read a CSV back into lines of metrics."""
    read = csv.DictReader(text.splitlines())
    return [{name: json.loads(cell) for name, cell in row.items() if cell} for row in read]


def test_a_curve_is_summed_up_in_five_numbers(capsys: Output) -> None:
    recent = sum(1 / i for i in (99, 100)) / 2  # a fiftieth of 8 to 800 images: the last 15.84
    expected = ["1", "0.01", f"{recent:.4g}", "0.01", "1"]
    assert table(capsys)["real.bce"] == expected


def test_a_score_is_told_with_its_extremes_and_where_they_were(capsys: Output) -> None:
    found = table(capsys)
    assert found["validation.top-k"] == ["0.5", "0.25", "320", "0.75", "640"]
    assert found["images.judge-FID"] == ["220", "200.2", "640", "310.5", "320"]


def test_curves_stand_in_the_panels_of_the_plot(capsys: Output) -> None:
    assert run(cli, ["metrics"]) == 0
    firsts = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    places = [firsts.index(one) for one in ("Loss", "real.bce", "Probability", "probability.real")]
    assert places == sorted(places)
    assert "iteration" not in firsts


def test_the_best_checkpoint_is_told_where_scores_are(capsys: Output) -> None:
    best = {"images_seen": 640, "metric": "validation.top-k", "value": 0.75}
    (RUN / "best.json").write_text(json.dumps({**best, "select_on": "validation"}))
    assert run(cli, ["metrics"]) == 0
    told = "best checkpoint: 640 images seen, validation.top-k 0.75, selected on validation"
    assert told in capsys.readouterr().out
    assert run(cli, ["metrics", "--metric", "real.bce"]) == 0
    assert "best" not in capsys.readouterr().out


def test_the_table_fits_a_terminal_of_80_columns(capsys: Output) -> None:
    scores = {"images.judge-precision": 0.12345, "new_test.exact match": 0.67891}
    write_lines([*LINES, {"images_seen": 36_018_000, **scores, "real.bce": 1.2345e-5}])
    assert run(cli, ["metrics"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_metric_without_a_finite_reading_is_shown_as_such(capsys: Output) -> None:
    write_lines([*LINES, {"images_seen": 900, "validation.purity": math.nan}])
    assert table(capsys)["validation.purity"] == ["-"] * 5


def test_the_csv_holds_every_line_to_the_bit(capsys: Output) -> None:
    assert run(cli, ["metrics", "--csv"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("images_seen,iteration,real.bce,generator.mutual-information,")
    assert rows(text) == LINES


def test_a_file_gets_the_same_rows_with_ends_of_lines_as_rfc_4180_has_them(capsys: Output) -> None:
    assert run(cli, ["metrics", "-o", "new/metrics.csv"]) == 0
    assert "new/metrics.csv: 103 rows of 00001-new" in capsys.readouterr().out
    written = Path("new/metrics.csv").read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n") == 104
    assert rows(written.decode()) == LINES


def test_chosen_metrics_come_without_the_lines_that_lack_them(capsys: Output) -> None:
    assert run(cli, ["metrics", "--csv", "--metric", "validation"]) == 0
    lines = capsys.readouterr().out.split()
    assert lines == ["images_seen,validation.top-k", "320,0.25", "640,0.75", "800,0.5"]


def test_names_that_hold_commas_and_quotes_are_quoted(capsys: Output) -> None:
    line = {"images_seen": 8, 'images.FID ("a", b)': 1.5}
    write_lines([line])
    assert run(cli, ["metrics", "--csv"]) == 0
    assert rows(capsys.readouterr().out) == [line]


def test_a_run_that_is_still_training_is_read_up_to_its_last_whole_line(capsys: Output) -> None:
    write_lines(LINES, end='{"images_seen": 808, "real.')
    assert run(cli, ["metrics", "--csv"]) == 0
    assert rows(capsys.readouterr().out) == LINES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--metric", "real.bcd"), "Unknown metric 'real.bcd'. Did you mean 'real.bce'?"),
        (("--csv", "--metric", "fid"), "Unknown metric 'fid'."),
        (("00000-old",), "There are no metrics at"),
        (("-o", "runs/00001-new/config.toml/metrics.csv"), "Cannot write"),
    ],
)
def test_what_cannot_be_done_is_told(
    arguments: tuple[str, ...], message: str, capsys: Output
) -> None:
    before = sorted(Path().rglob("*"))
    assert run(cli, ["metrics", *arguments]) == 1
    said = capsys.readouterr()
    assert message in " ".join(said.err.split())
    assert said.out == ""
    assert sorted(Path().rglob("*")) == before


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    write_lines([{"images_seen": i, "real.bce": 1 / 3} for i in range(1, 20_000)])
    command = [sys.executable, "-m", "ganx", "metrics", "--csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"images_seen,real.bce\r\n"
        process.stdout.close()
        assert process.stderr.read() == b""


def test_torch_is_not_needed() -> None:
    code = (
        "import sys; from ganx_cli.main import cli; from ganx_cli.ending import run; "
        "sys.exit(run(cli, ['metrics']) or 'torch' in sys.modules)"
    )
    finished = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert finished.returncode == 0
