"""The page of a run: what it shows, and what it says where something is missing."""

import html
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from seeing import reader
from shown_run import IMAGES_SEEN, shown_evaluation, shown_material, shown_run, shown_subject

from ganx.contracts.protocol import DataIdentity, JudgeIdentity, ScoringProtocol
from ganx.contracts.results import Evaluation
from ganx.errors import RunError
from ganx.pages.judge_words import about_judge
from ganx.pages.label_words import label_words
from ganx.pages.past_grids import history_of
from ganx.pages.report import Material, report


def text_of(page: str) -> str:
    """Read a page as a person does, in one line."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_page_tells_what_the_run_is(tmp_path: Path) -> None:
    text = text_of(report(shown_run(tmp_path), shown_material()))
    assert "00000-sagan-solids sagan-bce (sagan) on solids" in text
    assert "finished after 4,000 images seen" in text
    assert "begun 2026-01-02 03:04 UTC" in text
    assert "ganx-sagan 0.1.0" in text
    assert "precision float32" in text
    assert "Seed 7" in text
    assert "recipe = &#34;sagan-bce&#34;" in text


def test_scores_stand_beside_chance_and_the_judge_beside_them(tmp_path: Path) -> None:
    material = shown_material()
    page = report(shown_run(tmp_path), material)
    text = text_of(page)
    figures = dict(material.evaluation.figures())  # type: ignore[union-attr]
    assert f"Test prompts: top-k {100 * figures['test.top-k'].mean:.1f} ± 0.0 %" in text
    assert "was trained on other images than this run and never took part in its training." in text
    assert "it reaches top-k 99.0 %" in text
    assert "top-k, shuffled" in page


def test_tables_of_objects_are_a_map_of_colours_and_shapes(tmp_path: Path) -> None:
    text = text_of(report(shown_run(tmp_path), shown_material()))
    assert "by object cube sphere cone red 0.0 % 100.0 % 100.0 %" in text
    assert "shape asked and seen" in text


def test_commands_are_those_of_whoever_asks_for_the_page(tmp_path: Path) -> None:
    given = [("Score it", "score RUN --twice"), ("Ship it", "ship RUN")]
    text = text_of(report(shown_run(tmp_path / "one"), shown_material(commands=given)))
    assert "Commands Score it score RUN --twice Ship it ship RUN" in text
    assert "Commands" not in text_of(
        report(shown_run(tmp_path / "none"), shown_material(commands=()))
    )


def test_an_alarm_is_told_with_how_to_do_what_it_says(tmp_path: Path) -> None:
    how = {"collapse": "Turn the blue knob.", "defeat": "Turn the red one."}
    text = text_of(report(shown_run(tmp_path), shown_material(how=how)))
    assert "All images look alike. Turn the blue knob." in text
    assert "red one" not in text


def test_alarms_are_told_first_and_not_without_end(tmp_path: Path) -> None:
    text = text_of(report(shown_run(tmp_path / "one"), shown_material()))
    assert "1 alarm while training collapse at 1,000 images seen: All images look alike." in text
    assert text.index("1 alarm") < text.index("Scores Of the averaged")
    many = text_of(report(shown_run(tmp_path / "many", alarms=20), shown_material()))
    assert "20 alarms" in many
    assert "and 8 more" in many
    assert "alarm" not in text_of(report(shown_run(tmp_path / "none", alarms=0), Material()))


def test_what_was_selected_on_test_prompts_is_stamped(tmp_path: Path) -> None:
    run, subject = shown_run(tmp_path), shown_subject()
    page = report(run, Material(shown_evaluation(subject, "test")))
    assert re.search(r'class="stamp" role="note">[^<]*selected[^<]*test', page)
    fair = shown_evaluation(subject, "validation")
    assert 'class="stamp"' not in report(run, Material(fair))
    assert "the best of the run on validation prompts" in text_of(report(run, Material(fair)))
    noted = replace(fair, notes=("Read this.",))
    assert "Read this." in text_of(report(run, Material(noted)))


def test_other_evaluations_are_listed(tmp_path: Path) -> None:
    material = shown_material()
    first = material.evaluation
    assert isinstance(first, Evaluation)
    raw = replace(first, origin=replace(first.origin, weights="raw"))
    text = text_of(report(shown_run(tmp_path), replace(material, others=[first, raw])))
    assert "All 2 evaluations kept with this run" in text
    assert "4,000 raw solids 6px" in text


def test_a_run_that_has_just_begun_has_a_page(tmp_path: Path) -> None:
    run = shown_run(tmp_path, grids=0)
    run.metrics.unlink()
    run.provenance.unlink()
    page = report(run, Material(missing=["There is no checkpoint."]))
    text = text_of(page)
    assert "no readings yet, of 4,000 images" in text
    assert "There is no checkpoint." in text
    assert not re.search('id="(curves|grid|prompts)"', page)


def test_a_run_without_scores_says_how_to_get_them(tmp_path: Path) -> None:
    assert "has not been scored" in text_of(report(shown_run(tmp_path), Material()))


def test_images_are_shown_without_a_judge(tmp_path: Path) -> None:
    page = report(shown_run(tmp_path), Material(subject=shown_subject(judge=None)))
    assert "Nobody judges them." in text_of(page)
    assert "✓ right" not in page


def test_damaged_metrics_are_reported(tmp_path: Path) -> None:
    run = shown_run(tmp_path)
    run.metrics.write_text("nonsense\n{}\n", "utf-8")
    with pytest.raises(RunError, match="line 1"):
        report(run, Material())


def test_a_last_alarm_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    run = shown_run(tmp_path)
    with run.alarms.open("a", encoding="utf-8") as file:
        file.write('{"images_se')
    assert "1 alarm while" in text_of(report(run, Material()))


def test_grids_are_thinned_evenly_and_that_is_said(tmp_path: Path) -> None:
    run = shown_run(tmp_path, grids=40)
    history = history_of(run)
    moments = [picture.images_seen for picture in history.pictures]
    assert (len(moments), history.kept) == (24, 40)
    assert (moments[0], moments[-1]) == (100, 4000)
    assert max(np.diff(moments)) <= 200
    assert "24 of the run's 40 grids are shown" in text_of(report(run, Material()))


def test_large_grids_are_fewer(tmp_path: Path) -> None:
    run = shown_run(tmp_path, grids=10)
    rng = np.random.default_rng(0)
    for path in run.grids.iterdir():
        Image.fromarray(rng.integers(0, 256, (200, 200, 3), np.uint8)).save(path)
    whole = history_of(run)
    half = sum(len(one.address) for one in whole.pictures) // 2
    fewer = history_of(run, budget=half)
    assert 2 <= len(fewer.pictures) <= 5
    assert fewer.pictures[-1].images_seen == 4000
    assert sum(len(one.address) for one in fewer.pictures) <= 1.1 * half


def test_a_damaged_grid_is_named(tmp_path: Path) -> None:
    run = shown_run(tmp_path)
    run.grid(4000).write_bytes(b"no picture")
    with pytest.raises(RunError, match=r"000004000\.png"):
        report(run, Material())


RENDERED = {"source": "rendered", "seed": 0}


@pytest.mark.parametrize(
    ("own", "of_run", "said"),
    [
        ({"source": "rendered", "seed": 9}, RENDERED, "was trained on other images than this run"),
        ({"source": "folder"}, RENDERED, "was trained on other images than this run"),
        (RENDERED, RENDERED, "maybe on the same images"),
        ({"source": "folder"}, {"source": "folder"}, "maybe on the same images"),
        ({"files": 3}, {"files": 3}, "maybe on the same images"),
        ({}, RENDERED, "is not recorded"),
    ],
)
def test_no_more_is_claimed_of_a_judge_than_is_known(
    own: dict[str, object], of_run: dict[str, object], said: str
) -> None:
    protocol = ScoringProtocol(
        judge=JudgeIdentity("x", "00"), data=DataIdentity("solids", "f00d", of_run)
    )
    sentences = about_judge(protocol, reader(record={"dataset": {"provenance": own}}))
    assert said in sentences[0]
    assert "never took part in" in sentences[0]
    assert "not recorded" in sentences[1]


def test_few_images_that_a_judge_was_examined_on_are_told_beside_its_scores() -> None:
    judge = reader(record={"held_out": {"images": 2, "scores": {"top-k": 1.0}}})
    protocol = ScoringProtocol(judge=JudgeIdentity("x", "00", judge.held_out))
    assert about_judge(protocol, judge)[1].endswith(judge.caution)
    assert "examined on 2 images only" in judge.caution


def test_a_caution_stands_beside_its_figure_wherever_the_page_shows_it(tmp_path: Path) -> None:
    evaluation = shown_evaluation(shown_subject())
    caution = "of 24 images only."
    results = [
        replace(one, figures=[replace(figure, caution=caution) for figure in one.figures])
        for one in evaluation.results
    ]
    few = replace(evaluation, results=results)
    shown = len(list(few.figures()))
    page = report(shown_run(tmp_path), shown_material(evaluation=few, others=[evaluation, few]))
    tiles = 2  # a headline of either set of prompts, here and in the list of all evaluations
    assert page.count(caution) == shown + 2 * tiles


def test_nothing_is_said_of_a_judge_that_is_not_there() -> None:
    assert about_judge(ScoringProtocol(), None) == []


def test_a_page_of_a_usual_run_is_small(tmp_path: Path) -> None:
    run = shown_run(tmp_path, grids=6)
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 256, (133, 133, 3), np.uint8)).resize((530, 530))
    for path in run.grids.iterdir():
        smooth.save(path, compress_level=1)
    page = report(run, shown_material())
    assert 300_000 < len(page.encode()) < 3_000_000


def test_whether_labels_are_learned_is_said_and_drawn(tmp_path: Path) -> None:
    run = shown_run(tmp_path)
    figures = {"label preference": 0.25, "share of c": 0.125, "share of z": 0.75}
    figures |= {"share of both": 0.125, "gradient from c over z": 0.5}
    for seen in (IMAGES_SEEN + 1000, IMAGES_SEEN + 2000):
        scores = {f"labels.{name}": value for name, value in figures.items()}
        run.append_metrics([{"images_seen": seen, "iteration": seen // 10, **scores}])
        figures["label preference"] = 0.75
    page = report(run, shown_material())
    text = text_of(page)
    assert "Will it learn its labels?" in text
    assert (
        "D prefers right labels by 0.75 sd; labels alone decide 12% of the pixels' variance, "
        "noise alone 75%, the rest both together; G's loss hangs 0.50 times as much on labels as "
        "on noise" in html.unescape(text)
    )
    section = page.partition('<section id="labels">')[2].partition("</section>")[0]
    assert section.count("<figure") == 3
    assert "Label preference" not in page.partition('<section id="curves">')[2]


def test_a_run_that_measured_no_labels_has_no_such_part(tmp_path: Path) -> None:
    assert "Will it learn" not in report(shown_run(tmp_path), shown_material())


def test_a_head_that_tells_labels_alone_is_named() -> None:
    head = {"labels.label preference of the head": 2.5}
    assert label_words(head) == (
        "D's head, not its score, tells labels: it prefers right ones by 2.50 sd"
    )
    both = {"labels.label preference": 0.1, **head}
    assert label_words(both).endswith("by 0.10 sd; its head prefers right ones by 2.50 sd")
    assert label_words({"validation.top-k": 0.5}) == ""
