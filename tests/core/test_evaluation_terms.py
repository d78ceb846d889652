"""Terms are the same when all that they say is, whether read from a file or of now."""

import json
from typing import Any

from ganx.evaluation.terms import same_terms

NOW: dict[str, Any] = {"seeds": range(2), "judge": None, "prompts": {"test": {"count": 3}}}


def test_terms_of_now_are_those_that_a_file_gives_back() -> None:
    assert same_terms(json.loads(json.dumps(NOW, default=list)), NOW)


def test_another_value_or_another_name_is_another_term() -> None:
    assert not same_terms(NOW, {**NOW, "seeds": range(3)})
    assert not same_terms(NOW, {**NOW, "ganx": "0.1.0"})


def test_only_the_terms_that_are_named_count() -> None:
    assert same_terms(NOW, {**NOW, "seeds": range(3)}, ["judge", "prompts"])
    assert not same_terms(NOW, {**NOW, "seeds": range(3)}, ["judge", "seeds"])
    assert not same_terms({}, NOW, ["judge"])
