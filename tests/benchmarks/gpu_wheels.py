"""Collect the wheels that a machine with PyTorch and without network needs for ``gpu.py``.

Usage: ``python tests/benchmarks/gpu_wheels.py VERSION [--folder wheels]``, where VERSION is the
Python over there, such as 3.12. Needs pip and hatchling here. Over there, from a copy of the
repository: ``pip install --no-index --no-deps --target site wheels/*.whl``, then
``PYTHONPATH=site python tests/benchmarks/gpu.py FOLDER``.

Left out are PyTorch, torchvision and what comes with them, and what neither training nor scoring by
a judge imports: onnx, onnxruntime, matplotlib, scipy.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MOST_BYTES = 64 * 2**20
LEFT_OUT = re.compile(
    r"torch|torchvision|triton|numpy|pillow|(nvidia|cuda)-.*|onnx|onnxruntime(-gpu)?|onnxscript"
    r"|matplotlib|scipy"
)
LOGGERS = ("ganx-tensorboard",)
"""Plugins that only watch, and bring much."""

TESTS = "pytest"
"""What ``tests/cuda`` runs with."""

_GLIBC = (28, 27, 17, 12, 5)
_PLATFORMS = (*(f"manylinux_2_{minor}_x86_64" for minor in _GLIBC), "manylinux2014_x86_64")


def needed(projects: Iterable[str], python: str) -> dict[str, str]:
    """Return what installed projects need, themselves left out, as ``name: requirement``.

    Held to the versions that are installed here. What is not, because only the other Python needs
    it, is held to what is asked for.
    """
    own = {canonicalize_name(name) for name in projects}
    found: dict[str, str] = {}
    waiting = [Requirement(name) for name in (*own, TESTS)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        name, key = canonicalize_name(one.name), frozenset(one.extras)
        if (name, key) in seen or LEFT_OUT.fullmatch(name):
            continue
        seen.add((name, key))
        try:
            installed = distribution(one.name)
        except PackageNotFoundError:
            found[name] = f"{name}{one.specifier}"
            continue
        if name not in own:
            found[name] = f"{name}=={installed.version}"
        waiting += _asked_for(installed.requires or (), one.extras, python)
    return found


def _asked_for(lines: Iterable[str], extras: Iterable[str], python: str) -> Iterator[Requirement]:
    """Yield the requirements that count on the other machine."""
    there = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for line in lines:
        one = Requirement(line)
        marker = one.marker
        if marker is None or any(
            marker.evaluate({**there, "extra": extra}) for extra in ("", *extras)
        ):
            yield one


def projects() -> dict[str, Path]:
    """Find ganx and its plugins, less those that only watch: folders by name."""
    folders = [ROOT, *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
    named = {_name(folder): folder for folder in folders}
    return {name: folder for name, folder in named.items() if name not in LOGGERS}


def _name(folder: Path) -> str:
    """Read the name of a project."""
    return str(tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["name"])


def commands(python: str, folder: Path) -> Iterator[list[str]]:
    """Yield the command lines that fill the folder."""
    own = projects()
    for project in own.values():
        hatch = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        yield ["env", "-C", str(project), *hatch]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    platforms = [word for name in _PLATFORMS for word in ("--platform", name)]
    target = ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
    yield [*pip, *target, *platforms, *sorted(needed(own, python).values())]


def main(words: Sequence[str] | None = None) -> None:
    """Fill the folder and tell how large it is."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("version", help="the Python of the other machine, such as 3.12")
    parser.add_argument("--folder", type=Path, default=Path("wheels"), help="a new or empty folder")
    given = parser.parse_args(words)
    folder = given.folder.absolute()
    if not re.fullmatch(r"3\.\d+", given.version):
        sys.exit(f"Error: {given.version!r} is no version of Python such as 3.12.")
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"Error: {given.folder} is not empty. Two versions of a wheel stop its install.")
    folder.mkdir(parents=True, exist_ok=True)
    for command in commands(given.version, folder):
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"Error: this failed: {' '.join(command)}\nIt needs pip and hatchling here.")
    print(told(folder))


def told(folder: Path) -> str:
    """Tell what is in the folder, and exit where it is too large."""
    sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.whl"))}
    lines = [f"{size / 2**20:6.2f} MiB  {name}" for name, size in sizes.items()]
    total = sum(sizes.values())
    lines.append(f"{total / 2**20:6.2f} MiB  in all, {len(sizes)} wheels, in {folder}")
    if total > MOST_BYTES:
        sys.exit("\n".join([*lines, f"Error: more than {MOST_BYTES / 2**20:.0f} MiB."]))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
