"""A real browser that looks at pages and remembers whatever goes wrong in them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from looking import Look, Seen, watched

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync", "--disable-default-apps"),
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the browser of this machine, or the one that GANX_BROWSER names."""
    driver = pytest.importorskip(
        "playwright.sync_api", reason="pages are looked at with playwright, which is not installed"
    )
    named = os.environ.get("GANX_BROWSER")
    path = named or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium or Chrome is installed; GANX_BROWSER may name one")
    with driver.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def look(browser: Any, tmp_path: Path) -> Iterator[Look]:
    """Open a page, given as HTML; after the test, none may have gone wrong or asked for more."""
    opened: list[tuple[Seen, str]] = []

    def look(html: str, *, width: int = 1200, dark: bool = False, touch: bool = False) -> Seen:
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(html, "utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
        )
        seen = watched(context.new_page())
        opened.append((seen, path.as_uri()))
        seen.page.goto(path.as_uri())
        return seen

    yield look
    for seen, address in opened:
        seen.page.context.close()
        assert not seen.complaints
        assert [one for one in seen.requests if not one.startswith("data:")] == [address]
