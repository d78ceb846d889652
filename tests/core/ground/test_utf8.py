"""Names of files that are no text are found, and can be shown."""

import os
from pathlib import Path

import pytest
from pydantic import Field

from ganx.config import Config, validated
from ganx.errors import ConfigError, RunError
from ganx.runs.directory import create_run, find_run
from ganx.utf8 import is_utf8, not_text, not_texts, printable

ODD = os.fsdecode(b"x\xff/caf\xe9")

on_linux = pytest.mark.skipif(os.name == "nt", reason="names are no bytes there")


class Place(Config):
    folder: Path = Path()
    tables: dict[str, list[str]] = Field(default_factory=dict)


def test_a_name_of_any_letters_is_text_and_shown_as_it_is() -> None:
    assert is_utf8("café/図")
    assert printable("café/図") == "café/図"


@on_linux
def test_other_bytes_are_no_text_and_shown_as_escapes() -> None:
    assert not is_utf8(ODD)
    assert printable(ODD) == r"x\xff/caf\xe9"
    assert not_text(ODD).startswith(r"'x\xff/caf\xe9' has bytes that are no UTF-8")
    assert is_utf8(not_text(ODD))


def test_half_a_letter_is_shown_too() -> None:
    assert printable("\ud83d") == r"\ud83d"


@on_linux
def test_nested_settings_are_searched() -> None:
    found = not_texts({"a": {"b": ["plain", ODD]}, "c": Path(ODD), "d": 3, ODD: "x"}, "top")
    assert list(found) == [("top.a.b", ODD), ("top.c", ODD)]


@on_linux
@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"folder": ODD}, "folder"),
        ({"folder": Path(ODD)}, "folder"),
        ({"tables": {"a": [ODD]}}, "tables.a"),
    ],
)
def test_settings_refuse_it_by_the_key(values: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validated(Place, values, "dataset")
    assert str(caught.value) == f"Wrong value for 'dataset.{key}': {not_text(ODD)}"


@on_linux
def test_a_run_is_neither_made_nor_found_in_such_a_folder(tmp_path: Path) -> None:
    runs = tmp_path / ODD
    with pytest.raises(RunError, match="no UTF-8"):
        create_run(runs, "tiny")
    assert list(tmp_path.iterdir()) == []
    run = runs / "00000-tiny"
    run.mkdir(parents=True)
    (run / "config.toml").touch()
    for name in (None, "00000-tiny", run):
        with pytest.raises(RunError, match="no UTF-8"):
            find_run(name, runs)
