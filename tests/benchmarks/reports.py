"""Train the nine systems of the reports as printed, by the clock; on a GPU it takes an hour.

    python tests/benchmarks/reports.py FOLDER --minutes 60

The minutes are those of the folder: started again on it after a kill, it goes on with what is left
of them, and with more ``--minutes`` all runs are resumed. docs/performance.md says how the time is
divided and what is in the folder.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gpu_pieces
from gpu import ended_by_signals
from gpu_plan import in_order
from gpu_settings import configuration
from reports_plan import REPORTS, Standing, first_seconds, next_slice
from reports_record import TABLE, Record, table
from reports_slice import images_seen, newest_run, train_slice

from ganx.errors import GanxError
from ganx.host import default_host
from ganx.settings.merging import Settings, merge, parse_assignments

ALLOWED = 600.0
"""Seconds that a slice has after its time, for compiling, saving and scoring; then it is killed."""

_BEAT = 2.0
"""Seconds between two writings of the record while a slice trains."""

Carry = Callable[..., dict[str, Any]]
"""Carries out a slice as ``gpu_pieces.carry_out`` does."""


@dataclass
class Sitting:
    """One start of the script: its clock, its record, and who carries out slices."""

    folder: Path
    record: Record
    settings: Mapping[str, Mapping[str, Any]]
    """By recipe, over the recipe's own."""

    lengths: Mapping[str, int]
    """Images of each recipe's whole training."""

    seconds: float
    """Of the whole, former sittings included."""

    device: str = "auto"
    clock: Callable[[], float] = time.monotonic
    carry: Carry = gpu_pieces.carry_out
    failed: set[str] = field(default_factory=set)
    """Recipes of which a slice failed; they have no other in this sitting."""

    def run(self) -> None:
        """Train slice after slice until the time is up or all are at their reports' ends."""
        first = first_seconds(self.seconds, len(self.lengths))
        while chosen := next_slice(self.standings(), self.seconds - self.record.seconds, first):
            self.slice(*chosen)

    def standings(self) -> dict[str, Standing]:
        """Tell how far all are that can go on: by their checkpoints, which a kill leaves whole."""
        return {
            name: Standing(
                self._saved(name), length, self.record.of(name).get("images_per_second") or None
            )
            for name, length in self.lengths.items()
            if name not in self.failed
        }

    def slice(self, recipe: str, seconds: float) -> None:
        """Train one recipe for a time, its start and its end included, and write what was found."""
        known, begun = self.record.of(recipe), self.clock()
        former, beat = known.get("seconds", 0.0), begun
        known.pop("error", None)
        until = begun + max(0.0, seconds - known.get("closing_seconds", 0.0))

        def hear(content: Mapping[str, Any]) -> None:
            nonlocal beat
            now = self.clock()
            known.update({name: value for name, value in content.items() if name != "last"})
            known["seconds"] = round(former + now - begun, 2)
            if now - beat > _BEAT:
                beat = now
                self.record.write()

        print(f"{recipe}: {seconds / 60:.1f} minutes ...", flush=True)
        ended = self.carry(
            train_slice,
            begun + seconds + ALLOWED,
            hear,
            recipe=recipe,
            settings=self.settings[recipe],
            images=int(seconds * known.get("images_per_second", 0.0)),
            until=until,
            device=self.device,
            folder=str(self.folder),
        )
        seconds_now = round(former + self.clock() - begun, 2)
        known.update(seconds=seconds_now, images_seen=self._saved(recipe))
        known["length"] = self.lengths[recipe]
        if ended["state"] != "done":
            self.failed.add(recipe)
            known["error"] = ended.get("error", ended["state"])
            print(f"{recipe}: {known['error']}", flush=True)
        self.record.write()
        print(table({recipe: known}).splitlines()[-1], flush=True)

    def _saved(self, recipe: str) -> int:
        """Count the images at a recipe's newest checkpoint."""
        run = newest_run(self.folder, recipe)
        return images_seen(run) if run else 0


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a new folder, or that of a former sitting")
    parser.add_argument("--minutes", type=float, default=60, help="of all sittings on the folder")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a recipe")
    parser.add_argument("--data", type=Path, help="a folder of i-CLEVR; else scenes are rendered")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="of runs that begin",
    )
    return parser.parse_args(words)


def settings_of(recipe: str, given: argparse.Namespace) -> Settings:
    """Lay what is given over a recipe."""
    asked = parse_assignments(given.set)
    name = configuration(recipe, {}, device="cpu", tiny=False).dataset.name
    if given.data and name == "iclevr":
        return merge(asked, {"dataset": {"folder": str(given.data.absolute())}})
    return asked


def sitting(given: argparse.Namespace) -> Sitting:
    """Prepare a sitting. Raises ``ConfigError`` for what is not a report's recipe."""
    there = [one.recipe for one in REPORTS if one.recipe in default_host().recipes]
    names = [name for name in there if name in in_order(there, given.only)]
    settings = {name: settings_of(name, given) for name in names}
    lengths = {
        name: configuration(name, settings[name], device="cpu", tiny=False).train.images
        for name in names
    }
    record = Record(given.folder)
    return Sitting(given.folder, record, settings, lengths, given.minutes * 60, given.device)


def main() -> None:
    """Train, and say where everything is."""
    given = arguments()
    gpu_pieces.preload("torch._dynamo", "ganx.sessions.session")
    try:
        with ended_by_signals():
            now = sitting(given)
            now.run()
    except GanxError as error:
        sys.exit(f"Error: {error}")
    print(f"{given.folder / TABLE}: {now.record.seconds / 60:.1f} minutes of {given.minutes:g}")


if __name__ == "__main__":
    main()
