"""What evaluators found is kept beside the run, and read back as it was."""

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from codes import SHAPES, written

from ganx.contracts.protocol import Origin, ScoringProtocol
from ganx.contracts.results import Baseline, Evaluation, Figure, Result, Table
from ganx.contracts.specs import EvaluatorSpec, NoConfig
from ganx.contracts.subject import Subject
from ganx.errors import ConfigError, DataError, RunError
from ganx.runs.directory import RunDirectory
from ganx.scoring.kept import kept_evaluations, save_evaluation
from ganx.scoring.running import able, evaluate

WRITTEN: dict[str, Any] = {
    "ganx": "0.1.0",
    "judge": {"name": "squares 8px", "digest": "12345678", "held_out": {"top-k": 0.99}},
    "seeds": [0, 1],
    "prompts": {"test": {"digest": "aabbccdd", "count": 3}},
    "data": {"name": "squares", "fingerprint": "00", "provenance": {}},
    "selected_on": "",
    "evaluators": {"prompt-accuracy": {}},
}
PROTOCOL = ScoringProtocol.from_json(WRITTEN)
ORIGIN = Origin(run="00000-tiny", images_seen=96, model={"name": "tiny"})
TOP_K = Figure("top-k", 0.5, 0.1, 2, Baseline(0.2, 0.05), qualifier="3 prompts")
TABLE = Table("objects", ("object", "share"), (("red cube", 0.5), ("blue cube", None)))
FOUND = Evaluation(
    ORIGIN, PROTOCOL, [Result("prompt-accuracy", "test", [TOP_K], (TABLE,))], ("Mind.",)
)


def judged(name: str, value: float, protocol: ScoringProtocol = PROTOCOL) -> Evaluation:
    result = Result(name, "images", [Figure("value", value)])
    return Evaluation(ORIGIN, replace(protocol, evaluators={name: {}}), [result])


def test_it_is_read_back_as_it_was(tmp_path: Path) -> None:
    save_evaluation(RunDirectory(tmp_path), FOUND)
    (read,) = kept_evaluations(RunDirectory(tmp_path))

    assert read.to_json() == FOUND.to_json()
    assert read.results[0].figures[0] == TOP_K
    assert read.scores() == {"test.top-k": 0.5}
    assert math.isclose(read.results[0].figures[0].z, 6)


def test_a_protocol_is_read_back_as_it_was() -> None:
    protocol = replace(PROTOCOL, selected_on="test", interface=written(SHAPES).interface)
    assert ScoringProtocol.from_json(json.loads(json.dumps(protocol.to_json()))) == protocol


def test_a_number_that_is_none_is_read_back_as_none(tmp_path: Path) -> None:
    save_evaluation(RunDirectory(tmp_path), judged("broken", math.nan))
    assert math.isnan(kept_evaluations(RunDirectory(tmp_path))[0].scores()["images.value"])


def test_a_spread_and_a_chance_that_are_no_numbers_are_read_back_as_none(tmp_path: Path) -> None:
    lost = Figure("value", math.nan, math.nan, 2, Baseline(math.nan, math.nan))
    result = Result("broken", "images", [lost])
    save_evaluation(RunDirectory(tmp_path), Evaluation(ORIGIN, PROTOCOL, [result]))

    ((_, read),) = kept_evaluations(RunDirectory(tmp_path))[0].figures()
    assert read.chance is not None
    assert all(math.isnan(one) for one in (read.mean, read.sd, *read.chance))


def test_others_figures_by_the_same_protocol_stay_beside_new_ones(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    for one in (judged("first", 1), judged("second", 2), judged("first", 3)):
        save_evaluation(run, one)

    (kept,) = kept_evaluations(run)
    assert {r.evaluator: r.figures[0].mean for r in kept.results} == {"first": 3, "second": 2}
    assert set(kept.protocol.evaluators) == {"first", "second"}


@pytest.mark.parametrize(
    "other",
    [
        {"seeds": [0]},
        {"judge": None},
        {"ganx": "0.2.0"},
        {"prompts": {}},
        {"data": {"name": "circles", "fingerprint": "00", "provenance": {}}},
    ],
)
def test_figures_by_other_protocols_are_kept_apart(tmp_path: Path, other: dict[str, Any]) -> None:
    run = RunDirectory(tmp_path)
    save_evaluation(run, judged("first", 1))
    save_evaluation(run, judged("first", 2, ScoringProtocol.from_json({**WRITTEN, **other})))
    assert len(kept_evaluations(run)) == 2


def test_they_come_by_images_seen(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    for seen in (640, 64, 128):
        save_evaluation(run, replace(FOUND, origin=replace(ORIGIN, images_seen=seen)))
    assert [one.origin.images_seen for one in kept_evaluations(run)] == [64, 128, 640]


def test_a_damaged_file_is_told_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = RunDirectory(tmp_path)
    save_evaluation(run, FOUND)
    (run.evaluations / "x.json").write_text("{}")
    assert len(kept_evaluations(run)) == 1
    assert "x.json" in caplog.text
    assert "Remove it." in caplog.text


def test_where_the_disk_refuses_nothing_is_left_behind(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    run.evaluations.write_text("in the way")
    with pytest.raises(RunError, match="Cannot write"):
        save_evaluation(run, FOUND)


def brightness(subject: Subject, config: NoConfig) -> Iterable[Result]:
    del config
    yield Result("brightness", "images", [Figure("brightness", len(subject.seeds))])


BRIGHTNESS = EvaluatorSpec("brightness", "How bright", brightness)
NEEDY = replace(BRIGHTNESS, name="needy", hindrance=lambda _: "there is no judge")
EVALUATORS = {"brightness": BRIGHTNESS, "needy": NEEDY}


def test_evaluators_are_asked_in_order_and_the_protocol_gets_their_settings() -> None:
    found = evaluate(EVALUATORS, ["brightness"], Subject(written(SHAPES), seeds=(0, 1)), PROTOCOL)
    assert found.scores() == {"images.brightness": 2}
    assert found.protocol.evaluators == {"brightness": {}}
    assert found.origin.run == "00000-written"


def test_one_that_cannot_score_says_why() -> None:
    subject = Subject(written(SHAPES))
    assert able(EVALUATORS, ["brightness", "needy"], subject) == {
        "brightness": "",
        "needy": "there is no judge",
    }
    with pytest.raises(DataError, match="'needy' cannot score this generator: there is no judge"):
        evaluate(EVALUATORS, ["needy"], subject, PROTOCOL)


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"evaluate\.settings\.brightness\.speed"):
        evaluate(
            EVALUATORS,
            ["brightness"],
            Subject(written(SHAPES)),
            PROTOCOL,
            {"brightness": {"speed": 1}},
        )


def test_scores_on_what_selected_the_checkpoint_are_stamped() -> None:
    subject = Subject(written(SHAPES))
    notes = [
        evaluate(EVALUATORS, ["brightness"], subject, replace(PROTOCOL, selected_on=on)).notes
        for on in ("", "validation", "test")
    ]
    assert notes[:2] == [(), ()]
    assert "selected by its score on the prompts 'test'" in notes[2][0]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"needy": {"speed": 1}}, "settings of 'needy', which is not among .*: brightness"),
        ({"brightness": 3}, r"set one of its settings: brightness\.KEY"),
    ],
)
def test_settings_that_would_change_nothing_are_refused(
    settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        evaluate(EVALUATORS, ["brightness"], Subject(written(SHAPES)), PROTOCOL, settings)
