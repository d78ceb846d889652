"""What ``ganx judge train`` does."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from ganx.contracts.specs import DatasetSpec
from ganx.errors import ConfigError, RunError
from ganx.settings.merging import Settings, parse_assignments
from ganx_cli.screen.progress import TrainScreen

LEARNING = "learning"


def train_and_tell(
    registry: Mapping[str, DatasetSpec],
    name: str,
    data: Path | None,
    assignments: Sequence[str],
    output: Path,
    device: str,
    *,
    overwrite: bool,
) -> None:
    """Train a judge, write its file, and tell how good it is and how to use it.

    Everything that can be refused is refused before an image is read.
    """
    _check_output(output, overwrite=overwrite)
    tables = tables_of(assignments, ("dataset", "judge"), data)
    if sys.stderr.isatty():
        click.echo("Loading PyTorch ...", err=True)  # which takes seconds
    from ganx.judging.saved import save_judge
    from ganx_cli.screen.judge import described, print_trained

    judge = _train(registry, name, tables, device)
    save_judge(judge, output)
    print_trained({"file": str(output), **described(judge)})


def _train(
    registry: Mapping[str, DatasetSpec], name: str, tables: Mapping[str, Settings], device: str
) -> Any:
    """Open the data set, prepare its images, and train, all with progress."""
    from ganx.config import validated
    from ganx.data.cache import cache_root
    from ganx.data.store import prepare
    from ganx.device import decide
    from ganx.judging.material import open_for_judge
    from ganx.judging.settings import JudgeConfig
    from ganx.judging.training import check_settings, train_judge

    settings = validated(JudgeConfig, tables["judge"], "judge")
    dataset = open_for_judge(registry, {"name": name}, tables["dataset"])
    check_settings(settings, dataset)
    place = str(decide(device=device).device)
    screen = progress_screen()
    with screen:
        screen.notice(dataset.notice)
        store = prepare(dataset, name, cache_root(), place, screen.preparing)
        return train_judge(
            dataset,
            store,
            settings,
            place,
            lambda seen, images: screen.preparing(LEARNING, seen, images),
            name,
        )


def progress_screen() -> TrainScreen:
    """Make what shows progress on standard error; nobody observes."""
    return TrainScreen(lambda *_: None, Console(stderr=True, highlight=False))


def tables_of(
    assignments: Sequence[str], known: Sequence[str], data: Path | None
) -> dict[str, Settings]:
    """Read ``--set`` options of some tables, and put the folder of ``--data`` among them.

    Raises ``ConfigError`` for settings of anything else.
    """
    settings = parse_assignments(assignments)
    for key, value in settings.items():
        if key not in known or not isinstance(value, Mapping):
            forms = " or ".join(f"--set {table}.KEY=VALUE" for table in known)
            raise ConfigError(f"{key!r} cannot be set here. Write {forms}.")
    tables = {table: dict(settings.get(table, {})) for table in known}
    if data is not None:
        tables["dataset"]["folder"] = str(data.absolute())
    return tables


def _check_output(output: Path, *, overwrite: bool) -> None:
    """Refuse a name under which the judge could not be read, and a file that is there."""
    from ganx.judging.settings import SUFFIX

    if output.suffix != SUFFIX:
        raise click.BadParameter(
            f"The files of judges end in {SUFFIX}, and {output.name} does not. "
            f"Write {output.with_suffix(SUFFIX)}.",
            param_hint="--output",
        )
    if output.exists() and not overwrite:
        raise RunError(
            f"There is a file {output} already. Name another with -o FILE, or add --overwrite."
        )
