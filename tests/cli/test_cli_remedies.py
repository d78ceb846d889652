"""What to do: settings in the engine's words, options and commands in the command line's."""

import ast
import pickle
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from shown_run import shown_subject

import ganx
from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.contracts.events import AlarmRaised
from ganx.errors import ConfigError, DataError, GanxError
from ganx.remedies import Notice, Remedy
from ganx.training.alarms import OF_LOSSES, OF_SCORES
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.remedies import ALARMS, SENTENCES, in_full
from ganx_cli.screen.progress import TrainScreen
from ganx_cli.work.evaluating import _who_can

Output = pytest.CaptureFixture[str]
CORE = Path(str(ganx.__file__)).parent


def given() -> Iterator[tuple[str, frozenset[str]]]:
    """Read every remedy that the core gives: its kind and the names of its facts."""
    for path in sorted(CORE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Remedy":
                kind, _, *facts = call.args
                assert not call.keywords, f"{path}:{call.lineno}: {ast.unparse(call)}"
                yield ast.literal_eval(kind), frozenset(_keys(facts))


def _keys(facts: list[ast.expr]) -> Iterator[str]:
    for table in facts:
        assert isinstance(table, ast.Dict), ast.unparse(table)
        yield from (ast.literal_eval(key) for key in table.keys if key)


def test_every_remedy_of_the_core_has_a_sentence_of_its_facts_and_every_sentence_is_used() -> None:
    sentences = {
        (kind, frozenset(name for _, name, _, _ in Formatter().parse(text) if name))
        for kind, text in SENTENCES.items()
    }
    assert set(given()) == sentences


def test_every_kind_of_alarm_is_told_with_the_options_that_it_takes() -> None:
    assert ALARMS.keys() == {sign.kind for sign in (*OF_LOSSES, *OF_SCORES)} | {"collapse"}
    assert all("--set" in how for how in ALARMS.values())


def test_an_error_is_whole_without_a_command_line() -> None:
    error = ConfigError("It is wrong.", remedy=Remedy("name-a-folder", "Set dataset.folder."))
    assert str(error) == "It is wrong. Set dataset.folder."
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 -- our own bytes
    assert str(GanxError("It is wrong.")) == "It is wrong."
    assert str(GanxError("These differ:\n  - one\n", remedy=Remedy("x", "Do it."))).endswith(
        "\n  - one\nDo it."
    )


def test_the_command_line_says_it_with_options() -> None:
    facts = {"dataset": "iclevr"}
    error = DataError("It is wrong.", remedy=Remedy("train-a-judge-of-the-data", "Train.", facts))
    assert in_full(error) == "It is wrong. Train one: `ganx judge train --dataset iclevr`."
    notice = Notice("There is none.", Remedy("train-a-judge", "Train one."))
    assert in_full(notice) == "There is none. Train one with `ganx judge train`."
    assert str(notice) == "There is none. Train one."
    assert in_full(Notice("All is well.")) == str(Notice("All is well.")) == "All is well."


@pytest.mark.parametrize("kind", ["clean-the-oven", "train-a-judge-of-the-data"])
def test_what_the_command_line_has_no_words_for_is_said_in_those_of_the_plugin(kind: str) -> None:
    error = DataError("It is wrong.", remedy=Remedy(kind, "Set it right."))
    assert in_full(error) == "It is wrong. Set it right."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["train"], "Name a model (--plugin) or a recipe (--recipe)."),
        (["train", "--plugin", "sagan-bce"], "not a model. Write --recipe sagan-bce."),
        (["train", "--plugin", "sagan", "--set", "train=1"], "not 1. Write --set train."),
        (["train", "--resume", "--out", "nowhere"], "`ganx train --plugin sagan --dataset iclevr`"),
    ],
)
def test_an_error_at_the_terminal_names_options(
    arguments: list[str], told: str, capsys: Output
) -> None:
    assert run(cli, [*arguments, "--dry-run"]) == 1
    assert told in capsys.readouterr().err


def test_an_alarm_at_the_terminal_is_told_with_options() -> None:
    written = StringIO()
    screen = TrainScreen(lambda *_: None, Console(file=written))
    screen.notify("ganx_alarm_raised", AlarmRaised(1_000, "collapse", "All look alike."))
    screen.notify("ganx_alarm_raised", AlarmRaised(2_000, "strange", "It hums."))
    first, second = written.getvalue().splitlines()
    assert first == f"collapse at 1,000: All look alike. {ALARMS['collapse']}"
    assert second == "strange at 2,000: It hums."


@pytest.mark.parametrize("judge", [True, False])
def test_where_an_evaluator_misses_a_judge_the_way_to_one_is_told(*, judge: bool) -> None:
    subject = shown_subject() if judge else shown_subject(judge=None)
    opened: Any = SimpleNamespace(subject=subject)
    host: Any = SimpleNamespace(evaluators={spec.name: spec for spec in ganx_evaluators()})
    said: list[str] = []
    _who_can(host, opened, said.append)
    assert any("prompt-accuracy: there is no judge" in line for line in said) != judge
    assert ("`ganx judge train` makes a judge, and --judge names one." in said) != judge
