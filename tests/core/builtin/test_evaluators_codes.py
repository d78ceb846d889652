"""Codes matched to the classes that a judge sees, as figures and tables."""

import pytest
import torch
from seeing import DIGITS, FACES, SOLIDS, Shows, coder, faithful, painter, reader
from torch import Tensor

from ganx.builtin.evaluators.codes import codes
from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.builtin.evaluators.settings import CodesConfig
from ganx.contracts.judge import Judge
from ganx.contracts.latent import Latent, LatentPart
from ganx.contracts.results import Cell, Result
from ganx.contracts.subject import Subject
from ganx.errors import DataError

NOISE = LatentPart("noise", "uniform", 5)
FEW = CodesConfig(images=200)


def latent(*sizes: int) -> Latent:
    parts = (LatentPart(f"code{n}", "categorical", size) for n, size in enumerate(sizes))
    return Latent((NOISE, *parts, LatentPart("style", "continuous", 2)))


def shifted(z: Tensor, c: Tensor) -> Tensor:
    """Show the class after the value of the first code."""
    del c
    return z[:, 5:9].roll(1, dims=1)


def random_class(z: Tensor, c: Tensor) -> Tensor:
    """Show a class that the noise decides."""
    del c
    return torch.eye(4)[z[:, :4].argmax(dim=1)]


def scored(
    shows: Shows, judge: Judge | None = None, *sizes: int, config: CodesConfig = FEW
) -> Result:
    generator = coder(shows, latent(*(sizes or (4,))))
    subject = Subject(generator, {}, judge or reader(DIGITS), seeds=range(3))
    (result,) = codes(subject, config)
    return result


def table(result: Result, title: str) -> list[list[Cell]]:
    (found,) = [one for one in result.tables if one.title == title]
    return [list(row) for row in found.rows]


def test_a_code_that_names_a_class_is_right_once_matched() -> None:
    result = scored(shifted)
    assert (result.evaluator, result.scope) == ("codes", "codes")
    (figure,) = result.figures
    assert (figure.name, figure.mean, figure.sd, figure.draws) == ("code0 as digit", 1.0, 0.0, 3)
    assert figure.z > 10
    rows = table(result, "code0 as digit")
    assert [row[:2] for row in rows] == [["0", "1"], ["1", "2"], ["2", "3"], ["3", "0"]]
    assert [row[4] for row in rows] == [1.0] * 4


def test_the_baseline_is_matched_too() -> None:
    chance = scored(shifted).figures[0].chance
    assert chance is not None
    assert 0.25 < chance.mean < 0.4


def test_a_code_that_shows_nothing_is_at_chance() -> None:
    (figure,) = scored(random_class).figures
    assert abs(figure.z) < 3
    assert figure.mean < 0.4


def test_a_confusion_counts_every_image_of_every_seed() -> None:
    rows = table(scored(random_class), "code0 and digit seen")
    assert [row[0] for row in rows] == ["0", "1", "2", "3"]
    assert sum(int(cell or 0) for row in rows for cell in row[1:]) == 3 * 200


def test_shares_are_those_of_the_confusion() -> None:
    result = scored(random_class)
    counts = {row[0]: row[1:] for row in table(result, "code0 and digit seen")}
    for value, partner, images, hits, share in table(result, "code0 as digit"):
        own = [int(count or 0) for count in counts[value]]
        assert images == sum(own)
        assert hits == own[int(str(partner))]
        assert share == own[int(str(partner))] / sum(own)


def test_the_figure_names_the_judge_and_the_number_of_images() -> None:
    judge = reader(DIGITS, {"name": "digits 6px"})
    (figure,) = scored(shifted, judge, config=CodesConfig(images=1500)).figures
    assert figure.qualifier == f"judge digits 6px {judge.digest}, 1,500 images"


def test_a_value_without_partner_has_no_class() -> None:
    def merged(z: Tensor, c: Tensor) -> Tensor:
        del c
        return z[:, 5:9] + torch.nn.functional.pad(z[:, 9:10], (0, 3))

    rows = table(scored(merged, None, 5), "code0 as digit")
    without = [row for row in rows if row[1] is None]
    assert len(without) == 1
    assert without[0][0] in {"0", "4"}
    assert without[0][3:] == [0, 0.0]


def test_every_code_is_matched_to_every_group() -> None:
    def faces(z: Tensor, c: Tensor) -> Tensor:
        del c
        return z[:, 5:10]

    found = {one.name: one.mean for one in scored(faces, reader(FACES), 3, 2).figures}
    assert list(found) == ["code0 as hair", "code0 as eyes", "code1 as hair", "code1 as eyes"]
    assert found["code0 as hair"] == found["code1 as eyes"] == 1.0
    assert found["code1 as hair"] < 0.6


def test_codes_are_not_matched_to_labels() -> None:
    subject = Subject(painter(faithful, SOLIDS, latent(4)), {}, reader(SOLIDS))
    with pytest.raises(DataError, match="not to labels"):
        list(codes(subject, FEW))


def test_the_evaluator_is_offered_under_its_name_with_a_thousand_images() -> None:
    (spec,) = [one for one in ganx_evaluators() if one.name == "codes"]
    subject = Subject(coder(shifted, latent(4)), {}, reader(DIGITS), seeds=range(2))
    assert not spec.hindrance(subject)
    assert spec.config() == CodesConfig(images=1000)
    (result,) = spec.evaluate(subject, spec.config())
    assert result.figures[0].mean == 1.0
