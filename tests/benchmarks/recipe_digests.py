"""Train every recipe for some iterations and digest its weights, to show that a change moves none.

    python tests/benchmarks/recipe_digests.py write FILE    before the change
    python tests/benchmarks/recipe_digests.py check FILE    after it, on the same machine

On the CPU, in float32, on one thread, at tiny widths. Digests hold for one processor and one
version of PyTorch, which the file names.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import torch
from safetensors.torch import load_file

from ganx_cli.main import cli

BATCH, ITERATIONS = 16, 10
NETWORKS = ("generator", "discriminator", "ema")
TINY = {
    "train.precision": "float32",
    "train.device": "cpu",
    "train.channels_last": "false",
    "train.compile": "off",
    "train.batch_size": BATCH,
    "train.log_every": 1,
    "evaluate.evaluators": "[]",
}
WIDTHS = {"model.width": 8, "model.discriminator_width": 8}
DATA = {"dataset.size": 64, "dataset.resolution": 32}


def recipes() -> list[str]:
    """List the recipes that plugins provide, by asking the command line."""
    with tempfile.TemporaryFile("w+") as told, redirect_stdout(told):
        cli.main(["plugins", "--json"], standalone_mode=False)
        told.seek(0)
        listed = json.load(told)
    return [name for plugin in listed["plugins"] for name in plugin["provides"].get("recipes", ())]


def settings_of(recipe: str, runs: Path) -> list[str]:
    """Return the options of a tiny run, without what the recipe's parts do not know."""
    chosen = TINY | WIDTHS | DATA
    while True:
        options = [f"--set={key}={value}" for key, value in chosen.items()]
        command = ["train", "--recipe", recipe, "--out", str(runs), *options]
        command += ["--images", str(BATCH * ITERATIONS * 2)]
        try:
            with redirect_stdout(sys.stderr):
                cli.main([*command, "--dry-run"], standalone_mode=False)
        except Exception as error:
            unknown = [key for key in WIDTHS | DATA if key in chosen and key in str(error)]
            if not unknown:
                raise
            for key in unknown:
                del chosen[key]
        else:
            return command


def digests(recipe: str, runs: Path) -> Iterator[tuple[str, str]]:
    """Train, and digest names and bytes of each network's tensors in the last checkpoint."""
    with redirect_stdout(sys.stderr):
        cli.main(settings_of(recipe, runs), standalone_mode=False)
    (checkpoint,) = sorted(runs.glob("*/checkpoints/*"))[-1:]
    for network in NETWORKS:
        digest = hashlib.sha256()
        for name, tensor in sorted(load_file(checkpoint / f"{network}.safetensors").items()):
            digest.update(name.encode())
            digest.update(tensor.contiguous().numpy().tobytes())
        yield network, digest.hexdigest()[:16]


def main() -> None:
    """Write digests, or hold those of now against a file."""
    action, file = sys.argv[1], Path(sys.argv[2])
    torch.set_num_threads(1)
    found = {}
    for recipe in recipes():
        with tempfile.TemporaryDirectory() as runs:
            found[recipe] = dict(digests(recipe, Path(runs)))
        print(recipe, *found[recipe].values(), flush=True)
    if action == "write":
        machine = {
            "torch": torch.__version__,
            "instructions": torch.backends.cpu.get_cpu_capability(),
        }
        file.write_text(json.dumps(machine | {"recipes": found}, indent=1) + "\n", "utf-8")
        return
    kept = json.loads(file.read_text("utf-8"))["recipes"]
    moved = [name for name in kept | found if kept.get(name) != found.get(name)]
    print("moved:", ", ".join(moved) or "none")
    sys.exit(bool(moved))


if __name__ == "__main__":
    main()
