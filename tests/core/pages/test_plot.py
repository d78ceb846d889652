"""Curves of a run: what is drawn, how it is averaged and what it is called."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from ganx.errors import RunError
from ganx.pages.curve_names import in_words, panels
from ganx.pages.plot import draw_curves, save_curves
from ganx.pages.smoothing import running_mean, thinned
from ganx.runs.metrics import Column, Metrics

COUNT = 50
SEEN: Column = np.arange(1, COUNT + 1) * np.float64(64)


def metrics(**more: float) -> Metrics:
    """Return a run whose learning rate of G falls, and whose others stay."""
    noise = np.random.default_rng(0).random(COUNT)
    names = ("real.bce", "fake.bce", "generator.bce", "probability.real", "probability.fake")
    columns = {name: noise + number for number, name in enumerate(names)}
    sparse = np.where(np.arange(COUNT) % 10 == 9, 120.0, np.nan)
    return Metrics(
        SEEN,
        {"iteration": np.arange(COUNT) + 1.0, **columns}
        | {"images_per_second": sparse, "learning_rate.discriminator": sparse}
        | {"learning_rate.generator": sparse * np.linspace(1, 0, COUNT)}
        | {name: np.full(COUNT, value) for name, value in more.items()},
    )


def grouped(run: Metrics, *asked: str) -> dict[str, list[str]]:
    return {panel.title: list(panel.names) for panel in panels(run, asked)}


def test_losses_probabilities_and_changing_learning_rates_are_drawn() -> None:
    assert grouped(metrics()) == {
        "Loss": ["real.bce", "fake.bce", "generator.bce"],
        "Probability": ["probability.real", "probability.fake"],
        "Learning rate": ["learning_rate.generator"],
    }


def test_every_part_of_a_loss_and_every_term_stands_with_the_losses() -> None:
    more = {"penalty.gradient-penalty": 1.0, "pair.relativistic": 1.0, "real.auxiliary": 1.0}
    assert {*more} < {*grouped(metrics(**more))["Loss"]}


def test_a_metric_that_ganx_does_not_know_has_a_panel_of_its_own() -> None:
    assert grouped(metrics(**{"top_k.test": 0.5}))["Top k"] == ["top_k.test"]


def test_a_name_or_all_that_begin_with_it_can_be_asked_for() -> None:
    asked = grouped(metrics(), "images_per_second", "probability", "learning_rate", "real.bce")
    assert asked == {
        "Images per second": ["images_per_second"],
        "Probability": ["probability.real", "probability.fake"],
        "Learning rate": ["learning_rate.discriminator", "learning_rate.generator"],
        "Loss": ["real.bce"],
    }
    assert grouped(metrics(), "real", "real.bce") == {"Loss": ["real.bce"]}


@pytest.mark.parametrize("name", ["real.bcd", "rea", "iteration"])
def test_an_unknown_metric_is_answered_with_all(name: str) -> None:
    with pytest.raises(RunError, match=rf"Unknown metric '{name}'.*fake.bce, generator.bce"):
        panels(metrics(), [name])


def test_of_many_metrics_some_are_listed_and_it_is_said_where_all_are() -> None:
    many = metrics(**{f"test.figure {number}": 0.5 for number in range(30)})
    with pytest.raises(RunError, match=r"and \d+ more\. .*metrics\.jsonl has them all") as caught:
        panels(many, ["nothing"])
    assert caught.value.remedy is not None
    assert caught.value.remedy.kind == "see-all-metrics"


def test_a_run_without_any_curve_is_refused() -> None:
    with pytest.raises(RunError, match="hold no curves yet"):
        panels(Metrics(SEEN, {"iteration": SEEN}))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("real.bce", "D on real: bce"),
        ("fake.auxiliary", "D on fake: auxiliary"),
        ("pair.relativistic", "D on both: relativistic"),
        ("penalty.gradient-penalty", "D's penalty: gradient-penalty"),
        ("generator.mutual-information", "G: mutual-information"),
        ("probability.real", "D(x)"),
        ("probability.generator", "D(G(z)) before G's step"),
        ("probability.fake", "D(G(z)) after G's step"),
        ("learning_rate.generator", "generator"),
        ("loss", "loss"),
        ("images.pixel diversity", "pixel diversity"),
        ("images.pixel diversity of real images", "pixel diversity of training images"),
        ("images.judge-FID", "judge-FID"),
    ],
)
def test_legends_are_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


def test_a_running_mean_is_over_images_and_not_over_readings() -> None:
    seen = np.array([0.0, 10, 20, 100, 110])
    values = np.array([1.0, 3, 5, 10, 20])
    assert running_mean(seen, values, 20).tolist() == [2, 3, 4, 15, 15]
    assert running_mean(seen, values, 40).tolist() == [3, 3, 3, 15, 15]


def test_a_running_mean_over_nothing_is_the_readings() -> None:
    values = np.array([1.0, 3.0, 2.0])
    assert running_mean(SEEN[:3], values, 0).tolist() == values.tolist()


def test_fewer_points_keep_every_peak_and_both_ends() -> None:
    values = np.sin(np.arange(10_007.0))
    values[5_003], values[7_001] = 9, -9
    seen, kept = thinned(np.arange(10_007.0), values, 500)
    assert len(kept) <= 600
    assert {9.0, -9.0} <= {*kept.tolist()}
    assert (values[seen.astype(int)] == kept).all()
    assert (np.diff(seen) > 0).all()
    assert (seen[0], seen[-1]) == (0, 10_006)


def test_few_points_are_all_kept() -> None:
    assert thinned(SEEN, SEEN, COUNT)[0] is SEEN


def test_means_stand_before_faint_readings() -> None:
    run = metrics()
    plot = draw_curves(run, panels(run, ["real.bce"]), "run", smooth=640)
    raw, mean = plot.axes[0].get_lines()
    assert np.array_equal(raw.get_ydata(), run.columns["real.bce"])
    assert np.ptp(np.asarray(mean.get_ydata())) < np.ptp(np.asarray(raw.get_ydata()))
    assert raw.get_alpha() == pytest.approx(0.25)
    assert raw.get_zorder() < mean.get_zorder()
    assert mean.get_label() == "D on real: bce"


def test_readings_that_are_not_averaged_stand_alone() -> None:
    run = metrics()
    plot = draw_curves(run, panels(run, ["real.bce"]), "run", smooth=0)
    (line,) = plot.axes[0].get_lines()
    assert np.array_equal(line.get_ydata(), run.columns["real.bce"])


def test_a_learning_rate_is_drawn_as_it_is() -> None:
    run = metrics()
    plot = draw_curves(run, panels(run, ["learning_rate.generator"]), "run", smooth=1e6)
    (line,) = plot.axes[0].get_lines()
    assert np.size(line.get_xdata()) == COUNT // 10


def test_panels_share_the_images_seen_and_probabilities_have_the_scale_of_shares() -> None:
    run = metrics()
    losses, probabilities, rates = draw_curves(run, panels(run), "run").axes
    assert losses.get_xlim() == rates.get_xlim()
    assert rates.get_xlabel() == "images seen"
    assert probabilities.get_ylim() == pytest.approx((-0.02, 1.02))


def test_curves_of_one_side_have_one_colour_and_different_strokes() -> None:
    run = metrics(**{"real.auxiliary": 0.5})
    losses, probabilities, _ = draw_curves(run, panels(run), "run", smooth=0).axes
    lines = {line.get_label(): line for line in losses.get_lines()}
    bce, auxiliary = lines["D on real: bce"], lines["D on real: auxiliary"]
    assert bce.get_color() == auxiliary.get_color() == probabilities.get_lines()[0].get_color()
    assert bce.get_linestyle() != auxiliary.get_linestyle()
    assert len({line.get_color() for line in losses.get_lines()}) == 3


def test_a_single_outlier_does_not_flatten_the_rest() -> None:
    run = metrics()
    columns = {"real.bce": np.random.default_rng(1).random(1000)}
    columns["real.bce"][500] = 1e6
    run = Metrics(np.arange(1000.0), columns)
    assert draw_curves(run, panels(run), "run", smooth=0).axes[0].get_ylim()[1] > 1e6
    columns["real.bce"][500] = 20
    assert draw_curves(run, panels(run), "run").axes[0].get_ylim()[1] < 3


def test_a_single_reading_is_a_point() -> None:
    run = Metrics(SEEN[:1], {"real.bce": np.array([0.5])})
    (line,) = draw_curves(run, panels(run), "run").axes[0].get_lines()
    assert line.get_marker() == "."


def test_a_curve_without_a_finite_value_leaves_its_panel_empty() -> None:
    run = metrics(**{"real.bad": float("nan")})
    plot = draw_curves(run, panels(run, ["real.bad", "fake.bce"]), "run", smooth=0)
    assert [line.get_label() for line in plot.axes[0].get_lines()] == ["D on fake: bce"]


def test_a_png_is_a_picture_for_a_page(tmp_path: Path) -> None:
    run = metrics()
    path = tmp_path / "new" / "curves.png"
    save_curves(draw_curves(run, panels(run), "run"), path)
    with Image.open(path) as picture:
        assert picture.width == 1500
        assert np.asarray(picture.convert("L")).min() < 50
    assert list(path.parent.iterdir()) == [path]


def test_an_svg_is_the_same_whenever_it_is_drawn(tmp_path: Path) -> None:
    run = metrics()
    path = tmp_path / "curves.svg"
    save_curves(draw_curves(run, panels(run), "run"), path)
    root = ET.parse(path).getroot()  # noqa: S314 - the file is our own
    assert root.tag.endswith("svg")
    assert "date" not in path.read_text("utf-8").lower()


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    run = metrics()
    with pytest.raises(RunError, match=r"\.png, \.svg, \.pdf, not as curves\.gif"):
        save_curves(draw_curves(run, panels(run), "run"), tmp_path / "curves.gif")
    assert list(tmp_path.iterdir()) == []
