from pathlib import Path

import pytest

from ganx.errors import ConfigError
from ganx.settings.merging import merge, parse_assignments, read_toml


def test_upper_settings_win_and_the_rest_stays() -> None:
    lower = {"model": {"name": "a", "width": 64}, "train": {"seed": 0}}

    assert merge(lower, {"model": {"width": 8}}) == {
        "model": {"name": "a", "width": 8},
        "train": {"seed": 0},
    }


def test_choosing_another_part_forgets_the_settings_of_the_former() -> None:
    lower = {"model": {"name": "a", "width": 64}, "loss": {"sum": "bce", "terms": {"bce": {}}}}

    merged = merge(lower, {"model": {"name": "b"}, "loss": {"sum": "hinge"}})

    assert merged == {"model": {"name": "b"}, "loss": {"sum": "hinge"}}


def test_merging_leaves_its_inputs_alone() -> None:
    lower = {"model": {"width": 64}}

    merge(lower, {"model": {"width": 8}})

    assert lower == {"model": {"width": 64}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=96", 96),
        ("a.b=1e-4", 1e-4),
        ("a.b=true", True),
        ("a.b=[0.0, 0.9]", [0.0, 0.9]),
        ("a.b=rendered", "rendered"),
        ("a.b = '7'", "7"),
        ("a.b=x=y", "x=y"),
    ],
)
def test_an_assignment_is_toml_or_plain_text(text: str, value: object) -> None:
    assert parse_assignments([text]) == {"a": {"b": value}}


def test_assignments_to_one_table_come_together() -> None:
    assert parse_assignments(["a.b=1", "a.c=2"]) == {"a": {"b": 1, "c": 2}}


@pytest.mark.parametrize("text", ["width", "=3", "a..b=1"])
def test_an_assignment_that_cannot_be_read_shows_the_form(text: str) -> None:
    with pytest.raises(ConfigError, match=r"model\.width=96"):
        parse_assignments([text])


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no configuration file .*absent\.toml"):
        read_toml(tmp_path / "absent.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[model\n")
    with pytest.raises(ConfigError, match=r"broken\.toml is not valid TOML.*line 1"):
        read_toml(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"Cannot read"):
        read_toml(broken)
