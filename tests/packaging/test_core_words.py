"""The core names settings; options and commands are the command line's to name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ganx_cli.own_commands import COMMANDS

CORE = Path(__file__).parents[2] / "core" / "ganx"
NOT_YET = {"host"}

OPTION = r"(?:^|[\s(`'\"=])--[a-z]|[\s(`'\"=]--$"
COMMAND = rf"\bganx (?:{'|'.join(COMMANDS)})\b"
SPEAKS = re.compile(f"{OPTION}|{COMMAND}|`ganx ")


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings of a module, but for docstrings and those below a field."""
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    unread = {id(node.value) for node in told}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in unread
        ):
            yield node


def modules() -> Iterator[Path]:
    for path in sorted(CORE.rglob("*.py")):
        if not NOT_YET & set(path.relative_to(CORE).parts):
            yield path


def test_no_text_of_the_core_names_an_option_or_a_command() -> None:
    found = [
        f"{path.relative_to(CORE)}:{text.lineno}: {text.value}"
        for path in modules()
        for text in texts(ast.parse(path.read_text(encoding="utf-8")))
        if SPEAKS.search(str(text.value))
    ]
    assert found == []


def test_no_page_of_the_core_names_an_option_or_a_command() -> None:
    found = [
        f"{path.name}: {code}"
        for path in sorted(CORE.rglob("*.j2"))
        for code in re.findall(r"<code>([^<{]*)", path.read_text(encoding="utf-8"))
        if SPEAKS.search(code)
    ]
    assert found == []


def test_the_search_finds_options_and_commands() -> None:
    read = [
        "'Name it with --data DIR.'",
        "f'Name a {key} (--{key}).'",
        "f'ganx train {run}'",
        "'`ganx --block x`'",
    ]
    for source in read:
        assert any(SPEAKS.search(str(text.value)) for text in texts(ast.parse(f"x = {source}")))
    silent = ['"""As ``ganx train --resume`` does."""', "x = 'ganx provides -- and reads -1 - 1'"]
    for source in silent:
        assert not any(SPEAKS.search(str(text.value)) for text in texts(ast.parse(source)))
    assert len(list(modules())) > 100
