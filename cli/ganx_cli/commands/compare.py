"""``ganx compare``: runs side by side, like for like."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ganx_cli.commands.options import (
    checkpoint_option,
    device_option,
    evaluator_option,
    json_option,
    judge_option,
    moved_data_option,
    output_option,
    prompts_option,
    runs_option,
    seeds_option,
    weights_option,
)
from ganx_cli.state import current_state

if TYPE_CHECKING:
    from ganx.comparing.comparison import Comparison
    from ganx.comparing.gathering import Asked
    from ganx.runs.directory import CheckpointChoice

EXAMPLES = """\b
Two runs, by their newest checkpoints:
  ganx compare 00003-sagan-iclevr 00004-dcgan-iclevr

\b
A page with curves, grids and what differs in their settings:
  ganx compare runs/* -o compare.html

\b
At the same moment of training, and on two sets of prompts only:
  ganx compare 00003-sagan-iclevr 00004-dcgan-iclevr --checkpoint 108096 \\
      --prompts validation --prompts test

\b
JSON: an object with
  like_for_like  whether nothing but the generators differs
  reasons        [{kind, text, advice}], why not; only with --anyway
  cautions       [{kind, text, advice}], what else must be known
  runs           [{name, recipe, model, images_seen, parameters, evaluation}]
  figures        [{subject, name, means: {RUN: mean}, best: RUN or null,
                 verdict: clear, unclear, by chance, few draws, no order or
                 alone, leaders: [RUN]}]
  settings       [{key, values: {RUN: value}}], where they differ
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="RUN RUN...", nargs=-1, required=True)
@prompts_option
@evaluator_option
@seeds_option
@judge_option
@checkpoint_option
@weights_option
@moved_data_option
@device_option()
@output_option(None, "Write a page too, such as compare.html.", is_file=True)
@click.option(
    "--anyway",
    is_flag=True,
    help="Compare what is not like for like; the reasons are written on the result.",
)
@json_option
@runs_option
def compare(
    names: tuple[str, ...],
    prompts: tuple[str, ...],
    evaluators: tuple[str, ...],
    seeds: int,
    judge: Path | None,
    checkpoint: "CheckpointChoice",
    weights: Literal["ema", "raw"],
    data: Path | None,
    device: str,
    output: Path | None,
    anyway: bool,
    as_json: bool,
    runs: Path,
) -> None:
    """Score runs under the same judge, noise and prompts, and put the figures side by side.

    Each RUN is a folder or a name in --runs. Runs that are not like for like are refused with the
    reason: they differ in data, labels, resolution, prompts, judge, or in how the checkpoint was
    chosen. Evaluations by the same protocol that lie beside a run are used again.
    """
    from ganx.comparing.gathering import Asked
    from ganx.data.cache import cache_root
    from ganx.scoring.opening import Request

    host = current_state().host
    chosen = evaluators or [name for name, one in host.evaluators.items() if not one.slow]
    request = Request(
        checkpoint=checkpoint,
        weights=weights,
        judge=judge,
        seeds=seeds,
        prompts=prompts,
        device=device,
        dataset={"folder": str(data.absolute())} if data else {},
    )
    found = _compared(names, runs, Asked(request, chosen, cache_root()), anyway=anyway)
    if output:
        _write_page(found, output)
    _print(found, as_json=as_json)


def _compared(names: tuple[str, ...], runs: Path, asked: "Asked", *, anyway: bool) -> "Comparison":
    """Find, open and score the runs; what goes on is told on standard error."""
    from rich.console import Console

    from ganx.comparing.comparison import compared
    from ganx.comparing.gathering import contenders
    from ganx.comparing.naming import distinct_names
    from ganx.runs.directory import find_run
    from ganx_cli.screen.progress import TrainScreen

    paths = [find_run(name, runs) for name in names]
    named = dict(zip(distinct_names(paths), paths, strict=True))
    with TrainScreen(lambda *_: None, Console(stderr=True, highlight=False)) as screen:
        found = contenders(
            current_state().host,
            named,
            asked,
            anyway=anyway,
            progress=screen.preparing,
            tell=screen.say,
        )
    return compared(found, anyway=anyway)


def _write_page(found: "Comparison", output: Path) -> None:
    from ganx.pages.compare_page import write_compare_page

    write_compare_page(found, output)
    click.echo(f"wrote {output}", err=True)


def _print(found: "Comparison", *, as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
        return
    from ganx_cli.screen.comparison import print_comparison

    print_comparison(found)
