"""Evaluations made by hand, and runs with them, to be put side by side."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganx.comparing.contender import Contender
from ganx.contracts.protocol import Origin, ScoringProtocol
from ganx.contracts.results import Baseline, Evaluation, Figure, Result
from ganx.runs.directory import RunDirectory
from ganx.scoring.kept import save_evaluation

DRAWS = 5
PROTOCOL: dict[str, Any] = {  # as JSON, of which tests change parts
    "ganx": "0.1.0",
    "judge": {"name": "solids 64px", "digest": "3fa9c2d1", "held_out": {"top-k": 0.99}},
    "seeds": [0, 1, 2, 3, 4],
    "prompts": {
        "validation": {"digest": "aaaa0000", "count": 64},
        "test": {"digest": "bbbb0000", "count": 32},
    },
    "data": {
        "name": "solids",
        "provenance": {
            "source": "rendered",
            "resolution": 64,
            "labels_fingerprint": "1abe11ab" * 8,
        },
        "fingerprint": "f00d" * 16,
    },
    "evaluators": {"prompt-accuracy": {"threshold": 0.5}},
    "selected_on": "",
    "interface": {
        "resolution": 64,
        "channels": 3,
        "condition": {"kind": "classes", "groups": [{"name": "solid", "values": ["a", "b"]}]},
    },
}


def figure(mean: float, sd: float = 0.01, name: str = "top-k", **more: Any) -> Figure:
    """Make a figure that was held against shuffled labels."""
    given = {"draws": DRAWS, "chance": Baseline(0.1, 0.02), **more}
    return Figure(name, mean, sd, **given)


def evaluation(
    run: str = "00000-one", *figures: Figure, images_seen: int = 1000, **protocol: Any
) -> Evaluation:
    """Make an evaluation by the usual protocol, but for what is given."""
    weights = protocol.pop("weights", "ema")
    origin = Origin(run=run, images_seen=images_seen, weights=weights)
    shown = figures or (figure(0.5),)
    results = [Result("prompt-accuracy", scope, shown) for scope in ("validation", "test")]
    return Evaluation(origin, ScoringProtocol.from_json({**PROTOCOL, **protocol}), results)


def contender(
    name: str = "00000-one", *figures: Figure, config: Any = None, **more: Any
) -> Contender:
    """Make a contender without a folder."""
    settings = {"recipe": f"{name}-recipe", "model": {"name": "net"}} if config is None else config
    return Contender(name, evaluation(name, *figures, **more), settings, 1_234_567)


def on_disk(one: Contender, folder: Path, *, grids: bool = True) -> Contender:
    """Give a contender a folder with a score while training, kept evaluations and a grid."""
    run = RunDirectory(folder / one.name)
    run.grids.mkdir(parents=True)
    seen = one.images_seen
    run.append_metrics(
        {"images_seen": moment, "iteration": 1, "validation.top-k": moment / seen / 2}
        for moment in range(seen // 10, seen + 1, seen // 10)
    )
    for share in (1, 2, 4):
        origin = replace(one.evaluation.origin, images_seen=share * seen // 4)
        save_evaluation(run, replace(one.evaluation, origin=origin))
    if grids:
        for moment in (seen // 2, seen):
            Image.fromarray(np.full((40, 40, 3), 90, np.uint8)).save(run.grid(moment))
    return replace(one, run=run)
