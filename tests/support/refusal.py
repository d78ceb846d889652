"""What it means that a contract of ganx.testing refuses a part."""

from typing import Any

import pytest


def refused(contract: Any, test: str, sentence: str, *arguments: Any) -> None:
    """Expect one test of a contract to fail with a sentence."""
    with pytest.raises(AssertionError, match=sentence):
        getattr(contract, test)(*arguments)
