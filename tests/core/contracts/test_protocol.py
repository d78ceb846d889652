"""Protocols agree when all that they say does, whether read from a file or of now."""

import json
from dataclasses import replace

from ganx.contracts.protocol import Origin, PromptsIdentity, ScoringProtocol, agree

NOW = ScoringProtocol(seeds=range(2), prompts={"test": PromptsIdentity("abc", 3)})


def test_a_protocol_of_now_is_the_one_that_a_file_gives_back() -> None:
    assert agree(ScoringProtocol.from_json(json.loads(json.dumps(NOW.to_json()))), NOW)
    origin = Origin(run="00000", model={"name": "sagan", "sides": (4, 8)}, images_seen=7)
    assert agree(Origin.from_json(json.loads(json.dumps(origin.to_json()))), origin)


def test_another_value_is_another_protocol() -> None:
    assert not agree(NOW, replace(NOW, seeds=range(3)))
    assert not agree(NOW, replace(NOW, ganx="0.1.0"))


def test_only_what_is_named_counts() -> None:
    assert agree(NOW, replace(NOW, seeds=range(3)), ["judge", "prompts"])
    assert not agree(NOW, replace(NOW, seeds=range(3)), ["judge", "seeds"])
    assert not agree(NOW, replace(NOW, prompts={}), ["prompts"])
