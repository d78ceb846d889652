"""Whether evaluations are like for like."""

from itertools import permutations
from typing import Any

import pytest
from compared_runs import PROTOCOL, evaluation
from hypothesis import given
from hypothesis import strategies as st

from ganx.comparing.likeness import Reason, cautions, differences

OTHER_DATA = {**PROTOCOL["data"], "fingerprint": "beef" * 16}
REFUSED: dict[str, dict[str, Any]] = {
    "data set": {"data": {**OTHER_DATA, "name": "faces"}},
    "source": {"data": {**OTHER_DATA, "provenance": {"source": "folder", "resolution": 64}}},
    "resolution": {"data": OTHER_DATA, "interface": {**PROTOCOL["interface"], "resolution": 32}},
    "vocabulary": {
        "interface": {**PROTOCOL["interface"], "condition": {"kind": "none", "groups": []}}
    },
    "training data": {"data": OTHER_DATA},
    "labels": {
        "data": {
            **PROTOCOL["data"],
            "provenance": {**PROTOCOL["data"]["provenance"], "labels_fingerprint": "cafe" * 16},
        }
    },
    "prompts": {
        "prompts": {**PROTOCOL["prompts"], "test": {"digest": "cccc0000", "count": 32}},
    },
    "judge": {"judge": {**PROTOCOL["judge"], "digest": "ffffffff"}},
    "seeds": {"seeds": [0, 1]},
    "weights": {"weights": "raw"},
    "selection": {"selected_on": "test"},
    "evaluators": {"evaluators": {"prompt-accuracy": {"threshold": 0.9}}},
    "version": {"ganx": "0.2.0"},
}


def test_how_many_labels_a_generator_can_show_makes_no_other_vocabulary() -> None:
    condition = {**PROTOCOL["interface"]["condition"], "most": 3, "limit": 3}
    limited = {"interface": {**PROTOCOL["interface"], "condition": condition}}
    assert not differences([evaluation("00000-one"), evaluation("00001-two", **limited)])


@pytest.mark.parametrize("kind", REFUSED)
def test_one_difference_is_one_reason(kind: str) -> None:
    one, other = evaluation("00000-one"), evaluation("00001-two", **REFUSED[kind])
    (reason,) = differences([one, other])
    assert reason.kind == kind
    assert "(00000-one)" in reason.text
    assert "(00001-two)" in reason.text
    assert reason.advice.endswith(".")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("data set", ["solids (00000-one)", "faces (00001-two)"]),
        ("source", ["rendered (00000-one)", "folder (00001-two)"]),
        ("resolution", ["64x64 in colour", "32x32 in colour", "dataset.resolution"]),
        ("vocabulary", ["solid, 2 values (00000-one)", "no labels (00001-two)"]),
        ("training data", ["fingerprint f00df00d", "fingerprint beefbeef"]),
        ("labels", ["labels 1abe11ab (00000-one)", "labels cafecafe", "on the same labels."]),
        ("prompts", ["test 32 [bbbb0000]", "test 32 [cccc0000]", "sets of prompts"]),
        ("judge", ["solids 64px [3fa9c2d1]", "[ffffffff] (00001-two)", "one judge for all"]),
        ("seeds", ["0, 1, 2, 3, 4 (00000-one)", "0, 1 (00001-two)", "the same seeds"]),
        ("weights", ["ema (00000-one)", "raw (00001-two)", "the same weights"]),
        ("selection", ["the best on test prompts (00001-two)"]),
        ("evaluators", ["prompt-accuracy had different settings", '{"threshold": 0.9}']),
        ("version", ["0.1.0 (00000-one)", "0.2.0 (00001-two)"]),
    ],
)
def test_a_reason_says_what_each_has_and_what_to_do(kind: str, said: list[str]) -> None:
    (reason,) = differences([evaluation("00000-one"), evaluation("00001-two", **REFUSED[kind])])
    assert [text for text in said if text not in str(reason)] == []


@pytest.mark.parametrize("kind", ["data set", "source", "training data", "vocabulary"])
def test_other_labels_are_not_told_beside_what_makes_them_others(kind: str) -> None:
    change = REFUSED[kind]
    data = {**PROTOCOL["data"], **change.get("data", {})}
    data["provenance"] = {**data["provenance"], "labels_fingerprint": "cafe" * 16}
    found = differences([evaluation("a"), evaluation("b", **{**change, "data": data})])
    assert [reason.kind for reason in found] == [kind]


def test_labels_that_an_earlier_version_did_not_record_are_not_other_labels() -> None:
    data = {**PROTOCOL["data"], "provenance": {"source": "rendered", "resolution": 64}}
    assert differences([evaluation("a"), evaluation("b", data=data)]) == []


def test_those_that_have_the_same_are_told_together() -> None:
    judge = REFUSED["judge"]
    found = differences([evaluation("c"), evaluation("b", **judge), evaluation("a", **judge)])
    assert "[ffffffff] (a, b); solids 64px [3fa9c2d1] (c)." in found[0].text


def test_a_judge_and_no_judge_are_different_judges() -> None:
    (reason,) = differences([evaluation("a"), evaluation("b", judge=None)])
    assert "none (b)" in reason.text
    assert differences([evaluation("a", judge=None), evaluation("b", judge=None)]) == []


def test_a_judge_is_known_by_its_weights_and_not_by_its_name() -> None:
    renamed = {**PROTOCOL["judge"], "name": "another name"}
    assert differences([evaluation("a"), evaluation("b", judge=renamed)]) == []


def test_a_set_of_prompts_that_only_one_was_asked_for_is_a_reason() -> None:
    fewer = {"test": PROTOCOL["prompts"]["test"]}
    kinds = [one.kind for one in differences([evaluation("a"), evaluation("b", prompts=fewer)])]
    assert kinds == ["prompts"]


def test_any_prompts_but_validation_are_there_to_be_scored_only() -> None:
    for selected_on in ("test", "new_test", "mine"):
        found = differences([evaluation("a"), evaluation("b", selected_on=selected_on)])
        assert [one.kind for one in found] == ["selection"]
    assert differences([evaluation("a"), evaluation("b", selected_on="validation")]) == []


def test_an_evaluator_that_only_one_run_can_be_scored_by_is_no_reason() -> None:
    more = {**PROTOCOL["evaluators"], "codes": {"images": 100}}
    assert differences([evaluation("a"), evaluation("b", evaluators=more)]) == []


def test_resolutions_are_told_apart_by_the_data_set_where_the_interface_is_not_known() -> None:
    data = {**PROTOCOL["data"], "provenance": {"source": "rendered", "resolution": 32}}
    pair = [evaluation("a", interface={}), evaluation("b", interface={}, data=data)]
    (reason,) = differences(pair)
    assert reason.kind == "resolution"
    assert "32x32" in reason.text


def test_images_seen_may_differ_and_are_told() -> None:
    pair = [evaluation("a", images_seen=1000), evaluation("b", images_seen=20_000)]
    assert differences(pair) == []
    (caution,) = cautions(pair)
    assert caution.kind == "images seen"
    assert "1,000 images seen (a); 20,000 images seen (b)" in caution.text


def test_the_best_beside_the_newest_is_told() -> None:
    pair = [evaluation("a"), evaluation("b", selected_on="validation")]
    assert [one.kind for one in cautions(pair)] == ["chosen"]


def test_given_names_tell_runs_of_one_name_apart() -> None:
    found = differences([evaluation("x"), evaluation("x", **REFUSED["judge"])], ["a/x", "b/x"])
    assert "(a/x)" in found[0].text
    assert "(b/x)" in found[0].text


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "seeds": st.lists(st.integers(0, 9), max_size=4),
        "evaluators": st.dictionaries(
            st.sampled_from(["codes", "diversity"]),
            st.sampled_from([{}, {"images": 10}, {"images": [1, None]}]),
        ),
        "ganx": st.sampled_from(["0.1.0", "0.2.0"]),
        "selected_on": st.sampled_from(["", "validation", "test"]),
        "weights": st.sampled_from(["ema", "raw"]),
        "judge": st.sampled_from([None, PROTOCOL["judge"], REFUSED["judge"]["judge"]]),
        "prompts": st.sampled_from([{}, PROTOCOL["prompts"], REFUSED["prompts"]["prompts"]]),
        "data": st.sampled_from([REFUSED[kind]["data"] for kind in ("data set", "source")]),
    },
)


@given(CHANGES, st.lists(st.integers(1, 10**7), min_size=2, max_size=5))
def test_equal_protocols_are_never_refused(protocol: dict[str, Any], moments: list[int]) -> None:
    alike = [
        evaluation(f"run {number}", images_seen=seen, **protocol)
        for number, seen in enumerate(moments)
    ]
    assert differences(alike) == []


@given(st.lists(CHANGES, min_size=2, max_size=3))
def test_the_order_of_runs_changes_nothing(changes: list[dict[str, Any]]) -> None:
    runs = [evaluation(f"run {number}", **protocol) for number, protocol in enumerate(changes)]
    found: list[list[Reason]] = [differences(order) for order in permutations(runs)]
    assert all(one == found[0] for one in found)
    told = [cautions(order) for order in permutations(runs)]
    assert all(one == told[0] for one in told)


@given(CHANGES, CHANGES)
def test_every_reason_is_between_a_pair(first: dict[str, Any], second: dict[str, Any]) -> None:
    one, other = evaluation("a", **first), evaluation("b", **second)
    between = {reason.kind for reason in differences([one, other])}
    third = evaluation("c", **second)
    assert {reason.kind for reason in differences([one, other, third])} == between
