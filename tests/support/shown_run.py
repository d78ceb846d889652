"""A run directory made by hand, and what its page shows besides: a generator, judge and scores."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from seeing import SOLIDS, faithful, painter, reader, solids
from torch import Tensor

from ganx.builtin.evaluators.plugin import ganx_evaluators
from ganx.contracts.protocol import DataIdentity
from ganx.contracts.results import Evaluation
from ganx.contracts.subject import Subject
from ganx.pages.report import Material
from ganx.runs.directory import RunDirectory
from ganx.runs.provenance import Provenance
from ganx.scoring.opening import protocol_of
from ganx.scoring.running import evaluate

IMAGES_SEEN = 4000
CONFIG = """recipe = "sagan-bce"

[model]
name = "sagan"

[dataset]
name = "solids"

[train]
images = 4000
"""
SESSION = {
    "started": "2026-01-02T03:04:05+00:00",
    "ganx": "0.1.0",
    "python": "3.11.7",
    "packages": {"torch": "2.15.0"},
    "plugins": {"sagan": "ganx-sagan 0.1.0"},
    "hardware": {"device": "x86_64", "threads": 2},
    "execution": {"device": "cpu", "precision": "float32"},
    "seed": 7,
    "dataset": {"fingerprint": "f00d" * 16, "source": "rendered", "seed": 0},
}
ALARM = {"images_seen": 1000, "kind": "collapse", "text": "All images look alike."}


def shown_run(folder: Path, grids: int = 5, alarms: int = 1) -> RunDirectory:
    """Write a run with metrics, scores while training, grids and alarms."""
    run = RunDirectory(folder / "00000-sagan-solids")
    run.grids.mkdir(parents=True)
    run.config.write_text(CONFIG, "utf-8")
    run.add_provenance(Provenance.from_json(SESSION))
    run.append_metrics(_metrics())
    run.alarms.write_text("".join(json.dumps(ALARM) + "\n" for _ in range(alarms)), "utf-8")
    for number in range(1, grids + 1):
        sheet = np.full((40, 40, 3), 255 * number // (grids + 1), np.uint8)
        Image.fromarray(sheet).save(run.grid(IMAGES_SEEN * number // grids))
    return run


def half_right(z: Tensor, c: Tensor) -> Tensor:
    """Show red cubes as green ones, and everything else as asked."""
    shown = faithful(z, c).clone()
    names = SOLIDS.groups[0].values
    red, green = names.index("red cube"), names.index("green cube")
    shown[:, green] = shown[:, green].maximum(c[:, red])
    shown[:, red] = 0
    return shown


def shown_subject(**changes: Any) -> Subject:
    """Put a generator that is wrong about red cubes before its judge."""
    frozen = painter(half_right)
    origin = {"run": "00000-sagan-solids", "images_seen": IMAGES_SEEN, "weights": "ema"}
    generator = replace(frozen, metadata={**frozen.metadata, "origin": origin})
    record = {
        "name": "solids 6px",
        "held_out": {"scores": {"top-k": 0.99}},
        "dataset": {"provenance": {"source": "rendered", "seed": 1000}},
    }
    given: dict[str, Any] = {
        "prompts": {"validation": solids(1), "test": ("red cube", "blue sphere, gray cone")},
        "judge": reader(record=record),
        "factors": ("colour", "shape"),
        "seeds": (0, 1),
    }
    return Subject(generator, **{**given, **changes})


def shown_evaluation(subject: Subject, selected_on: str = "") -> Evaluation:
    """Score it by what its judge sees."""
    data = DataIdentity("solids", "f00d", {"source": "rendered", "seed": 0})
    evaluators = {spec.name: spec for spec in ganx_evaluators()}
    protocol = protocol_of(subject, data, selected_on)
    return evaluate(evaluators, ["prompt-accuracy"], subject, protocol)


def shown_material(**changes: Any) -> Material:
    """Gather all that a page can show."""
    subject = shown_subject()
    evaluation = shown_evaluation(subject)
    given: dict[str, Any] = {"evaluation": evaluation, "others": [evaluation], "subject": subject}
    given["commands"] = [
        ("Train it again", "ganx train --config runs/00000-sagan-solids/config.toml")
    ]
    return Material(**{**given, **changes})


def _metrics() -> list[dict[str, float]]:
    """Make readings of losses, and scores now and then."""
    rows: list[dict[str, float]] = []
    for seen in range(10, IMAGES_SEEN + 1, 10):
        wave = float(np.sin(seen / 50))
        rows.append(
            {
                "images_seen": seen,
                "iteration": seen // 10,
                "real.bce": 1 + wave / 3,
                "generator.bce": 2 + wave,
                "probability.real": 0.5 + wave / 4,
            }
        )
        if seen % 1000 == 0:
            scores = {"validation.top-k": seen / 5000, "images.judge-FID": 9000 / seen}
            rows.append({"images_seen": seen, "iteration": seen // 10, **scores})
    return rows
