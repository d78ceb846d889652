"""A run is scored while it trains: the weights stay as they are, and the best are kept."""

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lab import Lab, assert_same_checkpoint
from scored import RATING, lab_with, rated
from tiny import tiny_host
from tiny_judge import tiny_judge_file

from ganx.contracts.events import AlarmRaised, Evaluated
from ganx.contracts.results import Figure, Result
from ganx.contracts.specs import EvaluatorSpec, NoConfig
from ganx.contracts.subject import Subject
from ganx.errors import ConfigError, PluginError, RunError
from ganx.runs.directory import Best, RunDirectory
from ganx.runs.metrics import read_metrics
from ganx.scoring.opening import Request, open_run
from ganx.sessions.scores import FIRST_SEED


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_judge_file(tmp_path_factory.mktemp("judge"))


def told(lab: Lab) -> list[Evaluated]:
    return [event for _, event in lab.host.heard if isinstance(event, Evaluated)]


def test_scoring_changes_no_bit_of_the_run(tmp_path: Path, judge: Path) -> None:
    everybody = ["prompt-accuracy", "diversity", "distribution"]
    small = {"distribution": {"images": 16}}
    scored = {"every": 16, "judge": str(judge), "evaluators": everybody, "settings": small}
    with_scores = Lab(tmp_path / "with").run(evaluate=scored)
    without = Lab(tmp_path / "without").run(evaluate={"evaluators": []})

    assert_same_checkpoint(with_scores, without)
    assert {"test.colour", "images.judge-FID"} <= set(read_metrics(with_scores.metrics).columns)


def test_a_run_that_is_scored_resumes_to_the_same_bits(tmp_path: Path, judge: Path) -> None:
    scored = {"every": 32, "judge": str(judge), "evaluators": ["prompt-accuracy"]}
    lab = Lab(tmp_path)
    whole = lab.run(evaluate=scored)
    with lab.start(evaluate=scored) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    continued = lab.resume(trainer.run)

    assert_same_checkpoint(whole, continued)
    scores = [read_metrics(run.metrics).series("test.colour") for run in (whole, continued)]
    np.testing.assert_array_equal(scores[0], scores[1])
    assert whole.best() == continued.best()


def test_scores_stand_among_the_metrics_and_are_told_to_observers(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(0.1, 0.3, 0.2))
    run = lab.run(evaluate={**RATING, "every": 32})

    seen, values = read_metrics(run.metrics).series("test.rating")
    assert list(zip(seen, values, strict=True)) == [(32, 0.1), (64, 0.3), (96, 0.2)]
    assert [(event.images_seen, event.best_by) for event in told(lab)] == [
        (32, "test.rating"),
        (64, "test.rating"),
        (96, ""),
    ]


def test_a_run_is_scored_at_its_end_and_once_a_pass(tmp_path: Path) -> None:
    """A pass is 50 images, a batch 16: the first iterations past 50 and 100."""
    lab = lab_with(tmp_path, rated(1, 2, 3))
    lab.run(evaluate={**RATING, "every": 0}, train={"images": 128})

    assert [event.images_seen for event in told(lab)] == [64, 112, 128]


def test_the_best_checkpoint_is_kept_however_many_come_after(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(0.1, 0.9, 0.2, 0.3, 0.4, 0.5))
    run = lab.run(evaluate=RATING, train={"keep_checkpoints": 1})

    assert run.best() == Best(32, "test.rating", 0.9, "test", seeds=2, first_seed=FIRST_SEED)
    assert [int(path.name) for path in run.all_checkpoints()] == [32, 96]
    assert run.saved_checkpoint("best") == run.checkpoint(32)


def test_where_lower_is_better_the_lowest_is_the_best(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(0.5, 0.1, 0.7, 0.3, 0.4, 0.5), better="lower")
    best = lab.run(evaluate=RATING).best()

    assert best is not None
    assert best.images_seen == 32


def test_a_resumed_run_remembers_its_best(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(0.9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    run = lab.run(evaluate=RATING)
    lab.resume(run, train={"images": 128})

    best = run.best()
    assert best is not None
    assert best.images_seen == 16


def test_a_number_that_is_not_finite_is_never_the_best(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(float("nan"), 0.1, float("inf"), 0.05, 0.0, 0.0))
    best = lab.run(evaluate=RATING).best()

    assert best is not None
    assert best.images_seen == 32


def test_nothing_is_selected_on_prompts_that_nobody_scored(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(*range(6)))
    run = lab.run(evaluate={**RATING, "select_on": "validation"})

    assert run.best() is None
    with pytest.raises(RunError, match="no best checkpoint"):
        run.saved_checkpoint("best")


def test_who_cannot_score_is_left_out_without_a_word(tmp_path: Path) -> None:
    """There is no judge of squares, and no code in the noise."""
    run = Lab(tmp_path).run(evaluate={"evaluators": ["prompt-accuracy", "codes"]})
    assert not [name for name in read_metrics(run.metrics).columns if name.startswith("test.")]


def test_an_unknown_evaluator_is_refused_before_the_run_begins(tmp_path: Path, fakes: Any) -> None:
    from ganx.host import load_plugins

    del fakes
    host = replace(tiny_host(), evaluators=load_plugins().evaluators)
    with pytest.raises(PluginError, match="Unknown evaluator 'promt-accuracy'"):
        Lab(tmp_path, host).run(evaluate={"evaluators": ["promt-accuracy"]})
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"select_on": "tests"}, "Unknown set of prompts 'tests'"),
        ({"settings": {"diversity": {"nonsense": 1}}}, "evaluate.settings.diversity.nonsense"),
        ({"every": -1}, "evaluate.every"),
    ],
)
def test_wrong_settings_are_refused_before_the_run_begins(
    tmp_path: Path, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Lab(tmp_path).run(evaluate={"evaluators": ["diversity"], **settings})
    assert not (tmp_path / "runs").exists()


def test_how_a_run_is_scored_may_change_when_it_resumes(tmp_path: Path) -> None:
    lab = lab_with(tmp_path, rated(*range(20)))
    with lab.start(evaluate={"evaluators": []}) as trainer:
        trainer.train(lambda: trainer.images_seen >= 48)
    run = lab.resume(trainer.run, evaluate=RATING)

    assert read_metrics(run.metrics).series("test.rating")[0].tolist() == [64, 80, 96]


def test_a_damaged_note_of_the_best_is_told(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    (tmp_path / "best.json").write_text(json.dumps({"images": 3}))
    with pytest.raises(RunError, match=r"Cannot read .*best\.json.* Remove it\."):
        run.best()


def test_alarms_are_recorded_and_told_and_not_raised_again_after_a_resume(tmp_path: Path) -> None:
    """Whoever wrote the evaluator says what a collapse is, once there was time to learn."""
    collapsed = lab_with(tmp_path, lambda _: 1e-3, name="images")

    def spoken(subject: Subject, config: NoConfig) -> Iterable[Result]:
        del subject, config
        yield Result("variety", "images", [Figure("variety", 1e-3)])

    spec = EvaluatorSpec("variety", "Nothing varies", spoken, collapse={"variety": 0.01})
    lab = Lab(tmp_path, replace(collapsed.host, evaluators={"variety": spec}))
    settings = {"evaluators": ["variety"], "every": 2500}
    long = {"images": 23_000, "batch_size": 100, "log_every": 100}
    run = lab.run(evaluate=settings, train=long, dataset={"size": 100})
    lines = [json.loads(line) for line in run.alarms.read_text().splitlines()]
    lab.resume(run, train={"images": 25_000})

    (alarm,) = [line for line in lines if line["kind"] == "collapse"]
    assert alarm["images_seen"] == 22_500
    assert "G ignores the noise" in alarm["text"]
    raised = [event for hook, event in lab.host.heard if hook == "ganx_alarm_raised"]
    assert [one for one in raised if isinstance(one, AlarmRaised) and one.kind == "collapse"] == [
        AlarmRaised(**alarm)
    ]
    again = [json.loads(line)["kind"] for line in run.alarms.read_text().splitlines()]
    assert again.count("collapse") == 1


def test_the_real_images_of_a_score_are_recorded_with_it(tmp_path: Path) -> None:
    def spoken(subject: Subject, config: NoConfig) -> Iterable[Result]:
        del config
        assert subject.reference
        near = Figure("nearness", 0.5, against=subject.reference.name)
        yield Result("nearness", "images", [near, Figure("beauty", 0.5)])

    spec = EvaluatorSpec("nearness", "How near", spoken)
    host = lab_with(tmp_path, lambda _: 0.0).host
    run = Lab(tmp_path, replace(host, evaluators={"nearness": spec})).run(
        evaluate={"evaluators": ["nearness"]}
    )
    metrics = read_metrics(run.metrics)
    assert metrics.against == {"images.nearness": "training images"}
    assert {"images.nearness", "images.beauty"} <= metrics.columns.keys()


def test_what_selects_is_told_by_the_figure_and_not_by_the_setting(tmp_path: Path) -> None:
    """Whoever selects by a figure of the test prompts has their scores stamped."""
    settings = {**RATING, "select_on": "validation", "metric": "test.rating"}
    best = lab_with(tmp_path, rated(*range(6))).run(evaluate=settings).best()

    assert best is not None
    assert best.select_on == "test"


def test_a_figure_that_there_is_not_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "ganx"):
        run = lab_with(tmp_path, rated(*range(6))).run(evaluate={**RATING, "metric": "ratng"})

    (record,) = caplog.records
    assert "There is no figure 'test.ratng'" in record.message
    assert run.best() is None


def test_a_run_killed_between_naming_and_saving_its_best_finds_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = lab_with(tmp_path, rated(0.1, 0.9, 0.9, 0.2, 0.3, 0.4, 0.5))
    with lab.start(evaluate=RATING, train={"keep_checkpoints": 1}) as trainer:
        save = trainer.upkeep.save

        def killed() -> None:
            if trainer.images_seen == 32:
                raise KeyboardInterrupt
            save()

        monkeypatch.setattr(trainer.upkeep, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            trainer.train()
    run = lab.resume(trainer.run)

    assert run.saved_checkpoint("best") == run.checkpoint(32)


@pytest.mark.parametrize("other", [{"judge": "another"}, {"first_seed": 0}, {"seeds": 3}])
def test_scores_of_another_judge_or_other_noise_do_not_count_against_the_new_ones(
    tmp_path: Path, judge: Path, other: dict[str, Any]
) -> None:
    lab = Lab(tmp_path)
    run = lab.run(evaluate={"evaluators": ["prompt-accuracy"], "judge": str(judge), "every": 96})
    first = run.best()
    assert first is not None
    run.write_best(replace(first, **other, value=2.0))
    lab.resume(run, train={"images": 192})

    best = run.best()
    assert best is not None
    assert best.protocol == first.protocol
    assert best.value <= 1


def test_a_checkpoint_is_selected_with_other_noise_than_it_is_scored_with(tmp_path: Path) -> None:
    selecting = set[int]()

    def listening(subject: Subject) -> float:
        selecting.update(subject.seeds)
        return 0.5

    lab = lab_with(tmp_path, listening)
    run = lab.run(evaluate={**RATING, "seeds": 3})
    opened = open_run(
        lab.host,
        run.path,
        Request(seeds=100, device="cpu"),
        cache=tmp_path / "cache",
        progress=lambda *_: None,
    )

    assert len(selecting) == 3
    assert not selecting & set(opened.subject.seeds)


def test_what_few_images_leave_open_is_told_once_of_the_judge_and_of_each_figure(
    tmp_path: Path, judge: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"distribution": {"images": 16}}
    scored = {"every": 16, "judge": str(judge), "evaluators": ["distribution"]}
    run = Lab(tmp_path).run(evaluate={**scored, "settings": settings})
    assert len(read_metrics(run.metrics).series("images.judge-FID")[0]) > 1
    told = [record.getMessage() for record in caplog.records]
    assert sum("was examined on 20 images only" in one for one in told) == 1
    assert sum(one.startswith("judge-FID: 16 images are too few for") for one in told) == 1
    assert sum(one.startswith("precision, recall, density, coverage: of 16") for one in told) == 1
