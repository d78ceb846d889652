"""Curves of a page: what is drawn, in which colours, and what is read off it."""

import json
import re
from html import unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganx.pages.curve_lines import Curve, curves_of, usual_smoothing
from ganx.pages.curve_names import panels
from ganx.pages.curves import Level, curve_panel
from ganx.pages.run_curves import run_curves
from ganx.pages.scale import Scale
from ganx.runs.metrics import Metrics

SEEN = np.arange(10.0, 5010.0, 10.0)
RISING = Curve("rising", SEEN, SEEN / 5000)


def readings(panel: str) -> list[list[list[float]]]:
    """Read what the script is given."""
    found = re.search(r'data-readings="([^"]*)"', panel)
    assert found
    read: list[list[list[float]]] = json.loads(unescape(found[1]))
    return read


def test_a_long_curve_is_thinned_and_keeps_its_ends_and_its_peak() -> None:
    values = np.sin(SEEN / 50)
    values[77] = 9.0
    ((seen, kept),) = readings(curve_panel("Loss", [Curve("sine", SEEN, values)]))
    assert len(seen) <= 310
    assert (seen[0], seen[-1]) == (10, 5000)
    assert max(kept) == 9.0


def test_values_are_told_as_they_are() -> None:
    short = Curve("short", np.array([5.0, 10.0]), np.array([0.123456, 2.0]))
    assert readings(curve_panel("Score", [short])) == [[[5, 10], [0.1235, 2.0]]]


def test_a_smoothed_curve_has_its_readings_behind_it() -> None:
    noisy = Curve("noisy", SEEN, np.random.default_rng(0).random(len(SEEN)))
    assert 'class="readings' in curve_panel("Loss", [noisy], smooth=500)
    assert 'class="readings' not in curve_panel("Loss", [noisy])
    assert np.std(readings(curve_panel("Loss", [noisy], smooth=500))[0][1]) < 0.1


def test_a_share_is_drawn_from_bottom_to_top() -> None:
    panel = curve_panel("Score", [RISING], share=True)
    assert re.search(r'class="mean c0 d0" d="M0 998L.*L1000 0"', panel)


def test_few_readings_are_dots_too() -> None:
    few = Curve("few", SEEN[:3], SEEN[:3])
    assert 'class="dots' in curve_panel("Score", [few])
    assert 'class="dots' not in curve_panel("Score", [RISING])


def test_a_level_is_named_and_has_room() -> None:
    panel = curve_panel("Score", [RISING], levels=[Level("shuffled", -3.0)])
    assert "shuffled" in panel
    assert float(re.search(r'data-bottom="([^"]*)"', panel)[1]) < -3  # type: ignore[index]


def test_labels_are_escaped() -> None:
    panel = curve_panel("<Loss>", [Curve("<i>", SEEN, SEEN)])
    assert "<i>" not in panel
    assert "&lt;Loss&gt;" in panel


@pytest.mark.parametrize("curves", [[], [Curve("none", SEEN[:0], SEEN[:0])]])
def test_without_readings_there_is_no_panel(curves: list[Curve]) -> None:
    assert curve_panel("Loss", curves) == ""


def test_a_single_reading_is_drawn() -> None:
    assert readings(curve_panel("Score", [Curve("one", SEEN[:1], SEEN[:1])])) == [[[10], [10.0]]]


def test_sides_of_a_loss_have_their_colours_everywhere() -> None:
    names = ("real.bce", "fake.bce", "generator.bce", "real.auxiliary")
    metrics = Metrics(SEEN, dict.fromkeys(names, SEEN))
    found = curves_of(metrics, panels(metrics)[0])
    assert [(one.colour, one.dash) for one in found] == [(0, 0), (1, 0), (2, 0), (0, 1)]


def test_scores_stand_apart_from_losses_and_shares_from_distances() -> None:
    columns = {
        "real.bce": SEEN,
        "validation.top-k": SEEN / 5000,
        "validation.exact match": SEEN / 9000,
        "images.judge-FID": SEEN,
        "images.recall": SEEN / 5000,
    }
    against = {"images.judge-FID": "training images", "images.recall": "training images"}
    found = run_curves(Metrics(SEEN, columns, against), None)
    titles = [re.search("<figcaption>(.*)</figcaption>", panel)[1] for panel in found.scores]  # type: ignore[index]
    assert titles == ["Validation", "Images", "Images: judge-FID against training images"]
    assert "recall against training images" in found.scores[1]
    assert len(found.training) == 1
    assert len(readings(found.scores[0])) == 2


def test_all_panels_of_a_run_reach_equally_far() -> None:
    late = np.where(SEEN > 4000, SEEN, np.nan)
    found = run_curves(Metrics(SEEN, {"real.bce": SEEN, "validation.top-k": late / 5000}), None)
    for panel in found.scores + found.training:
        assert 'data-low="0.0" data-high="5000.0"' in panel


def test_a_run_is_smoothed_over_a_fiftieth() -> None:
    assert usual_smoothing(SEEN) == pytest.approx(4990 / 50)
    assert usual_smoothing(SEEN[:0]) == 0


@given(
    low=st.floats(-1e6, 1e6, allow_subnormal=False),
    width=st.floats(1e-3, 1e6),
    most=st.integers(2, 8),
)
def test_ticks_are_round_few_and_inside(low: float, width: float, most: int) -> None:
    scale = Scale(low, low + width)
    ticks = scale.ticks(most)
    assert len(ticks) <= most + 1
    assert all(-1e-6 <= scale.share(tick) <= 1 + 1e-6 for tick in ticks)


def test_ticks_are_the_numbers_that_a_person_would_choose() -> None:
    assert Scale(0, 1).ticks(5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert Scale(3, 345_856).ticks(4) == [100_000, 200_000, 300_000]


def test_equal_values_lie_in_the_middle() -> None:
    assert Scale.covering([4.0, 4.0]).share(4.0) == 0.5
    assert Scale.covering([0.0]).share(0.0) == 0.5
    assert Scale.covering([]) == Scale(0, 1)
