"""What the documentation says is so: commands parse, links lead somewhere, examples run."""

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from fakes import FakePlugins

from ganx.host import default_host
from ganx.settings.run import resolve
from ganx_cli.ending import run
from ganx_cli.main import cli
from ganx_cli.state import AppState
from ganx_cli.work.training import Request

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "plugins.md"
NOT_OURS = {"build", "dist", "runs"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in NOT_OURS for part in path.relative_to(ROOT).parts)
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PROVIDERS_OF_EXAMPLES = {"small", "mynet"}


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code(page: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(page.read_text("utf-8")) if kind == language]


def command_lines(page: Path) -> Iterator[str]:
    """Yield the lines in code that start with ``ganx``, without the remarks beside them."""
    text = page.read_text("utf-8").replace("\\\n", " ")
    fenced = "\n".join(body for _, body in FENCE.findall(text))
    indented = "\n".join(line for line in text.splitlines() if line.startswith("    ganx"))
    for line in f"{fenced}\n{indented}".splitlines():
        for part in line.split(" && "):
            command = re.sub(r"(?<=\S)(?: {2,}| +#).*", "", re.sub(r"\s+(?=--)", " ", part)).strip()
            if command.startswith("ganx ") and not re.search(r"\[[A-Z]", command):
                yield command


COMMANDS = sorted({command for page in PAGES for command in command_lines(page)})


def parsed(command: str) -> click.Context:
    """Parse a command line down to its last command, running nothing."""
    words = shlex.split(command)[1:]
    found: click.Command = cli
    context = click.Context(cli, info_name="ganx", obj=AppState())
    while isinstance(found, click.Group):
        at = next((i for i, w in enumerate(words) if w in found.list_commands(context)), None)
        if at is None:
            break
        before, name, words = words[:at], words[at], words[at + 1 :]
        _check_options(found, before)
        inner = found.get_command(context, name)
        assert inner is not None
        found, context = inner, click.Context(inner, parent=context, info_name=name)
    return found.make_context(found.name, words, parent=context.parent)


def _check_options(command: click.Command, words: list[str]) -> None:
    known = {name for option in command.params for name in option.opts}
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_line_parses(command: str) -> None:
    try:
        context = parsed(command)
    except click.exceptions.Exit:
        return  # --help and --version
    assert context.command.name in command


@pytest.mark.parametrize(
    "command", [one for one in COMMANDS if "ganx train" in one and "--config" not in one]
)
def test_every_training_is_one_that_ganx_would_start(command: str) -> None:
    request = Request(**parsed(command).params)
    if request.resume is None and request.model not in PROVIDERS_OF_EXAMPLES:
        assert resolve(default_host(), request.settings()).model.name in default_host().models


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_command_named_in_passing_exists(page: Path) -> None:
    prose = FENCE.sub("", page.read_text("utf-8"))
    for span in re.findall(r"`ganx ((?:--)?[a-z][^`]*)`", prose):
        words = span.replace("...", "").split()
        name = next((word for word in words if not word.startswith("-") and word != "NAME"), None)
        command = cli.get_command(click.Context(cli, obj=AppState()), name) if name else cli
        assert command is not None, span
        parts = [cli, command, *part_of(command, words)]
        options = {opt for one in parts for p in one.params for opt in p.opts}
        unknown = {w for w in words if w.startswith("-")} - options - {"--help", "--no-compile"}
        assert not unknown, span


def part_of(command: click.Command, words: list[str]) -> list[click.Command]:
    """Find the command of a group that is named."""
    known = command.commands if isinstance(command, click.Group) else {}
    return [known[word] for word in words if word in known]


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if not target.startswith(("http:", "https:")):
            place, _, anchor = target.partition("#")
            file = (page.parent / place).resolve() if place else page
            assert file.exists(), target
            assert not anchor or anchor in headings(file), target


def headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def test_the_page_of_the_command_line_is_what_the_commands_say() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate_cli.py"))
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == generator["page"](), (
        "Run `python docs/generate_cli.py`."
    )


def test_every_hook_and_recipe_has_its_place_in_the_manual() -> None:
    manual = MANUAL.read_text("utf-8")
    source = (ROOT / "core" / "ganx" / "contracts" / "hooks.py").read_text("utf-8")
    hooks = re.findall(r"^def (ganx_\w+)", source, re.MULTILINE)
    assert [hook for hook in hooks if f"`{hook}" not in manual] == []
    recipes = [name for name in default_host().recipes if name not in PROVIDERS_OF_EXAMPLES]
    assert [name for name in recipes if not (ROOT / f"docs/recipes/{name}.md").exists()] == []


def test_the_second_command_of_the_readme_is_what_ci_runs() -> None:
    (line,) = [one for one in code(ROOT / "README.md", "sh") if ".[test]" in one]
    install, test = line.strip().split(" && ")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert script.endswith(f"\n{test}\n")
    assert install.removeprefix("pip install ").replace("[test]", "[test,lint]") in script


def test_the_readmes_plugin_installs_and_trains(
    fakes: FakePlugins, capsys: pytest.CaptureFixture[str]
) -> None:
    name = install_the_readmes_plugin(fakes)
    assert ganx("--strict-plugins", "plugins", "show", name) == 0
    assert "Channels of the hidden layers." in capsys.readouterr().out
    assert train(fakes, "--plugin", name) == 0
    assert "Done after 32 images seen" in capsys.readouterr().out


def test_the_readmes_plugin_is_built_with_all_its_modules(tmp_path: Path) -> None:
    (project,) = code(ROOT / "README.md", "toml")
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    write(FakePlugins(tmp_path), code(ROOT / "README.md", "python"))
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"ganx_small/plugin.py", "ganx_small/networks.py"} <= set(names)


def test_the_readmes_plugin_passes_the_contracts_that_the_manual_shows(fakes: FakePlugins) -> None:
    install_the_readmes_plugin(fakes)
    (tests,) = [one for one in code(MANUAL, "python") if "ganx.testing" in one]
    write(fakes, [tests])
    # Training and export are left to the contracts' own tests; they take minutes.
    chosen = ("-k", "Recipe or logit or sentence")
    arguments = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull, *chosen)
    result = fakes.run("-m", "pytest", *arguments, f"--rootdir={fakes.folder}", str(fakes.folder))
    assert result.returncode == 0, result.stdout
    assert re.search(r"\d{2} passed", result.stdout)


def test_the_manuals_examples_take_part_in_a_training(
    fakes: FakePlugins, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, source in enumerate(code(MANUAL, "python")):
        if "hookimpl" in source:
            fakes.add(f"example{number}", source)
    code_of_exit = train(
        fakes,
        *("--plugin", "sagan", "--loss", "paired-hinge + calm-scores + r1"),
        *("--set", "model.width=4", "--set", "loss.weights.r1.name=blink"),
        *("--set", "optimizer.generator.name=sgd"),
        *("--set", 'train.diff_augment=["flip"]', "--set", "train.augmentations.flip.share=0.3"),
        *("--set", "loss.weights.r1.period=64"),
        *("--images", "64"),
        *("--set", "plan.name=two-to-one", "--set", "train.log_every=1"),
        *("--set", 'evaluate.evaluators=["brightness"]'),
    )
    said = capsys.readouterr()
    assert code_of_exit == 0, said.err
    (metrics,) = (fakes.folder / "runs").glob("*/metrics.jsonl")
    config = tomllib.loads(metrics.with_name("config.toml").read_text("utf-8"))
    assert config["optimizer"]["generator"]["momentum"] == 0.9
    assert "pair.paired-hinge" in said.out
    assert "observed 64 images" in said.out
    rows = [json.loads(line) for line in metrics.read_text("utf-8").splitlines()]
    steps = [row for row in rows if "pair.paired-hinge" in row]
    for figure in ("pair.calm-scores", "penalty.r1"):
        assert [figure in row for row in steps] == [True, False]
    assert "scores at 64: images brightness" in said.out


def install_the_readmes_plugin(fakes: FakePlugins) -> str:
    (project,) = [tomllib.loads(one) for one in code(ROOT / "README.md", "toml")]
    modules = code(ROOT / "README.md", "python")
    assert sum(bool(line.strip()) for one in modules for line in one.splitlines()) < 70
    write(fakes, modules)
    ((name, target),) = project["project"]["entry-points"]["ganx"].items()
    fakes.add(name, "", target=target, requires=project["project"]["dependencies"])
    return str(name)


def write(fakes: FakePlugins, modules: list[str]) -> None:
    """Write modules to the places that their first lines name."""
    for source in modules:
        place = fakes.folder / source.splitlines()[0].removeprefix("# ")
        place.parent.mkdir(exist_ok=True)
        place.write_text(source, "utf-8")


def train(fakes: FakePlugins, *options: str) -> int:
    """Train for an iteration or two on a few rendered images of 32 pixels."""
    size = ("--set", "dataset.size=24", "--set", "dataset.resolution=32")
    length = ("--images", "32", "--batch-size", "16", "--out", str(fakes.folder / "runs"))
    unscored = ("--set", "evaluate.evaluators=[]")
    return ganx("train", "--dataset", "iclevr", *size, *length, *unscored, *options)


def ganx(*arguments: str) -> int:
    return run(cli, arguments)
