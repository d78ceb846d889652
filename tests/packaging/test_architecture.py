"""The arrows between the packages, and what no file of the repository may name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir())
MAY_IMPORT = {
    "core": {"ganx"},
    "exports/ganx_exports": {"ganx", "ganx_exports"},
    "exports/runtime": {"ganx_runtime"},
    "cli": {"ganx", "ganx_cli", "ganx_exports"},
} | {f"plugins/{name}": {"ganx", f"ganx_{name}"} for name in PLUGINS}

PLACES = re.compile(r"(?<![\w.~/:*])/(?:home|root|work|opt|Users|tmp)/\w")
REGISTRIES = re.compile(r"(?:pypi|pythonhosted|npmjs|crates|huggingface)\.(?:org|com|io|co)\b")
TEXT = {".py", ".md", ".toml", ".json", ".yml", ".yaml", ".cfg", ""}


def files() -> Iterator[Path]:
    unkept = {"build", "dist", "runs", "LICENSE"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = parts[0].startswith(".") and parts[0] not in {".ci", ".github"}
        if path.is_file() and path.suffix in TEXT and not hidden and not unkept & set(parts):
            yield path


def imported(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            yield from ((path.name, name.partition(".")[0]) for name in names)


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_arrows_between_packages_point_one_way(folder: str) -> None:
    wrong = [
        f"{file} imports {package}"
        for file, package in imported(ROOT / folder)
        if re.match(r"ganx(_|$)", package) and package not in MAY_IMPORT[folder]
    ]
    assert wrong == []


@pytest.mark.parametrize("pattern", [PLACES, REGISTRIES], ids=["machine's folder", "registry"])
def test_no_file_names_a(pattern: re.Pattern[str]) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): pattern.findall(path.read_text(encoding="utf-8"))
        for path in files()
    }
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_the_search_for_places_finds_one() -> None:
    assert PLACES.search("open('/" + "home/someone/data.json')")
    assert not PLACES.search("examples/work/item and https://example.org/root/x")
    assert REGISTRIES.search("https://pypi" + ".org/simple")
    assert len(list(files())) > 100
