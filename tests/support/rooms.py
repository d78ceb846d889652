"""Who imports whom: every import of the packages, those in functions and for type checkers too."""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "ganx": ROOT / "core" / "ganx",
    "ganx_cli": ROOT / "cli" / "ganx_cli",
    "ganx_exports": ROOT / "exports" / "ganx_exports",
} | {path.name: path for path in sorted((ROOT / "plugins").glob("*/ganx_*"))}
GROUND = "the ground"
"""The room of a package's loose modules."""


class Arrow(NamedTuple):
    """One module needs another."""

    start: str
    end: str


@cache
def modules() -> dict[str, Path]:
    """Name every module of every package."""
    found = {}
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def targets(source: str, module: str, known: Collection[str]) -> Iterator[str]:
    """Yield the modules that a module's text imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, module)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                if whole in known:
                    yield whole
                elif base in known:
                    yield base


def _absolute(node: ast.ImportFrom, module: str) -> str:
    """Name the module that is imported from; one dot is the folder of the module itself."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    is_folder = module in modules() and modules()[module].name == "__init__.py"
    above = parts[: len(parts) - node.level + is_folder]
    return ".".join([*above, *([node.module] if node.module else [])])


@cache
def arrows() -> tuple[Arrow, ...]:
    """List who needs whom among all modules."""
    known = modules()
    return tuple(
        Arrow(module, target)
        for module, path in known.items()
        for target in sorted(set(targets(path.read_text("utf-8"), module, known)) - {module})
    )


def room_of(module: str) -> str:
    """Name the room of a module: the folder right below its package."""
    _, *parts = module.split(".")
    is_folder = modules()[module].name == "__init__.py"
    return parts[0] if len(parts) > 1 or (parts and is_folder) else GROUND


def rooms_known(package: str) -> dict[str, set[str]]:
    """Tell of each room of a package which other rooms of it are needed."""
    known: dict[str, set[str]] = {
        room_of(module): set() for module in modules() if module.partition(".")[0] == package
    }
    for start, end in arrows():
        if start.partition(".")[0] == end.partition(".")[0] == package and room_of(
            start
        ) != room_of(end):
            known[room_of(start)].add(room_of(end))
    return known


def circle(needs: dict[str, set[str]]) -> list[str]:
    """Find a way that leads back to where it starts; empty when there is none."""
    done: set[str] = set()

    def walk(one: str, way: list[str]) -> list[str]:
        if one in way:
            return [*way[way.index(one) :], one]
        if one in done:
            return []
        found = next(filter(None, (walk(n, [*way, one]) for n in sorted(needs.get(one, ())))), [])
        done.add(one)
        return found

    return next(filter(None, (walk(one, []) for one in sorted(needs))), [])
