"""Pages are whole files: they escape what they are given and hold all that they need."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from shown_run import shown_material, shown_run

from ganx.pages.page import environment, render_page, render_part
from ganx.pages.report import report

VOID = {"meta", "link", "input", "img", "br", "hr"}
ASKING = {"src", "href", "srcset", "action", "data", "poster", "xlink:href"}


class Reading(HTMLParser):
    """Collects the addresses of a page, and elements that are left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [(tag, value or "") for name, value in attrs if name in ASKING]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outside(html: str) -> Iterator[tuple[str, str]]:
    """Yield what a page would ask for from elsewhere; a link may lead where it likes."""
    for tag, address in Reading(html).addresses:
        if tag != "a" and not address.startswith(("data:", "#")):
            yield tag, address


def test_a_report_asks_for_nothing_and_closes_what_it_opens(tmp_path: Path) -> None:
    page = report(shown_run(tmp_path), shown_material())
    assert not list(outside(page))
    assert Reading(page).open == []
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_an_address_elsewhere_would_be_noticed() -> None:
    assert list(outside('<img src="https://ganx.invalid/x.png"><a href="https://x.y">x</a>'))


def test_the_links_of_the_contents_lead_somewhere(tmp_path: Path) -> None:
    page = report(shown_run(tmp_path), shown_material())
    places = [address for tag, address in Reading(page).addresses if tag == "a"]
    assert len(places) == 6
    assert all(f'id="{place[1:]}"' in page for place in places)


def test_what_a_page_is_given_is_text_and_no_markup() -> None:
    pairs = '{% import "macros.html.j2" as show %}{{ show.pairs([("<b>", "a & b")]) }}'
    shown = environment().from_string(pairs).render()
    assert "&lt;b&gt;" in shown
    assert "a &amp; b" in shown


def test_a_name_that_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError, match="is undefined"):
        render_part("curves.html.j2")


def test_a_page_of_its_own_extends_the_base() -> None:
    page = render_page("base.html.j2")
    assert page.startswith("<!doctype html>")
    assert 'name="viewport"' in page
    assert "prefers-color-scheme: dark" in page
