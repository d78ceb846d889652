"""Terms are the same when all that they say is, whether read from a file or of now."""

import json
from dataclasses import replace

from ganx.contracts.protocol import Origin, PromptTerms, Terms, same_terms

NOW = Terms(seeds=range(2), prompts={"test": PromptTerms("abc", 3)})


def test_terms_of_now_are_those_that_a_file_gives_back() -> None:
    assert same_terms(Terms.from_json(json.loads(json.dumps(NOW.to_json()))), NOW)
    origin = Origin(run="00000", model={"name": "sagan", "sides": (4, 8)}, images_seen=7)
    assert same_terms(Origin.from_json(json.loads(json.dumps(origin.to_json()))), origin)


def test_another_value_is_another_term() -> None:
    assert not same_terms(NOW, replace(NOW, seeds=range(3)))
    assert not same_terms(NOW, replace(NOW, ganx="0.1.0"))


def test_only_the_terms_that_are_named_count() -> None:
    assert same_terms(NOW, replace(NOW, seeds=range(3)), ["judge", "prompts"])
    assert not same_terms(NOW, replace(NOW, seeds=range(3)), ["judge", "seeds"])
    assert not same_terms(NOW, replace(NOW, prompts={}), ["prompts"])
