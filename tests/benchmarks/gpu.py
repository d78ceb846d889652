"""Everything worth knowing from a CUDA machine without network, in nine minutes.

Usage: ``python tests/benchmarks/gpu.py FOLDER [--seconds 540]``. Writes ``results.json`` and a
grid for each training into the folder, as it goes; docs/performance.md says what the figures mean.
In order: the tests of ``tests/cuda``, the images per second of each recipe, trainings by the clock.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gpu_pieces
from gpu_plan import SPEED_WEIGHTS, Training, in_order, paces_of, trained
from gpu_results import Results

from ganx.errors import GanxError
from ganx.host import default_host

SHARES = {"tests": 90, "speed": 120, "training": 300}
"""Of 540 seconds; the rest is for starting, and for what ends late."""

_WHOLE = 540


@dataclass(frozen=True)
class Session:
    """A run of the benchmark: its options, its record and its clock."""

    given: argparse.Namespace
    results: Results
    work: str
    begun: float

    def ends(self, group: str) -> float:
        """Tell when a group of pieces is to be over; time that others left is its own."""
        groups = list(SHARES)[: list(SHARES).index(group) + 1]
        spare = _WHOLE - sum(SHARES.values())
        share = (spare / 2 + sum(SHARES[name] for name in groups)) / _WHOLE
        return self.begun + share * float(self.given.seconds)

    def piece(self, place: Sequence[str], function: str, deadline: float, **given: Any) -> None:
        """Carry out a piece, recording what it reports and how it ended."""
        record = self.results.piece(*place)
        if time.monotonic() >= deadline:
            record.update(state="skipped", error="No time was left for it.")
            self.results.write()
            return
        record["state"] = "running"
        self.results.write()
        print(f"{' '.join(place)} ...", flush=True)

        def hear(content: Mapping[str, Any]) -> None:
            record.update(self._with_grid(content, place[-1]))
            self.results.write()

        record.update(gpu_pieces.carry_out(_by_name, deadline, hear, name=function, given=given))
        self.results.write()
        first_words = record.get("error", "").partition("\n")[0]
        print(f"  {record['state']} after {record['seconds']:.1f} s {first_words}", flush=True)

    def on_recipes(self) -> dict[str, Any]:
        """Return the arguments that the pieces on recipes share."""
        return {"device": self.given.device, "tiny": self.given.tiny, "work": self.work}

    def _with_grid(self, content: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Take a grid over into the folder of results."""
        if "grid" not in content:
            return dict(content)
        return {**content, "grid": self.results.keep_picture(Path(content["grid"]), f"{name}.png")}


def _by_name(report: gpu_pieces.Report, deadline: float, *, name: str, given: Any) -> None:
    """Find a piece's function in its process, so that this one need not import PyTorch."""
    from importlib import import_module

    module, function = name.split(":")
    getattr(import_module(module), function)(report, deadline, **given)


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a new or empty folder for the results")
    parser.add_argument("--seconds", type=float, default=_WHOLE, help="how long all of it may take")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument("--recipes", default="", help="only these, such as sagan-bce,wgan-gp")
    parser.add_argument("--tests", default="tests/cuda", help="what pytest runs; empty: nothing")
    parser.add_argument("--tiny", action="store_true", help="8 channels, 24 images: tries the way")
    return parser.parse_args(words)


def run(session: Session) -> None:
    """Do everything, in order of worth."""
    wanted = [name.strip() for name in session.given.recipes.split(",") if name.strip()]
    recipes = in_order(list(default_host().recipes), wanted)
    session.piece(["machine"], "gpu_machine:describe_machine", session.ends("tests"))
    if session.given.tests:
        asked = {"tests": session.given.tests, "work": session.work}
        session.piece(["tests"], "gpu_tests:run_tests", session.ends("tests"), **asked)
    weights = {name: SPEED_WEIGHTS.get(name, 1.0) for name in recipes}
    for name, deadline in _in_turn(weights, session, "speed"):
        _measure(session, name, deadline)
    trainings = {one.name: one for one in trained(recipes)}
    weights = {name: one.weight for name, one in trainings.items()}
    for name, deadline in _in_turn(weights, session, "training"):
        _train(session, trainings[name], deadline)


def _measure(session: Session, recipe: str, deadline: float) -> None:
    """Measure how fast a recipe trains."""
    session.piece(
        ["speed", recipe],
        "gpu_speed:measure_speed",
        deadline,
        recipe=recipe,
        compiled=recipe in SPEED_WEIGHTS,
        **session.on_recipes(),
    )


def _train(session: Session, one: Training, deadline: float) -> None:
    """Train one recipe, at the pace that was measured."""
    speeds = session.results.piece("speed", one.recipe).get("variants", {})
    session.piece(
        ["training", one.name],
        "gpu_training:train_by_the_clock",
        deadline,
        recipe=one.recipe,
        settings=one.settings,
        paces=paces_of(one, speeds),
        **session.on_recipes(),
    )


def _in_turn(
    weights: Mapping[str, float], session: Session, group: str
) -> Iterator[tuple[str, float]]:
    """Give each its deadline when its turn comes: a part of what is left, by weight."""
    ends, rest = session.ends(group), sum(weights.values())
    for name, weight in weights.items():
        now = time.monotonic()
        yield name, now + max(0.0, ends - now) * weight / rest
        rest -= weight


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a request to stop end the piece that is running, too."""

    def stop(*_: Any) -> None:
        raise SystemExit("Stopped; what was found until now is in the folder.")

    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def main() -> None:
    """Make room, do everything, and say where it is."""
    begun = time.monotonic()
    given = arguments()
    try:
        results = Results(given.folder, {**vars(given), "folder": given.folder.name})
    except OSError as error:
        sys.exit(f"Error: {error}")
    gpu_pieces.preload("torch._dynamo", "ganx.sessions.session")
    with tempfile.TemporaryDirectory(prefix="ganx-gpu-") as work, ended_by_signals():
        try:
            run(Session(given, results, work, begun))
        except GanxError as error:
            sys.exit(f"Error: {error}")
    results.finish()
    print(f"{given.folder}: results.json and {len(list(given.folder.glob('*.png')))} grids")


if __name__ == "__main__":
    main()
