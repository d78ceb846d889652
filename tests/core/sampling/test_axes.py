"""What can run through a grid, by name."""

import numpy as np
import pytest
from codes import FACES, LATENT, SHAPES, written, z_of

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.latent import Latent, LatentPart
from ganx.errors import ConfigError
from ganx.sampling.axes import Axis, Span, code_axes, latent_axis, named_axis, seed_axis
from ganx.sampling.samples import sample_images

NORMAL = Latent((LatentPart("noise", "normal", 2), LatentPart("tilt", "continuous", 1)))


def test_a_continuous_code_runs_from_end_to_end_of_its_range() -> None:
    axis = latent_axis(LATENT, "style.1", Span(5))
    assert axis.values[:, 0].tolist() == [-1, -0.5, 0, 0.5, 1]
    assert axis.heads == ("-1.00", "-0.50", "+0.00", "+0.50", "+1.00")
    assert (axis.name, axis.where) == ("style.1", slice(8, 9))


def test_a_category_is_set_alone_and_each_in_turn() -> None:
    axis = latent_axis(LATENT, "digit", Span())
    assert axis.values.tolist() == np.eye(4).tolist()
    assert axis.heads == ("0", "1", "2", "3")
    assert axis.where == slice(3, 7)


@pytest.mark.parametrize(("latent", "ends"), [(NORMAL, [-2, 2]), (LATENT, [-1, 1])])
def test_noise_runs_as_far_as_most_of_it_was_drawn(latent: Latent, ends: list[float]) -> None:
    assert latent_axis(latent, "noise.1", Span(2)).values[:, 0].tolist() == ends


def test_the_range_can_be_set_and_turned_round() -> None:
    values = latent_axis(LATENT, "style.0", Span(3, (2, -2))).values[:, 0]
    assert values.tolist() == [2, 0, -2]


def test_no_head_is_minus_nought() -> None:
    heads = latent_axis(LATENT, "style.0", Span(3, (-0.001, 0.001))).heads
    assert heads == ("+0.00", "+0.00", "+0.00")


def test_a_part_of_one_number_needs_no_index() -> None:
    plain, indexed = (latent_axis(NORMAL, text, Span()) for text in ("tilt", "tilt.0"))
    assert plain.name == indexed.name == "tilt"
    assert plain.where == indexed.where == slice(2, 3)


def test_a_name_with_a_dot_is_a_name() -> None:
    latent = Latent((LatentPart("a.0", "continuous", 2), LatentPart("a", "continuous", 2)))
    assert latent_axis(latent, "a.0.1", Span()).where == slice(1, 2)
    assert latent_axis(latent, "a.1", Span()).where == slice(3, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stile.0", r"no part 'stile.0'.*'style'.*noise.0 to noise.2, digit, style.0 to style.1"),
        ("style", r"'style' names no single number of 'style': write style.0 to style.1"),
        ("style.2", r"'style.2' names no single number"),
        ("style.", r"'style.' names no single number"),
        ("style.-1", r"'style.-1' names no single number"),
        ("noise.x", r"'noise.x' names no single number of 'noise': write noise.0 to noise.2"),
        ("digit.3", r"The categories of 'digit' run as a whole: write digit"),
        ("", r"no part ''"),
    ],
)
def test_what_names_nothing_is_answered_with_what_there_is(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        latent_axis(LATENT, text, Span())


@pytest.mark.parametrize("limits", [(1, 1), (0, float("inf")), (float("nan"), 1)])
def test_a_range_without_two_ends_is_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(ConfigError, match="has no two ends"):
        Span(3, limits)


def test_a_single_step_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least 2 steps, not 1"):
        Span(1)


def test_the_codes_of_a_model_are_its_categories_and_continuous_numbers() -> None:
    assert [axis.name for axis in code_axes(LATENT, Span())] == ["digit", "style.0", "style.1"]
    with pytest.raises(ConfigError, match=r"no codes.*of its noise: noise.0 to noise.1"):
        code_axes(Latent(NORMAL.parts[:1]), Span())


def test_a_group_of_the_condition_is_an_axis_of_its_values() -> None:
    eyes = named_axis(LATENT, FACES, "eyes", Span())
    assert (eyes.vector, eyes.where, eyes.heads) == (
        "condition",
        slice(2, 5),
        ("blue", "red", "gray"),
    )
    objects = named_axis(LATENT, SHAPES, "object", Span())
    assert objects.values.tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("name", ["digit", "style.0"])
def test_a_part_of_the_latent_is_an_axis_too(name: str) -> None:
    assert named_axis(LATENT, FACES, name, Span()).vector == "latent"


def test_an_axis_that_is_neither_is_answered_with_both() -> None:
    with pytest.raises(ConfigError, match=r"'hairs'.*'hair'.*digit.*Of the condition: hair, eyes"):
        named_axis(LATENT, FACES, "hairs", Span())
    with pytest.raises(ConfigError, match="Of the condition: none"):
        named_axis(LATENT, UNCONDITIONAL, "hair", Span())


def test_each_seed_draws_what_it_draws_alone_with_continuous_codes_at_0() -> None:
    many, one = seed_axis(LATENT, 4, 3), seed_axis(LATENT, 5, 1)
    assert many.heads == ("4", "5", "6")
    assert many.values[1].tolist() == one.values[0].tolist()
    sampled = z_of(sample_images(written(), [], 2, seed=5))[0].numpy()
    assert many.values[1, :7].tolist() == sampled[:7].tolist()
    assert (many.values[:, LATENT.slices["style"]] == 0).all()
    assert (many.values[:, LATENT.slices["digit"]].sum(axis=1) == 1).all()


def test_axes_of_the_same_entries_are_told_from_others() -> None:
    first, second = (latent_axis(LATENT, f"style.{index}", Span(2)) for index in (0, 1))
    assert first.same_place(latent_axis(LATENT, "style.0", Span(7)))
    assert not first.same_place(second)
    condition = Axis("x", ("",), "condition", first.where, first.values)
    assert not first.same_place(condition)
