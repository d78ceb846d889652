"""What a model refuses before it is built."""

import pytest

from ganx.config import Config
from ganx.errors import ConfigError
from ganx.layers.checks import refuse_unused


class Some(Config):
    depth: int = 3
    colour: str = "red"
    width: int = 8


def test_settings_that_would_do_nothing_are_all_named_with_the_reason() -> None:
    changed = Some(depth=4, colour="blue", width=9)
    with pytest.raises(ConfigError) as refusal:
        refuse_unused(changed, ("depth", "colour"), "model.form = 'plain'")
    assert str(refusal.value).startswith(
        "model.depth, model.colour would do nothing with model.form = 'plain'. Leave it out,"
    )


def test_settings_at_their_defaults_are_no_fault() -> None:
    refuse_unused(Some(depth=3, width=9), ("depth", "colour"), "model.form = 'plain'")
