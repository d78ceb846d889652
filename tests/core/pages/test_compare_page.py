"""The page of a comparison, as text."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from compared_runs import PROTOCOL, contender, figure, on_disk

from ganx.comparing.comparison import compared
from ganx.comparing.contender import Contender
from ganx.comparing.history import histories
from ganx.errors import RunError
from ganx.pages.compare_page import _title, compare_page, write_compare_page


def page(*contenders: Contender) -> str:
    return compare_page(compared(contenders, anyway=True))


def cells(html: str, kind: str) -> list[str]:
    """Return the texts of the cells of a class."""
    found = re.findall(rf'<td class="{kind}">(.*?)</td>', html, re.DOTALL)
    return [re.sub("<.*?>", " ", one).strip() for one in found]


def test_the_best_of_a_row_is_marked_and_named() -> None:
    html = page(contender("a", figure(0.2)), contender("b", figure(0.9)))
    assert len(cells(html, "n score best")) == 2
    assert all(cell.startswith("90.0 ± 1.0 %") for cell in cells(html, "n score best"))
    assert cells(html, "verdict") == ["b", "b"]


def test_nobody_is_marked_where_nothing_is_clear() -> None:
    html = page(contender("a", figure(0.50)), contender("b", figure(0.51)))
    assert cells(html, "n score best") == []
    assert cells(html, "verdict") == ["no clear difference"] * 2


def test_reasons_cautions_and_notes_stand_at_the_top() -> None:
    other = contender("b", images_seen=9, judge={**PROTOCOL["judge"], "digest": "ffffffff"})
    noted = replace(other, evaluation=replace(other.evaluation, notes=("A rough judge.",)))
    noted = replace(noted, changes=("from 4 images on: x 2 -> 1",))
    html = page(contender("a"), noted)
    top = html[: html.index("<main>")]
    assert "Not like for like. They were judged by different judges" in top
    assert "<b>They were not trained equally long" in top
    assert "b: A rough judge." in top
    assert "<b>b was changed while it trained: from 4 images on: x 2 -&gt; 1.</b>" in top
    assert '<tr class="uneven">' in html


def test_a_caution_stands_beside_the_name_of_its_figure() -> None:
    few = figure(0.5, name="recall", caution="of 24 images only.")
    html = page(contender("a", few, figure(0.5)), contender("b", figure(0.5)))
    heads = [one for one in re.findall(r'<th scope="row">(.*?)</th>', html) if "recall" in one]
    assert len(heads) == 2
    assert all("of 24 images only." in one for one in heads)
    assert html.count("of 24 images only.") == 2


def test_a_fair_comparison_bears_no_stamp() -> None:
    html = page(contender("a"), contender("b"))
    assert "Not like for like" not in html
    assert '<tr class="uneven">' not in html
    assert "To be known" not in html


def test_names_cannot_break_the_page() -> None:
    html = page(contender("<script>alert(1)</script>"), contender("b"))
    assert "<script>alert" not in html


def test_only_differing_settings_are_listed() -> None:
    one = contender("a", config={"recipe": "r", "train": {"batch_size": 64, "seed": 0}})
    other = contender("b", config={"recipe": "r", "train": {"batch_size": 32, "seed": 0}})
    html = page(one, other)
    assert "train.<wbr>batch_<wbr>size" in html
    assert cells(html, "value") == ["64", "32"]


def test_curves_of_all_runs_share_a_panel(tmp_path: Path) -> None:
    html = page(on_disk(contender("a"), tmp_path), on_disk(contender("b"), tmp_path))
    assert html.count('<figure class="curves"') == 2
    assert "top-k on validation" in html
    assert "labels shuffled" in html
    assert "an evaluation by the protocol of this comparison" in html
    panel = html[html.index('<figure class="curves"') :]
    legend = panel[panel.index('<ul class="legend">') : panel.index("</ul>")]
    assert re.findall(r'<span class="name">(.*?)</span>', legend) == ["a", "b"]


@pytest.mark.parametrize(
    ("kept", "title"),
    [
        (True, "nearness against held-out images on test"),
        (False, "nearness against training images on test"),
    ],
    ids=["evaluations", "scores while training"],
)
def test_a_curve_names_the_real_images_of_its_time(tmp_path: Path, kept: bool, title: str) -> None:
    near = figure(0.5, name="nearness", against="held-out images")
    runs = [on_disk(contender(name, near), tmp_path) for name in "ab"]
    for run in [one.run for one in runs if one.run]:
        told = {"test.nearness": 0.4, "against": {"test.nearness": "training images"}}
        run.append_metrics([{"images_seen": 1000, **told}])
        if not kept:
            shutil.rmtree(run.evaluations)
    shown = [_title(compared(runs), one) for one in histories(runs) if one.name == "test.nearness"]
    assert shown == [title]


def test_the_newest_grid_up_to_the_scored_moment_is_shown(tmp_path: Path) -> None:
    one = on_disk(contender("a"), tmp_path)
    earlier = replace(one, evaluation=contender("a", images_seen=700).evaluation)
    html = page(earlier, contender("b"))
    assert "Images of a after 500 images seen" in html
    assert html.count('src="data:image/') == 1


def test_what_is_not_there_is_said() -> None:
    html = page(contender("a", config={}), contender("b", config={}))
    assert "None of these runs was scored while it trained" in html
    assert "None of these runs has drawn a grid yet" in html
    assert "their configurations are the same" in html


def test_a_damaged_grid_is_named(tmp_path: Path) -> None:
    one = on_disk(contender("a"), tmp_path)
    assert one.run
    one.run.grid(1000).write_bytes(b"no picture")
    with pytest.raises(RunError, match=r"Cannot read the grid .*000001000\.png"):
        page(one, contender("b"))


def test_a_page_is_written_whole_and_its_folder_made(tmp_path: Path) -> None:
    found = compared([contender("a"), contender("b")])
    write_compare_page(found, tmp_path / "new/compare.html")
    assert (tmp_path / "new/compare.html").read_text("utf-8") == compare_page(found)
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="Cannot write"):
        write_compare_page(found, tmp_path / "file/compare.html")
