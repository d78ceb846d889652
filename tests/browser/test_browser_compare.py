"""``ganx compare -o`` in a real browser: what is seen, pointed at and touched."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from compared_runs import PROTOCOL, contender, figure, on_disk
from looking import Look

from ganx.comparing.comparison import compared
from ganx.pages.compare_page import compare_page

LONG = "a-run-with-quite-a-long-name"


@cache
def a_page() -> str:
    """Four runs, two of them with long names, of which one saw more images."""
    with TemporaryDirectory() as folder:
        runs = [
            on_disk(contender(name, figure(score), images_seen=seen), Path(folder))
            for name, score, seen in (
                ("00000-sagan", 0.3, 1000),
                ("00001-dcgan", 0.6, 1000),
                (f"00002-{LONG}", 0.31, 1000),
                (f"00003-{LONG}", 0.2, 2000),
            )
        ]
        return compare_page(compared(runs))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_renders(look: Look, dark: bool) -> None:
    page = look(a_page(), dark=dark).page
    assert page.locator("h1").inner_text() == "4 runs side by side"
    for place in ("runs", "scores", "curves", "grids", "settings"):
        assert page.locator(f"#{place} h2").is_visible()
    assert page.locator("#grids img").count() == 4
    broken = "[...document.images].filter(one => !one.naturalWidth).length"
    assert page.evaluate(broken) == 0


def test_the_best_is_told_by_a_star_and_a_name_and_not_by_colour_alone(look: Look) -> None:
    page = look(a_page()).page
    star = 'getComputedStyle(document.querySelector("td.best"), "::before").content'
    assert "★" in page.evaluate(star)
    assert page.locator("td.best").first.inner_text().startswith("60.0 ± 1.0 %")
    assert page.locator("td.verdict").first.inner_text() == "00001-dcgan"


def test_images_seen_are_bold_where_they_differ(look: Look) -> None:
    page = look(a_page()).page
    weight = "one => getComputedStyle(one).fontWeight"
    assert page.eval_on_selector("tr.uneven td", weight) == "700"
    assert "They were not trained equally long" in page.locator(".alarms b").inner_text()


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_pointing_at_a_panel_tells_the_score_of_every_run(look: Look, touch: bool) -> None:
    page = look(a_page(), touch=touch).page
    figure_box = page.locator("figure.curves").first
    figure_box.scroll_into_view_if_needed()
    box = figure_box.locator(".reader").bounding_box()
    near = (box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    assert not figure_box.locator(".tip").is_visible()
    if touch:
        page.touchscreen.tap(*near)
    else:
        page.mouse.move(*near)
    tip = figure_box.locator(".tip").inner_text()
    assert re.match(r"[\d,]+ images seen", tip)
    for name, score in (("00000-sagan", "0.3"), ("00001-dcgan", "0.6"), (f"00003-{LONG}", "0.2")):
        assert re.search(rf"{name}\s+{score}\b", tip)


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_scrolls_down_only_even_while_a_curve_is_read(look: Look, width: int) -> None:
    page = look(a_page(), width=width, touch=True).page
    reader = page.locator("figure.curves .reader").first
    reader.scroll_into_view_if_needed()
    box = reader.bounding_box()
    for share in (0.1, 0.45, 0.55, 0.9):
        page.touchscreen.tap(box["x"] + share * box["width"], box["y"] + 20)
        assert page.locator("figure.curves .tip").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    wider = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".scroll").evaluate_all(wider) >= 2


def test_the_names_of_figures_stay_in_sight_while_a_table_scrolls(look: Look) -> None:
    page = look(a_page(), width=390).page
    page.evaluate("document.querySelectorAll('.scroll').forEach(one => { one.scrollLeft = 300 })")
    head = page.locator("#scores th[scope=row]").first
    assert head.bounding_box()["x"] >= page.locator("#scores .scroll").bounding_box()["x"]


def test_a_comparison_that_is_not_like_for_like_is_stamped(look: Look) -> None:
    other = contender("b", judge={**PROTOCOL["judge"], "digest": "ffffffff"})
    page = look(compare_page(compared([contender("a"), other], anyway=True))).page
    stamp = page.locator(".masthead .stamp")
    assert stamp.is_visible()
    assert "Not like for like. They were judged by different judges" in stamp.inner_text()


def test_dots_at_the_edge_of_a_curve_are_whole(look: Look) -> None:
    page = look(a_page()).page
    dots = page.locator("figure.curves .plot svg:has(path.dots)").first
    assert dots.evaluate("one => getComputedStyle(one).overflow") == "visible"
    lines = page.locator("figure.curves .plot svg:has(path.mean)").first
    assert lines.evaluate("one => getComputedStyle(one).overflow") == "hidden"
