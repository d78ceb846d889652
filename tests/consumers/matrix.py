"""Write the consumers' matrix into docs/exports.md: python tests/consumers/matrix.py [NAME ...].

Every consumer is installed in an environment of its own in a temporary folder, asked for images of
every recipe's generator, and removed. Names, or beginnings of names, choose among them; then
nothing is written. Results appear on the screen as they come.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from asking import Installed, answers, difference, install
from page import write
from shipped import BATCHES, Shipped, recipes, shipped
from table import HELD, TRIED, Consumer

HEAD = (
    "| consumer | version | file | recipes | 1 | 2 | 7 | 64 | what does not work |",
    "|---|---|---|---|---|---|---|---|---|",
)
WRONG = 1e-3
"""From which difference on images are others, and no rounding is to blame."""

MOST = 160
"""Letters of a reason."""


def main(names: list[str]) -> None:
    chosen = [one for one in (*HELD, *TRIED) if not names or one.name.startswith(tuple(names))]
    generators = [shipped(recipe) for recipe in recipes()]
    rows = []
    with TemporaryDirectory() as name:
        files = Path(name) / "files"
        files.mkdir()
        for consumer in chosen:
            place = Path(name) / "environments"
            place.mkdir()
            rows.append(row(consumer, place, files, generators))
            print(rows[-1], flush=True)
            shutil.rmtree(place)
    if not names:
        write("consumers", [*HEAD, *rows])


def row(consumer: Consumer, place: Path, files: Path, generators: list[Shipped]) -> str:
    """Ask one consumer for everything."""
    told = " ".join(f"`--{name} {value}`" for name, value in consumer.form.items())
    if consumer.fixed:
        told = f"{' and '.join(consumer.fixed)}: `--batch N`"
    cells = [consumer.name]
    try:
        installed = install(consumer, place)
    except subprocess.CalledProcessError as error:
        reason = (error.stderr or b"").decode(errors="replace").strip().splitlines()[-1:]
        return line([*cells, "", told, "", "", "", "", "", f"does not install: {reason}"])
    worst: dict[int, float] = {}
    failed: dict[str, list[str]] = {}
    for generator in generators:
        found = answers(consumer, installed, generator, files)
        print(f"  {consumer.name}: {generator.recipe}", flush=True)
        for batch, one in found.items():
            if isinstance(one, str):
                failed.setdefault(short(one), []).append(f"{generator.recipe} at {batch}")
                continue
            value = difference(generator, batch, one)
            if value <= WRONG:
                worst[batch] = max(worst.get(batch, 0), value)
            else:
                failed.setdefault(f"wrong images, off by {value:.2f}", []).append(
                    f"{generator.recipe} at {batch}"
                )
    bad = {place.partition(" at ")[0] for places in failed.values() for place in places}
    counted = f"{len(generators) - len(bad)} of {len(generators)}"
    measured = [f"{worst[batch]:.1e}" if batch in worst else "" for batch in BATCHES]
    reasons = "; ".join(
        f"{joined(places, consumer.batches)}: {reason}" for reason, places in failed.items()
    )
    return line([*cells, version(consumer, installed), told, counted, *measured, reasons])


def joined(places: list[str], batches: tuple[int, ...]) -> str:
    """Tell recipes, and the batches of those that work at others."""
    by_recipe: dict[str, list[str]] = {}
    for place in places:
        recipe, _, batch = place.partition(" at ")
        by_recipe.setdefault(recipe, []).append(batch)
    every = {str(batch) for batch in batches}
    told = [
        f"`{recipe}`" if set(failing) == every else f"`{recipe}` at {', '.join(failing)}"
        for recipe, failing in by_recipe.items()
    ]
    return ", ".join(told)


def short(reason: str) -> str:
    """Keep what a reason is about."""
    reason = re.sub(r"/\S+/|0x[0-9a-f]+|\||\x1b\[\d+m", "", reason)
    return reason if len(reason) <= MOST else f"{reason[:MOST]} …"


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def version(consumer: Consumer, installed: Installed) -> str:
    """Return the versions that were installed."""
    names = [re.split(r"[<>=]", one)[0] for one in consumer.packages]
    if consumer.node:
        modules = Path(installed.environment["GANX_NODE_MODULES"])
        return str(json.loads((modules / names[0] / "package.json").read_text())["version"])
    asked = [name for name in names if name != "numpy"][:2]
    code = f"from importlib.metadata import version; print(*map(version, {asked!r}), sep=', ')"
    done = subprocess.run(
        [installed.python, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:])
