"""The rooms of the packages: who may know whom. The table of docs/design.md is the plan."""

import re
from collections import defaultdict

import pytest
from rooms import GROUND, ROOT, Arrow, arrows, circle, modules, room_of, rooms_known, targets

MOST_LOOSE = 10
NEVER = {
    ("judging", "training"): "a judge shares no code with what it judges",
    ("scoring", "training"): "scores are of what a run left behind",
    ("comparing", "training"): "runs are compared by what they left behind",
    ("pages", "training"): "pages show what a run left behind",
    ("builtin", "training"): "ours get what a stranger's get",
    ("builtin", "sessions"): "ours get what a stranger's get",
    ("builtin", "comparing"): "ours get what a stranger's get",
    ("builtin", "pages"): "ours get what a stranger's get",
    ("sessions", "comparing"): "a run under way is compared with none",
    ("testing", "builtin"): "a stranger's plugin is tested without ours",
    ("testing", "pages"): "contracts draw nothing",
}
STRANGERS = {
    "ganx_exports": {GROUND, "contracts", "exporting"},
    "plugins": {GROUND, "contracts", "layers", "data", "testing"},
}


def planned(title: str) -> dict[str, set[str]]:
    """Read a table of docs/design.md: each room, from the ground up, and which others it knows."""
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    section = page.partition(f"### {title}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| ([\w ]+) \| [^|]+ \|([\w, ]*)\|$", section, re.MULTILINE)
    return {room: {one.strip() for one in known.split(",")} - {""} for room, known in rows[1:]}


TABLES = {"ganx": planned("Rooms of the engine"), "ganx_cli": planned("Rooms of the command line")}


@pytest.mark.parametrize("package", TABLES)
def test_the_graph_of_rooms_is_the_one_that_the_design_draws(package: str) -> None:
    assert rooms_known(package) == TABLES[package]


@pytest.mark.parametrize("package", TABLES)
def test_a_room_knows_only_rooms_below_it(package: str) -> None:
    order = list(TABLES[package])
    wrong = [
        f"{room} knows {other}"
        for room, known in rooms_known(package).items()
        for other in sorted(known)
        if order.index(other) > order.index(room)
    ]
    assert wrong == []


@pytest.mark.parametrize("package", TABLES)
def test_no_file_comes_back_to_itself(package: str) -> None:
    needs: dict[str, set[str]] = defaultdict(set)
    for start, end in arrows():
        if start.partition(".")[0] == package:
            needs[start].add(end)
    assert circle(needs) == []


def test_some_rooms_never_know_each_other() -> None:
    wrong = [
        f"{start} imports {end}, but {NEVER[room_of(start), room_of(end)]}"
        for start, end in arrows()
        if start.startswith("ganx.") and (room_of(start), room_of(end)) in NEVER
    ]
    assert wrong == []


def test_nothing_of_the_engine_needs_what_comes_with_it_but_its_entry_points() -> None:
    wrong = [
        f"{start} imports {end}"
        for start, end in arrows()
        if start.partition(".")[0] in {"ganx", "ganx_cli"}
        and end.startswith("ganx.builtin")
        and not start.startswith("ganx.builtin")
    ]
    assert wrong == []


def test_the_engine_does_not_import_by_the_authors_door() -> None:
    """Names of ``ganx`` itself are loaded late; inside they would hide who needs whom."""
    wrong = [
        start
        for start, path in modules().items()
        if start.startswith("ganx.")
        and re.search(
            r"^\s*from ganx import (?!hookimpl$|__version__$)",
            path.read_text("utf-8"),
            re.MULTILINE,
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("package", TABLES)
def test_loose_modules_are_few(package: str) -> None:
    loose = [one for one in modules() if one.startswith(f"{package}.") and room_of(one) == GROUND]
    assert len(loose) <= MOST_LOOSE, loose


def test_plugins_and_exports_need_little_of_the_engine() -> None:
    def may_know(module: str) -> set[str]:
        package = module.partition(".")[0]
        return STRANGERS.get(package, STRANGERS["plugins"])

    wrong = [
        f"{start} imports {end}"
        for start, end in arrows()
        if start.partition(".")[0] not in {"ganx", "ganx_cli"}
        and end.partition(".")[0] == "ganx"
        and room_of(end) not in may_know(start)
    ]
    assert wrong == []


def test_imports_are_found_wherever_they_stand() -> None:
    text = """
import ganx.errors
from ganx.contracts import plan
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from ganx.contracts.specs import ModelSpec
def later():
    from ganx.training.step import Stepper
    from .feed import Feed
"""
    known = modules()
    found = {
        "ganx.errors",
        "ganx.contracts.plan",
        "ganx.contracts.specs",
        "ganx.training.step",
        "ganx.training.feed",
    }
    assert set(targets(text, "ganx.training.later", known)) == found


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c", "d"}, "d": {"b"}}) == ["b", "d", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []
    assert Arrow("ganx.contracts.specs", "ganx.config") in arrows()
