import pytest

from ganx.contracts.condition import UNCONDITIONAL, Condition, Group, Kind
from ganx.errors import DataError

LABELS = Condition("labels", (Group("object", ("red cube", "blue sphere", "gray cylinder")),))
CLASSES = Condition("classes", (Group("digit", tuple("0123456789")),))
ATTRIBUTES = Condition(
    "attributes", (Group("hair", ("pink", "black")), Group("eyes", ("blue", "red", "pink")))
)


def test_any_number_of_labels_is_read_in_any_order_and_spacing() -> None:
    assert LABELS.encode(" blue sphere,red cube ") == [1, 1, 0]
    assert LABELS.encode("") == [0, 0, 0]


def test_a_class_is_read_by_its_name() -> None:
    assert CLASSES.encode("7").index(1.0) == 7


def test_attributes_are_read_by_group_so_that_one_value_may_stand_in_two_groups() -> None:
    assert ATTRIBUTES.encode("eyes=pink, hair=pink") == [1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("condition", "text"),
    [(LABELS, "red cube, gray cylinder"), (CLASSES, "3"), (ATTRIBUTES, "hair=black, eyes=red")],
)
def test_decoding_gives_back_what_was_encoded(condition: Condition, text: str) -> None:
    assert condition.decode(condition.encode(text)) == text


def test_a_label_that_does_not_exist_names_the_nearest_and_the_choices() -> None:
    with pytest.raises(DataError, match=r"no object 'red kube'.*'red cube'.*blue sphere"):
        LABELS.encode("red kube")


def many(kind: Kind) -> Condition:
    return Condition(
        kind, (Group("class", tuple(f"{name} {n}" for n in range(300) for name in ("Owl", "Elk"))),)
    )


@pytest.mark.parametrize(
    ("kind", "text"), [("classes", "owl 17x"), ("labels", "owl 17x"), ("classes", "")]
)
def test_of_hundreds_of_values_a_few_are_listed_and_it_is_said_where_all_are(
    kind: Kind, text: str
) -> None:
    with pytest.raises(DataError) as caught:
        many(kind).encode(text)
    said = str(caught.value)
    assert "Owl 0, Elk 0, Owl 1, Elk 1, Owl 2, Elk 2 and 594 more." in said
    assert not text or "Did you mean 'Owl 17'" in said
    assert len(said) < 250
    assert caught.value.remedy is not None
    assert caught.value.remedy.kind == "see-all-labels"


def test_few_values_are_all_listed_and_nothing_more_is_said() -> None:
    with pytest.raises(DataError, match=r"Choose from: red cube, .*cylinder\.$"):
        LABELS.encode("cone")


def test_an_attribute_in_other_case_is_offered() -> None:
    with pytest.raises(DataError, match=r"Did you mean 'hair'\? Attributes: hair, eyes\.$"):
        ATTRIBUTES.encode("Hair=pink")


@pytest.mark.parametrize("text", ["1, 2", ""])
def test_exactly_one_class_must_be_given(text: str) -> None:
    with pytest.raises(DataError, match="exactly one"):
        CLASSES.encode(text)


def test_every_attribute_must_be_given_once() -> None:
    with pytest.raises(DataError, match="0 values of eyes"):
        ATTRIBUTES.encode("hair=pink")
    with pytest.raises(DataError, match="attribute=value"):
        ATTRIBUTES.encode("pink")


def test_an_unconditional_generator_takes_no_labels() -> None:
    assert UNCONDITIONAL.encode("") == []
    with pytest.raises(DataError, match="takes no labels"):
        UNCONDITIONAL.encode("red cube")


@pytest.mark.parametrize("condition", [UNCONDITIONAL, LABELS, CLASSES, ATTRIBUTES])
def test_a_vocabulary_survives_json(condition: Condition) -> None:
    assert Condition.from_json(condition.to_json()) == condition


def test_a_vocabulary_with_a_repeated_value_is_refused() -> None:
    with pytest.raises(DataError, match="not unique"):
        Condition("classes", (Group("digit", ("1", "1")),))


def test_the_name_of_the_only_group_may_be_written_before_a_value() -> None:
    condition = Condition("classes", (Group("digit", ("0", "7")),))
    assert condition.encode("digit=7") == condition.encode("7") == [0.0, 1.0]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (UNCONDITIONAL, 0),
        (CLASSES, 1),
        (ATTRIBUTES, 2),
        (LABELS, 3),
        (Condition("labels", LABELS.groups, most=2), 2),
    ],
)
def test_a_condition_tells_how_much_one_vector_names(condition: Condition, count: int) -> None:
    assert condition.at_once == count


def test_more_labels_than_a_generator_can_show_are_refused_with_both_numbers() -> None:
    limited = Condition("labels", LABELS.groups, most=1, limit=2)
    assert limited.encode("red cube, blue sphere") == [1, 1, 0]
    with pytest.raises(DataError, match=r"names 3 labels, and this generator can show 2"):
        limited.encode("red cube, blue sphere, gray cylinder")


def test_counts_of_labels_survive_json_and_do_not_make_another_vocabulary() -> None:
    counted = Condition("labels", LABELS.groups, most=2, limit=3)
    again = Condition.from_json(counted.to_json())
    assert (again.most, again.limit) == (2, 3)
    assert counted == LABELS
