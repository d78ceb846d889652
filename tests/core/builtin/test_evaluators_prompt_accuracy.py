"""The figures of generators whose answer is known, as a judge that reads their pixels sees them."""

from dataclasses import replace

import pytest
import torch
from seeing import (
    COLOURS,
    DIGITS,
    FACES,
    SHAPES,
    SOLIDS,
    Shows,
    faithful,
    heedless,
    of_solids,
    painter,
    reader,
    solids,
)
from torch import Tensor

from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.builtin.evaluators.prompt_accuracy import prompt_accuracy
from ganx.builtin.evaluators.settings import PromptAccuracyConfig
from ganx.contracts.protocol import Origin, ScoringProtocol
from ganx.contracts.results import Evaluation, Figure, Result
from ganx.contracts.subject import Subject
from ganx.errors import DataError

ONCE = PromptAccuracyConfig()
OF_SETS = ["label precision", "label recall", "label F1", "label Jaccard"]
LABEL_FIGURES = ["top-k", "exact match", *OF_SETS, "colour", "shape"]


def only(subject: Subject, config: PromptAccuracyConfig = ONCE) -> Result:
    (result,) = prompt_accuracy(subject, config)
    return result


def figures(subject: Subject) -> dict[str, Figure]:
    return {figure.name: figure for figure in only(subject).figures}


def coloured(z: Tensor, c: Tensor) -> Tensor:
    """Show the colours asked for, with shapes that the noise decides."""
    shapes = z.view(-1, len(SHAPES), len(COLOURS)).argmax(dim=1)
    asked = c.view(-1, len(SHAPES), len(COLOURS)).amax(dim=1, keepdim=True)
    return (asked * torch.eye(len(SHAPES))[shapes].transpose(1, 2)).flatten(1)


def moved(z: Tensor, c: Tensor) -> Tensor:
    """Show the next label in the list for each one asked for."""
    del z
    return c.roll(1, dims=1)


def choosing(values: int, place: slice) -> Shows:
    """Show what is asked for, but of one group what the noise decides."""

    def shows(z: Tensor, c: Tensor) -> Tensor:
        shown = c.clone()
        shown[:, place] = torch.eye(values)[z[:, :values].argmax(dim=1)]
        return shown

    return shows


def test_what_is_shown_as_asked_is_right_in_everything_and_far_above_chance() -> None:
    found = figures(of_solids(faithful))
    assert list(found) == LABEL_FIGURES
    for figure in found.values():
        assert (figure.mean, figure.sd, figure.draws) == (1.0, 0.0, 3)
        assert figure.better == "higher"
        assert figure.is_share
        assert figure.z > 5


def hits(shown: str, asked: str) -> int:
    """Count the hits of an image of ``shown``, whose other outputs are equal, as ``asked``."""
    image, wanted = SOLIDS.encode(shown), SOLIDS.encode(asked)
    ranked = sorted(range(SOLIDS.size), key=lambda label: -image[label])
    return sum(wanted[label] == 1 for label in ranked[: int(sum(wanted))])


def test_chance_is_what_shuffled_prompts_would_score() -> None:
    texts = solids()
    chance = {name: one.chance for name, one in figures(of_solids(faithful)).items()}
    objects = sum(text.count(",") + 1 for text in texts)
    # Under a random order, each image is as likely to be held against any prompt.
    expected = sum(hits(shown, asked) for shown in texts for asked in texts) / len(texts) / objects
    assert chance["top-k"] is not None
    assert chance["top-k"].mean == pytest.approx(expected, abs=0.01)
    assert chance["exact match"] is not None
    assert chance["exact match"].mean == pytest.approx(1 / len(texts), abs=0.01)


def test_a_generator_that_takes_no_heed_is_at_chance() -> None:
    found = figures(of_solids(heedless, seeds=5))
    for figure in found.values():
        assert abs(figure.z) < 3
    assert found["top-k"].sd > 0


def test_right_colours_with_random_shapes_show_in_the_figures_of_the_factors() -> None:
    found = figures(of_solids(coloured, seeds=8))
    assert found["colour"].mean == 1.0
    assert found["shape"].mean == pytest.approx(1 / 3, abs=0.05)
    # No prompt has a colour twice, so that an object is hit whenever its shape is.
    assert found["top-k"].mean == pytest.approx(found["shape"].mean)
    assert found["top-k"].z > 3
    assert found["exact match"].mean < found["top-k"].mean


def test_labels_in_another_order_are_no_hits() -> None:
    found = figures(of_solids(moved))
    assert found["top-k"].z < -1
    assert found["exact match"].mean == 0.0


def test_the_exact_match_asks_at_the_threshold_of_the_judge() -> None:
    def hazy(z: Tensor, c: Tensor) -> Tensor:
        del z
        others = (c.roll(1, dims=1) > 0) & (c == 0)
        return torch.where(c > 0, 0.56, torch.where(others, 0.53, 0.0))

    plain = figures(of_solids(hazy))["exact match"]
    assert plain.mean == 0.0
    assert plain.qualifier.endswith(", threshold 0.5")
    # 0.53 and 0.56 are seen with probabilities of 0.77 and 0.92.
    strict = figures(of_solids(hazy, judge=reader(record={"threshold": 0.85})))["exact match"]
    assert strict.mean == 1.0
    assert strict.qualifier.endswith(", threshold 0.85")


def test_sets_of_labels_are_what_the_judge_sees_above_its_threshold() -> None:
    def one_too_many(z: Tensor, c: Tensor) -> Tensor:
        del z
        return torch.where((c > 0) | (c.roll(1, dims=1) > 0), 0.53, 0.0)

    prompts = {"test": ("red cube", "blue sphere", "green cone")}
    found = figures(of_solids(one_too_many, prompts=prompts))
    assert [found[name].mean for name in OF_SETS] == pytest.approx([1 / 2, 1, 2 / 3, 1 / 2])
    assert all(found[name].qualifier.endswith(", threshold 0.5") for name in OF_SETS)
    # 0.53 is seen with a probability of 0.77.
    strict = reader(record={"threshold": 0.8})
    blind = figures(of_solids(one_too_many, prompts=prompts, judge=strict))
    assert [blind[name].mean for name in OF_SETS] == [0, 0, 0, 0]
    shuffled = found["label recall"].chance
    assert shuffled is not None
    assert shuffled.mean == pytest.approx(1 / 3, abs=0.1)


def test_every_figure_names_the_judge_and_the_number_of_prompts() -> None:
    judge = reader(record={"name": "reader 6px"})
    for figure in only(of_solids(faithful, judge=judge)).figures:
        assert f"judge reader 6px {judge.digest}, {len(solids())} prompts" in figure.full_name


def test_each_set_of_prompts_has_a_result_of_its_own() -> None:
    prompts = {"test": solids(1), "new": ("red cube, blue cube",)}
    results = list(prompt_accuracy(of_solids(faithful, prompts=prompts), ONCE))
    assert [(one.evaluator, one.scope) for one in results] == [
        ("prompt-accuracy", "test"),
        ("prompt-accuracy", "new"),
    ]
    assert "1 prompts" in results[1].figures[0].qualifier


def test_the_same_seeds_give_the_same_result_and_others_another() -> None:
    subject = of_solids(heedless, seeds=2)
    assert only(subject) == only(subject)
    assert only(subject).figures[0] != only(replace(subject, seeds=(7, 8))).figures[0]


def test_a_single_seed_has_no_spread() -> None:
    assert figures(of_solids(heedless, seeds=1))["top-k"].sd == 0.0


def test_repeats_ask_for_each_prompt_with_noise_of_its_own() -> None:
    def asked(result: Result) -> int:
        return sum(int(row[1] or 0) for row in result.tables[0].rows)

    subject = of_solids(heedless, prompts={"test": solids(1)})
    once, often = only(subject), only(subject, PromptAccuracyConfig(repeats=20))
    assert asked(often) == 20 * asked(once) == 20 * 3 * len(solids(1))
    assert often.figures[0].sd < once.figures[0].sd
    assert "12 prompts, each 20 times" in often.figures[0].qualifier


def test_where_every_image_is_the_same_the_score_is_chance() -> None:
    def constant(z: Tensor, c: Tensor) -> Tensor:
        del z
        return torch.linspace(0.1, 0.9, SOLIDS.size).expand(len(c), -1)

    top_k = figures(of_solids(constant, prompts={"test": solids(1)}))["top-k"]
    assert top_k.chance is not None
    assert top_k.chance.sd == 0.0
    assert top_k.z == 0
    assert top_k.is_chance


def test_without_factors_labels_have_the_figures_of_the_protocols() -> None:
    for factors in ((), ("colour",), ("size", "colour", "shape")):
        result = only(of_solids(faithful, factors=factors))
        assert [figure.name for figure in result.figures] == LABEL_FIGURES[:-2]
        assert [table.title for table in result.tables] == ["by object", "by number asked for"]


def test_classes_have_the_accuracy_of_their_group() -> None:
    prompts = {"digits": ("0", "1", "2", "3") * 20}
    right = Subject(painter(faithful, DIGITS), prompts, reader(DIGITS), seeds=range(2))
    assert [(f.name, f.mean) for f in only(right).figures] == [("digit", 1.0)]
    wrong = replace(right, generator=painter(heedless, DIGITS))
    assert figures(wrong)["digit"].mean == pytest.approx(0.25, abs=0.1)
    assert abs(figures(wrong)["digit"].z) < 3
    assert figures(replace(right, generator=painter(moved, DIGITS)))["digit"].mean == 0.0


def test_attributes_have_an_accuracy_each_and_one_of_all_at_once() -> None:
    texts = tuple(f"hair={h}, eyes={e}" for h in ("pink", "blue", "gray") for e in ("blue", "red"))
    shows = choosing(2, FACES.slices["eyes"])
    subject = Subject(painter(shows, FACES), {"pairs": texts * 10}, reader(FACES))
    found = figures(subject)
    assert list(found) == ["hair", "eyes", "all"]
    assert found["hair"].mean == 1.0
    assert found["eyes"].mean == pytest.approx(0.5, abs=0.1)
    assert found["all"].mean == found["eyes"].mean
    assert found["all"].chance is not None
    assert found["all"].chance.mean == pytest.approx(1 / 6, abs=0.03)


def test_a_judge_of_other_conditions_is_refused() -> None:
    with pytest.raises(DataError, match="do not have the same conditions"):
        only(of_solids(faithful, judge=reader(DIGITS)))


def test_a_prompt_outside_the_vocabulary_is_named() -> None:
    with pytest.raises(DataError, match="There is no object 'red cubes'"):
        only(of_solids(faithful, prompts={"test": ("red cubes",)}))


def test_scoring_leaves_global_random_state_and_the_generator_alone() -> None:
    subject = of_solids(heedless)
    before = torch.random.get_rng_state()
    weights = {name: value.clone() for name, value in subject.generator.module.state_dict().items()}
    only(subject)
    assert torch.equal(torch.random.get_rng_state(), before)
    after = subject.generator.module.state_dict()
    assert all(torch.equal(after[name], value) for name, value in weights.items())


def test_the_evaluator_is_offered_under_its_name_and_its_result_survives_json() -> None:
    (spec,) = [one for one in ganx_evaluators() if one.name == "prompt-accuracy"]
    subject = of_solids(coloured)
    assert not spec.hindrance(subject)
    found = Evaluation(Origin(), ScoringProtocol(), list(spec.evaluate(subject, spec.config())))
    again = Evaluation.from_json(found.to_json())
    assert again.scores() == found.scores()
    assert list(again.scores()) == [f"test.{name}" for name in LABEL_FIGURES]
