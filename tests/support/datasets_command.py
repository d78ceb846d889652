"""``ganx datasets`` as a person calls it, and a folder of images to call it on."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ganx_cli.ending import run
from ganx_cli.main import cli

Output = pytest.CaptureFixture[str]


def animals_in(folder: Path) -> Path:
    """Make images in two splits; no cat is trained on."""
    for name in ("train/dog/1.png", "train/dog/2.png", "train/fox/3.png", "test/cat/4.png"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (int(path.stem) * 40, 0, 0)).save(path)
    return folder


def text(capsys: Output, *arguments: str) -> str:
    """Return what a call prints."""
    assert run(cli, ["datasets", *arguments]) == 0
    return capsys.readouterr().out


def as_json(capsys: Output, *arguments: str) -> dict[str, Any]:
    """Return what a call prints for programs."""
    return json.loads(text(capsys, *arguments, "--json"))


def error(capsys: Output, *arguments: str) -> str:
    """Return the message of a call that fails."""
    assert run(cli, ["datasets", *arguments]) == 1
    return capsys.readouterr().err
