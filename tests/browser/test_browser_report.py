"""``ganx report`` in a real browser: what is seen, pointed at, touched and typed."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from looking import Look, watched
from shown_run import shown_material, shown_run

from ganx.pages.report import report


@cache
def a_page() -> str:
    with TemporaryDirectory() as folder:
        return report(shown_run(Path(folder)), shown_material())


def colour(page: Any, selector: str, name: str) -> tuple[float, ...]:
    """Read a colour of an element, as red, green and blue from 0 to 255."""
    written = page.eval_on_selector(selector, f"one => getComputedStyle(one).{name}")
    return tuple(float(part) for part in re.findall(r"[\d.]+", written)[:3])


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast ratio as the Web Content Accessibility Guidelines 2.1 define it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    parts = [value / 255 for value in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_it_renders_and_stays_by_itself(look: Look) -> None:
    page = look(a_page()).page
    assert page.locator("h1").inner_text() == "00000-sagan-solids"
    for place in ("scores", "curves", "grid", "prompts", "making", "commands"):
        assert page.locator(f"#{place} h2").is_visible()
    broken = "[...document.images].filter(one => !one.hidden && !one.naturalWidth).length"
    assert page.locator("img").count() > 5
    assert page.evaluate(broken) == 0


def test_what_goes_wrong_in_a_page_would_be_noticed(browser: Any) -> None:
    page = browser.new_page()
    seen = watched(page)
    page.set_content(
        "<script>console.error('oh'); fetch('https://ganx.invalid/'); no.where</script>"
    )
    page.evaluate("1")
    page.close()
    assert any("oh" in text for text in seen.complaints)
    assert any("no is not defined" in text for text in seen.complaints)
    assert any("ganx.invalid" in address for address in seen.requests)


def test_the_slider_changes_picture_and_label(look: Look) -> None:
    page = look(a_page()).page
    shown = page.locator(".moments img:not([hidden])")
    label = page.locator(".moments output")
    assert label.inner_text() == "4,000 images seen"
    last = shown.get_attribute("src")
    page.locator(".moments input").focus()
    page.keyboard.press("ArrowLeft")
    assert label.inner_text() == "3,200 images seen"
    assert shown.count() == 1
    assert shown.get_attribute("src") != last
    page.keyboard.press("Home")
    assert label.inner_text() == "800 images seen"


def test_the_grids_play_to_the_end(look: Look) -> None:
    page = look(a_page()).page
    page.clock.install()
    button = page.locator(".moments button")
    button.click()
    assert page.locator(".moments output").inner_text() == "800 images seen"
    assert "Pause" in button.inner_text()
    page.clock.run_for(2500)
    assert page.locator(".moments output").inner_text() == "4,000 images seen"
    assert "Play" in button.inner_text()


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_pointing_at_a_curve_tells_its_values(look: Look, touch: bool) -> None:
    page = look(a_page(), touch=touch).page
    figure = page.locator("figure.curves", has_text="Loss").first
    figure.scroll_into_view_if_needed()
    box = figure.locator(".reader").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert not figure.locator(".tip").is_visible()
    if touch:
        page.touchscreen.tap(*middle)
    else:
        page.mouse.move(*middle)
    tip = figure.locator(".tip").inner_text()
    seen = int(re.match(r"([\d,]+) images seen", tip)[1].replace(",", ""))
    assert abs(seen - 2005) < 100
    assert re.search(r"D on real: bce\s+[01]\.\d", tip)
    if not touch:
        page.mouse.move(0, 0)
        assert not figure.locator(".tip").is_visible()


def test_curves_are_read_by_keyboard_and_said_aloud(look: Look) -> None:
    page = look(a_page()).page
    figure = page.locator("figure.curves", has_text="Validation")
    reader = figure.get_by_role("slider", name="Read Validation at images seen")
    reader.focus()
    page.keyboard.press("Home")
    assert reader.get_attribute("aria-valuetext") == "1,000 images seen: top-k 0.2"
    page.keyboard.press("ArrowRight")
    assert reader.get_attribute("aria-valuetext") == "2,000 images seen: top-k 0.4"
    assert "2,000" in figure.locator(".tip").inner_text()
    page.keyboard.press("Escape")
    assert not figure.locator(".tip").is_visible()


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_scrolls_down_only(look: Look, width: int) -> None:
    page = look(a_page(), width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    spilling = """width => [...document.querySelectorAll("main *")].filter(one =>
        !one.closest(".scroll, .plot, .across") && one.getBoundingClientRect().right > width + 1
    ).map(one => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(spilling, width) == []


PANELS = {
    "body": "body",
    ".lede": "body",
    ".tile .beside": ".tile",
    ".alarms li": ".alarms",
    ".cell.right .verdict": ".cell.right",
    ".cell.wrong .verdict": ".cell.wrong",
    "summary small": "details",
    ".alarms h2": ".alarms",
    ".legend .last": ".curves",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(look: Look, dark: bool) -> None:
    page = look(a_page(), dark=dark).page
    for text, panel in PANELS.items():
        pair = colour(page, text, "color"), colour(page, panel, "backgroundColor")
        assert contrast(*pair) >= 4.5, text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_numbers_stay_readable_on_the_warmest_cell(look: Look, dark: bool) -> None:
    page = look(a_page(), dark=dark).page
    style = "getComputedStyle(document.documentElement).getPropertyValue"
    heat = page.evaluate(f"{style}('--heat')").strip().removeprefix("#")
    warmest = tuple(int(heat[i : i + 2], 16) for i in (0, 2, 4))
    assert contrast(colour(page, "body", "color"), warmest) >= 4.5


def test_dark_mode_is_dark(look: Look) -> None:
    light = colour(look(a_page()).page, "body", "backgroundColor")
    dark = colour(look(a_page(), dark=True).page, "body", "backgroundColor")
    assert min(light) > 230
    assert max(dark) < 40


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_curves_stand_out_from_their_panel(look: Look, dark: bool) -> None:
    page = look(a_page(), dark=dark).page
    behind = colour(page, ".curves", "backgroundColor")
    for number in range(8):
        page.eval_on_selector("path.mean", f"one => one.setAttribute('class', 'c{number}')")
        assert contrast(colour(page, f"path.c{number}", "stroke"), behind) >= 3
        page.eval_on_selector(f"path.c{number}", "one => one.setAttribute('class', 'mean')")


def test_prompts_are_marked_by_sign_and_not_by_colour_alone(look: Look) -> None:
    page = look(a_page()).page
    cells = page.locator("#prompts details[open] .cell")
    wrong, right = ([line for line in text.split("\n") if line] for text in cells.all_inner_texts())
    assert wrong == ["✗ wrong", "asked", "✗ red cube", "judge saw", "+ green cube 100 %"]
    assert right[0] == "✓ right"
    assert "✓ gray cone" in right
    assert "✓ gray cone 100 %" in right
