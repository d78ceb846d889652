"""What a browser saw of a page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    """A page in the browser, and what it complained of or asked the network for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Look = Callable[..., Seen]
"""Opens HTML: ``look(html, width=1200, dark=False, touch=False)``."""


def watched(page: Any) -> Seen:
    """Remember what goes wrong in a page from now on, and what it asks for."""
    seen = Seen(page)
    page.on("console", lambda said: seen.complaints.append(said.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda asked: seen.requests.append(asked.url))
    return seen
