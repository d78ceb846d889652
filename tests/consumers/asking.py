"""Installing a consumer, and asking it for images in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shipped import BATCHES, Shipped
from table import Consumer

from ganx.exporting.questions import Answer, Question

LONGEST = 120
"""Seconds for one file; a converter may be slow, or never come to an end."""


@dataclass(frozen=True)
class Installed:
    """How a consumer's script is started."""

    python: str
    environment: dict[str, str] = field(default_factory=dict)


def install(consumer: Consumer, folder: Path) -> Installed:
    """Install a consumer in an environment of its own within the folder."""
    place = folder / "".join(letter for letter in consumer.name.lower() if letter.isalnum())
    if consumer.node:
        place.mkdir(exist_ok=True)
        command = ["npm", "install", "--silent", "--prefix", str(place), *consumer.packages]
        subprocess.run(command, check=True, capture_output=True)
        return Installed(sys.executable, {"GANX_NODE_MODULES": str(place / "node_modules")})
    python = place / "bin" / "python"
    if not python.exists():
        if shutil.which("uv"):
            subprocess.run(["uv", "venv", "-q", "-p", sys.executable, str(place)], check=True)
            start = ["uv", "pip", "install", "-q", "-p", str(python)]
        else:
            subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
            start = [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*start, *consumer.packages], check=True, capture_output=True)
    return Installed(str(python))


def installed_beside(consumer: Consumer) -> Installed | None:
    """Return a consumer that the extra ``consumers`` installed beside ganx, if it did."""
    there = consumer.module and find_spec("openvino") and find_spec(consumer.module)
    return Installed(sys.executable) if there else None


def answers(
    consumer: Consumer, installed: Installed, generator: Shipped, folder: Path
) -> dict[int, Answer]:
    """Return what the consumer gives for each batch size that it is asked for."""
    asked = dict(zip(BATCHES, generator.questions(), strict=True))
    if generator.recipe not in consumer.fixed:
        file = generator.export(folder, consumer.form, consumer.suffix)
        given = _ask(consumer, installed, file, [asked[batch] for batch in consumer.batches])
        return dict(zip(consumer.batches, given, strict=True))
    found: dict[int, Answer] = {}
    for batch in consumer.batches:
        file = generator.export(folder, {**consumer.form, "batch": batch}, consumer.suffix)
        (found[batch],) = _ask(consumer, installed, file, [asked[batch]])
    return found


def difference(generator: Shipped, batch: int, images: NDArray[Any]) -> float:
    """Return the largest difference of a pixel to eager, infinite for another shape."""
    expected = generator.images(generator.questions()[BATCHES.index(batch)])
    if images.shape != expected.shape:
        return float("inf")
    return float(np.abs(images - expected).max())


def _ask(
    consumer: Consumer, installed: Installed, file: Path, questions: Sequence[Question]
) -> list[Answer]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, one in enumerate(questions):
            np.savez(folder / f"{number}.npz", z=one.z, c=one.c)
        environment = {**os.environ, **installed.environment}
        command = [installed.python, str(consumer.script), str(file), str(folder)]
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, timeout=LONGEST, check=False
            )
        except subprocess.TimeoutExpired:
            return [f"does not end within {LONGEST} seconds"] * len(questions)
        return [_answer(folder, number, done) for number in range(len(questions))]


def _answer(folder: Path, number: int, done: Any) -> Answer:
    if (folder / f"{number}.npy").exists():
        images: NDArray[Any] = np.load(folder / f"{number}.npy")
        return images
    if (folder / f"{number}.txt").exists():
        return (folder / f"{number}.txt").read_text("utf-8")
    last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
    return f"ends with code {done.returncode}: {last[0]}"
