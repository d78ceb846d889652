"""``ganx evaluate``, and what a training tells of its scores."""

import json
from pathlib import Path

import pytest
from small_run import SMALL

from ganx.contracts.protocol import JudgeIdentity, Origin, PromptsIdentity, ScoringProtocol
from ganx.contracts.results import Baseline, Evaluation, Figure, Result
from ganx.runs.directory import RunDirectory
from ganx.scoring.kept import kept_evaluations
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.screen.evaluation import print_evaluation

Output = pytest.CaptureFixture[str]
SCORED = ("--set", 'evaluate.evaluators=["prompt-accuracy"]', "--set", "evaluate.seeds=1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was scored at 8 and at 16 images, and chose its best on the test prompts."""
    folder = tmp_path_factory.mktemp("evaluated")
    scored = (*SCORED, "--select-on-test", "--set", "evaluate.every=8")
    given = ["train", *SMALL, *scored, "--out", str(folder / "runs"), "--images", "16"]
    assert run(cli, given) == 0
    return folder


@pytest.fixture(autouse=True)
def _where_the_runs_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def evaluate(*arguments: str) -> int:
    return run(cli, ["evaluate", "--device", "cpu", *arguments])


def test_scores_are_printed_beside_shuffled_ones_with_their_terms(capsys: Output) -> None:
    assert evaluate("--prompts", "test", "--seeds", "2", "--evaluator", "prompt-accuracy") == 0
    printed = capsys.readouterr()

    assert "00000-sagan-iclevr after 16 images seen, weights ema" in printed.out
    assert "test: judge iclevr 64px" in printed.out
    assert ", 32 prompts\n" in printed.out
    for word in ("top-k", "exact match", "colour", "shape", "shuffled", "took no part"):
        assert word in printed.out
    assert "Scoring 00000-sagan-iclevr" in printed.err


def test_a_spread_of_nothing_is_shown_as_that(capsys: Output) -> None:
    figure = Figure("top-k", 0.548, 0.0, 5, Baseline(0.548, 0.0))
    found = Evaluation(Origin(), ScoringProtocol(), [Result("any", "test", [figure])])
    print_evaluation(found)
    (row,) = [one for one in capsys.readouterr().out.splitlines() if "top-k" in one]
    assert row.split() == ["top-k", *["0.5480", "±", "0.0000"] * 2, "0.0"]


def test_what_real_images_score_stands_beside_figures_of_prompts(capsys: Output) -> None:
    judge = JudgeIdentity("solids 64px", "12345678", {"label F1": 0.9, "label F1 at 32 px": 0.8})
    protocol = ScoringProtocol(judge=judge, prompts={"test": PromptsIdentity("87654321", 3)})
    figure = Figure("label F1", 0.5)
    results = [Result("any", scope, [figure]) for scope in ("test", "images")]
    print_evaluation(Evaluation(Origin(), protocol, results))
    printed = capsys.readouterr().out
    of_test, of_images = [one.split() for one in printed.splitlines() if one.startswith("label")]
    assert of_test == ["label", "F1", "0.5000", "0.9000"]
    assert of_images == ["label", "F1", "0.5000"]
    assert "(real): label F1 0.9000, label F1 at 32 px 0.8000" in printed


def test_a_caution_stands_beside_its_figures(capsys: Output) -> None:
    few = [Figure(name, 0.5, caution="of 24 images only.") for name in ("recall", "density")]
    results = [Result("any", "images", [*few, Figure("brightness", 0.5)])]
    print_evaluation(Evaluation(Origin(), ScoringProtocol(), results))
    printed = capsys.readouterr().out.splitlines()
    rows = [one.split() for one in printed if "0.5000" in one]
    assert rows == [["recall", "0.5000", "!"], ["density", "0.5000", "!"], ["brightness", "0.5000"]]
    assert "! recall, density: of 24 images only." in printed


def test_json_holds_everything_and_is_kept_beside_the_run(capsys: Output) -> None:
    assert evaluate("--prompts", "new_test", "--seeds", "1", "--json") == 0
    printed = json.loads(capsys.readouterr().out)

    assert printed["terms"]["seeds"] == [0]
    assert printed["terms"]["prompts"]["new_test"]["count"] == 32
    assert {result["evaluator"] for result in printed["results"]} == {
        "prompt-accuracy",
        "diversity",
    }
    kept = kept_evaluations(RunDirectory(Path("runs/00000-sagan-iclevr")))
    assert printed in [one.to_json() for one in kept]


def test_a_file_of_prompts_and_the_raw_weights_can_be_asked_for(capsys: Output) -> None:
    Path("mine.txt").write_text("red cube\nblue sphere, gray cube\n")
    chosen = ("--weights", "raw", "--evaluator", "prompt-accuracy")
    assert evaluate("--prompts", "mine.txt", "--seeds", "1", *chosen) == 0
    printed = capsys.readouterr().out

    assert "weights raw" in printed
    assert "mine: judge iclevr 64px" in printed
    assert ", 2 prompts\n" in printed


def test_the_best_checkpoint_is_stamped_where_the_test_prompts_selected_it(
    capsys: Output,
) -> None:
    chosen = ("--prompts", "test", "--seeds", "1", "--evaluator", "prompt-accuracy")
    assert evaluate("--checkpoint", "best", *chosen) == 0
    assert "was selected by its score on the prompts 'test'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--checkpoint", "worst"), "neither a number of images seen nor 'best'"),
        (("--checkpoint", "5"), "no checkpoint at 5 images seen"),
        (("--prompts", "tests"), "Did you mean 'test'?"),
        (("--evaluator", "fid"), "Unknown evaluator 'fid'"),
        (("--evaluator", "codes"), "the generator has no categorical code"),
        (("--judge", "none.safetensors"), "none.safetensors"),
        (("--set", "diversity.colour=1"), "evaluate.settings.diversity.colour"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    capsys: Output, arguments: tuple[str, ...], sentence: str
) -> None:
    assert evaluate(*arguments) != 0
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert "Traceback" not in printed.err


def test_a_training_tells_its_scores_and_which_was_the_best(tmp_path: Path, capsys: Output) -> None:
    given = ["train", *SMALL, *SCORED, "--out", str(tmp_path), "--images", "8"]
    assert run(cli, given) == 0
    printed = capsys.readouterr().out
    assert "scores at 8: validation top-k" in printed
    assert "best so far by validation top-k" in printed
    assert RunDirectory(tmp_path / "00000-sagan-iclevr").best() is not None


def test_distances_of_a_few_images_are_cautioned_on_screen_and_in_json(capsys: Output) -> None:
    few = ("--evaluator", "distribution", "--set", "distribution.images=24", "--seeds", "1")
    assert evaluate(*few) == 0
    assert "! judge-FID: 24 images are too few for" in capsys.readouterr().out
    assert evaluate(*few, "--json") == 0
    (result,) = [
        one
        for one in json.loads(capsys.readouterr().out)["results"]
        if one["evaluator"] == "distribution"
    ]
    assert all(figure["caution"] for figure in result["figures"])
