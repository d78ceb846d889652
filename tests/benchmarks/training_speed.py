"""How much faster the default settings train than eager float32.

Usage: ``python tests/benchmarks/training_speed.py [ROUNDS] [--compile]``. The two are alternated
in one process, since clocks and neighbours drift; the ratio of medians is what counts.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from ganx.data.store import prepare
from ganx.host import default_host
from ganx.runs.directory import RunDirectory
from ganx.sessions.session import settled
from ganx.settings.run import resolve
from ganx.training.setup import execution_of, set_up
from ganx.training.trainer import Trainer

VARIANTS = {
    "float32 eager": {"precision": "float32", "compile": "off", "channels_last": False},
    "defaults": {},
}
ITERATIONS = 3


def trainer(train: dict[str, object], folder: Path) -> Trainer:
    """Build a trainer of sagan-bce on a few rendered scenes."""
    host = default_host()
    config = resolve(host, {"recipe": "sagan-bce", "dataset": {"size": 300}, "train": train})
    execution = execution_of(config.train)
    setup = set_up(host, config, execution.device)
    store = prepare(setup.dataset, "iclevr", folder)
    setup, execution = settled(setup, execution, folder, print)
    return Trainer(setup, store, execution, RunDirectory(folder), lambda *_: None)


def images_per_second(one: Trainer) -> float:
    """Time a few iterations."""
    start, seen = time.perf_counter(), one.images_seen
    for _ in range(ITERATIONS):
        one.iterate()
    one.upkeep.read()  # waits for the device
    return (one.images_seen - seen) / (time.perf_counter() - start)


def main() -> None:
    """Alternate the variants and print their medians."""
    rounds = next((int(word) for word in sys.argv[1:] if word.isdecimal()), 7)
    variants = dict(VARIANTS)
    if "--compile" in sys.argv:
        variants["defaults + compile"] = {"compile": "on"}
    with tempfile.TemporaryDirectory() as folder:
        trainers = {name: trainer(train, Path(folder)) for name, train in variants.items()}
        for one in trainers.values():
            images_per_second(one)
        speeds: dict[str, list[float]] = {name: [] for name in trainers}
        for _ in range(rounds):
            for name, one in trainers.items():
                speeds[name].append(images_per_second(one))
    base = median(speeds["float32 eager"])
    for name, values in speeds.items():
        middle = median(values)
        spread = f"{min(values):.1f} to {max(values):.1f}"
        ratio = f"{middle / base:.2f} times float32 eager"
        print(f"{name:20} {middle:6.1f} images/s ({spread}), {ratio}")


if __name__ == "__main__":
    main()
