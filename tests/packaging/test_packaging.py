"""What is installed, and what the distributions that are built from the checkout hold."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib import resources
from importlib.metadata import distribution, entry_points
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import ganx

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir())
FOLDERS = {"ganx": ROOT, "ganx-runtime": ROOT / "exports" / "runtime"} | {
    f"ganx-{name}": ROOT / "plugins" / name for name in PLUGINS
}
PACKAGES = {"ganx": ["ganx", "ganx_cli", "ganx_exports"], "ganx-runtime": ["ganx_runtime"]} | {
    f"ganx-{name}": [f"ganx_{name}"] for name in PLUGINS
}
MACHINES = {
    "Linux on x86-64": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux on ARM": {"sys_platform": "linux", "platform_machine": "aarch64"},
    "a Mac": {"sys_platform": "darwin", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64"},
}


def requirements(name: str) -> list[Requirement]:
    return [Requirement(text) for text in distribution(name).requires or ()]


def run(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", FOLDERS)
def test_every_distribution_is_installed_in_the_checkouts_version(name: str) -> None:
    assert distribution(name).version == ganx.__version__


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_needs_this_ganx_and_leaves_the_next_minor_version_alone(name: str) -> None:
    (needed,) = [one for one in requirements(f"ganx-{name}") if one.name == "ganx"]
    assert needed.specifier == Requirement("ganx>=0.1,<0.2").specifier
    assert needed.specifier.contains(ganx.__version__)


def test_ganx_needs_no_plugin_and_its_extra_all_names_every_one_but_loggers() -> None:
    own = {one for one in requirements("ganx") if one.name.startswith("ganx-")}
    logs_every_run = {"tensorboard"}  # which is for those who ask for it by name
    assert {one.name for one in own} == {f"ganx-{name}" for name in set(PLUGINS) - logs_every_run}
    assert all(one.marker and one.marker.evaluate({"extra": "all"}) for one in own)
    assert not any(one.marker and one.marker.evaluate({"extra": ""}) for one in own)


@pytest.mark.parametrize("name", ["ganx", "ganx-runtime"])
@pytest.mark.parametrize("machine", MACHINES)
def test_exactly_one_onnxruntime_is_chosen_for(machine: str, name: str) -> None:
    environment = {**MACHINES[machine], "extra": ""}
    chosen = [
        one.name
        for one in requirements(name)
        if one.name.startswith("onnxruntime") and (one.marker and one.marker.evaluate(environment))
    ]
    with_wheels_for_cuda = machine in {"Linux on x86-64", "Windows"}
    assert chosen == ["onnxruntime-gpu" if with_wheels_for_cuda else "onnxruntime"]


def test_engine_and_runtime_ask_for_the_same_onnxruntime() -> None:
    """Two kinds in one environment overwrite each other."""
    engine, runtime = (
        {str(one) for one in requirements(name) if one.name.startswith("onnxruntime")}
        for name in ("ganx", "ganx-runtime")
    )
    assert engine == runtime


def test_the_runtime_needs_neither_ganx_nor_torch() -> None:
    needed = {one.name for one in requirements("ganx-runtime")}
    assert needed == {"numpy", "onnxruntime", "onnxruntime-gpu", "pillow", "tqdm"}


def test_the_entry_points_are_those_that_are_declared() -> None:
    found = {
        (entry.name, entry.value, entry.dist.name)
        for entry in entry_points(group="ganx")
        if entry.dist is not None and entry.dist.name in FOLDERS
    }
    own = {
        ("builtin", "ganx.builtin.plugin", "ganx"),
        ("evaluators", "ganx.builtin.evaluators.plugin", "ganx"),
        ("exports", "ganx_exports.plugin", "ganx"),
    }
    modules = {name: f"ganx_{name}.plugin" for name in PLUGINS}
    modules["tensorboard"] += ":observer"
    assert found == own | {(name, modules[name], f"ganx-{name}") for name in PLUGINS}


def test_the_command_and_the_module_tell_the_same_version() -> None:
    command = Path(sys.executable).with_name("ganx")
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith(f"ganx {ganx.__version__} ")
    assert run("-m", "ganx", "--version") == said.stdout


@pytest.mark.parametrize("package", [name for names in PACKAGES.values() for name in names])
def test_type_checkers_may_read_the_annotations_of(package: str) -> None:
    assert resources.files(package).joinpath("py.typed").is_file()


def test_nothing_that_is_imported_to_list_plugins_loads_torch() -> None:
    modules = [
        "ganx",
        "ganx.contracts.hooks",
        *(entry.module for entry in entry_points(group="ganx")),
    ]
    heavy = "{'torch', 'torchvision', 'onnx', 'onnxruntime'} & set(sys.modules)"
    assert run("-c", f"import sys, {', '.join(modules)}; print({heavy})") == "set()\n"


@pytest.fixture(scope="module", params=FOLDERS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=FOLDERS[request.param], capture_output=True, check=True)
    return folder


def test_a_wheel_holds_every_module_and_data_file_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    name = wheel.name.partition("-")[0].replace("_", "-")
    held = {entry for entry in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in entry}
    assert held == _source_files(name)


def test_a_source_distribution_holds_the_sources_and_no_tests(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {Path(*Path(entry).parts[1:]) for entry in opened.getnames()}
    assert {Path("pyproject.toml"), Path("README.md")} <= held
    assert not [entry for entry in held if "tests" in entry.parts]
    name = archive.name.partition("-")[0].replace("_", "-")
    modules = {str(entry) for entry in held}
    assert all(any(one.endswith(source) for one in modules) for source in _source_files(name))


def test_the_test_tools_are_those_that_the_tests_use() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tools = {Requirement(text).name for text in extras["optional-dependencies"]["test"]}
    runners = {"pytest", "pytest-xdist", "hypothesis"}
    server = {"fastapi", "uvicorn"}
    assert tools == runners | server | {"hatchling", "playwright", "torch-fidelity"}


def _source_files(name: str) -> set[str]:
    homes = {"ganx": "core", "ganx_cli": "cli", "ganx_exports": "exports"}
    found: set[str] = set()
    for package in PACKAGES[name]:
        home = FOLDERS[name] / homes.get(package, "")
        files = (path for path in (home / package).rglob("*") if path.is_file())
        found |= {path.relative_to(home).as_posix() for path in files if path.suffix != ".pyc"}
    return found
