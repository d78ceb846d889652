"""What plugin authors import: listed in ``ganx/__init__.pyi`` and ``ganx.testing.__all__``."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from rooms import ROOT, modules

import ganx
from ganx import testing

PUBLIC = {*ganx.__all__} | {f"testing.{name}" for name in testing.__all__}
RELEASED = Path(__file__).with_name("released_names.txt")
"""The names of the last release; written anew only when a version is released."""

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
HIDDEN = {"ganx_small"}  # the plugin that README.md writes


def released() -> set[str]:
    return set(RELEASED.read_text("utf-8").split())


def unreleased_changes() -> str:
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8").partition("## [Unreleased]")[2]
    return changes.partition("\n## [")[0]


@pytest.mark.parametrize("name", ganx.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(ganx, name) is not None
    assert name in dir(ganx)


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="Generatr"):
        ganx.Generatr  # noqa: B018


def test_a_changed_name_has_a_line_in_the_changelog() -> None:
    told = set(re.findall(r"[\w.]+", unreleased_changes()))
    changed = released() ^ PUBLIC
    silent = sorted(name for name in changed if name.removeprefix("testing.") not in told)
    assert silent == [], "say in CHANGELOG.md, under Unreleased, that these came or went"


def test_listing_names_loads_neither_torch_nor_numpy() -> None:
    code = "import ganx, sys; ganx.ModelSpec, ganx.Config, ganx.ConfigError; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert not {"torch", "numpy"} & set(loaded.stdout.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages_import_by_the_public_names(page: Path) -> None:
    for place, names in re.findall(r"from (ganx[\w.]*) import ([\w, ]+)", page.read_text("utf-8")):
        if place.partition(".")[0] not in HIDDEN:
            assert place in {"ganx", "ganx.testing"}, f"{page.name}: {place}"
            public = ganx.__all__ if place == "ganx" else testing.__all__
            assert {one.strip() for one in names.split(",")} <= set(public)


def test_our_plugins_import_by_the_public_names() -> None:
    wrong = [
        f"{module}: {place}"
        for module, path in modules().items()
        if module.partition(".")[0] not in {"ganx", "ganx_cli", "ganx_exports"}
        for place in re.findall(
            r"^\s*from (ganx\.[\w.]+) import", path.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert wrong == []
