"""A whole comparison: refused or stamped, with names, settings and curves."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from compared_runs import PROTOCOL, contender, figure, on_disk

from ganx.comparing.comparison import compared
from ganx.comparing.configs import differing
from ganx.comparing.history import histories
from ganx.comparing.naming import distinct_names
from ganx.contracts.protocol import JudgeIdentity
from ganx.errors import ComparisonError, GanxError
from ganx.scoring.kept import kept_evaluations

OTHER_JUDGE = {**PROTOCOL["judge"], "digest": "ffffffff"}


def test_a_comparison_that_is_not_like_for_like_is_refused_with_every_reason() -> None:
    pair = [contender("a"), contender("b", judge=OTHER_JUDGE, seeds=[0])]
    with pytest.raises(ComparisonError) as refusal:
        compared(pair)
    assert "cannot be compared like for like" in str(refusal.value)
    assert "different judges" in str(refusal.value)
    assert "different seeds" in str(refusal.value)
    assert str(refusal.value).splitlines()[-1].startswith("Compare them anyway")
    assert isinstance(refusal.value, GanxError)


def test_anyway_stamps_every_reason_on_it() -> None:
    found = compared([contender("a"), contender("b", judge=OTHER_JUDGE, seeds=[0])], anyway=True)
    assert [one.kind for one in found.reasons] == ["judge", "seeds"]
    written = found.to_json()
    assert written["like_for_like"] is False
    assert [one["kind"] for one in written["reasons"]] == ["judge", "seeds"]


def test_like_for_like_needs_no_anyway() -> None:
    found = compared([contender("a"), contender("b")])
    assert found.reasons == []
    assert found.to_json()["like_for_like"] is True


def test_one_run_is_no_comparison() -> None:
    with pytest.raises(ComparisonError, match="two runs or more"):
        compared([contender("a")], anyway=True)


def test_everything_goes_into_json() -> None:
    pair = [contender("a", figure(0.2)), contender("b", figure(float("nan")), images_seen=9)]
    found = json.loads(json.dumps(compared(pair).to_json(), allow_nan=False))
    assert [one["name"] for one in found["runs"]] == ["a", "b"]
    assert found["runs"][1]["images_seen"] == 9
    assert found["runs"][0]["parameters"] == 1_234_567
    assert found["runs"][0]["evaluation"]["terms"]["judge"]["digest"] == "3fa9c2d1"
    assert found["figures"][0]["means"] == {"a": 0.2, "b": None}
    assert found["settings"] == [
        {"key": "recipe", "values": {"a": "a-recipe", "b": "b-recipe"}},
    ]
    assert found["cautions"][0]["kind"] == "images seen"


def test_only_settings_that_differ_are_listed() -> None:
    one = {"model": {"name": "x", "width": 64}, "train": {"seed": 0, "betas": [0.0, 0.9]}}
    other = {"model": {"name": "x", "width": 32}, "train": {"seed": 0, "betas": [0.5, 0.9]}}
    found = [(setting.key, setting.values) for setting in differing([one, other, one])]
    assert found == [
        ("model.width", (64, 32, 64)),
        ("train.betas", ([0.0, 0.9], [0.5, 0.9], [0.0, 0.9])),
    ]
    assert differing([one, one]) == []


def test_a_setting_that_a_run_lacks_differs() -> None:
    (setting,) = differing([{"loss": {"sum": "bce"}}, {"loss": {"sum": "bce", "smooth": 0.1}}])
    assert (setting.key, setting.values) == ("loss.smooth", (None, 0.1))


def test_runs_are_named_by_as_many_folders_as_tell_them_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "x/00000-a", tmp_path / "y/00000-a", tmp_path / "y/00001-b"]
    assert distinct_names(paths) == ["x/00000-a", "y/00000-a", "00001-b"]


def test_a_run_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ComparisonError, match="00000-a is named twice"):
        distinct_names([tmp_path / "00000-a", tmp_path / "x/../00000-a"])


def test_curves_are_evaluations_by_the_same_protocol_where_all_runs_have_them(
    tmp_path: Path,
) -> None:
    pair = [on_disk(contender("a"), tmp_path), on_disk(contender("b", images_seen=400), tmp_path)]
    found = {one.name: one for one in histories(pair)}
    assert set(found) == {"validation.top-k", "test.top-k"}
    assert found["test.top-k"].from_kept
    assert [seen.tolist() for seen, _ in found["test.top-k"].points] == [
        [250, 500, 1000],
        [100, 200, 400],
    ]


def test_evaluations_on_other_terms_lie_on_no_curve(tmp_path: Path) -> None:
    one = on_disk(contender("a"), tmp_path)
    assert one.run
    assert len(kept_evaluations(one.run)) == 3
    changed = replace(
        one.evaluation,
        protocol=replace(one.evaluation.protocol, judge=JudgeIdentity(**OTHER_JUDGE)),
    )
    found = histories([replace(one, evaluation=changed)])
    assert [history.name for history in found] == ["validation.top-k"]
    assert not found[0].from_kept


def test_curves_are_scores_while_training_where_a_run_has_nothing_else(tmp_path: Path) -> None:
    with_kept = on_disk(contender("a"), tmp_path)
    without = on_disk(contender("b"), tmp_path)
    assert without.run
    for path in without.run.evaluations.glob("*.json"):
        path.unlink()
    (found,) = histories([with_kept, without])
    assert found.name == "validation.top-k"
    assert not found.from_kept
    assert [len(seen) for seen, _ in found.points] == [10, 10]


def test_a_run_without_scores_over_time_has_no_curves(tmp_path: Path) -> None:
    one = on_disk(contender("a"), tmp_path)
    assert one.run
    for path in (one.run.metrics, *one.run.evaluations.glob("*.json")):
        path.unlink()
    assert histories([one, contender("b")]) == []
