"""``ganx evaluate``: score a trained generator."""

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
    prompts_option,
    run_argument,
    runs_option,
    seeds_option,
    set_option,
    weights_option,
)
from ganx_cli.state import current_state

if TYPE_CHECKING:
    from ganx.runs.directory import CheckpointChoice

EXAMPLES = """\b
The newest run, by everybody who can score it:
  ganx evaluate

\b
Two sets of prompts, ten draws of noise, the checkpoint that scored best while training:
  ganx evaluate runs/00003-sagan-iclevr --prompts test --prompts new_test \\
      --seeds 10 --checkpoint best

\b
Prompts of your own, one on each line or as JSON:
  ganx evaluate --prompts mine.txt

\b
Frechet distance and the like; takes a minute or two more:
  ganx evaluate --evaluator distribution

\b
The lab's judge, for scores that compare with published ones:
  ganx evaluate --judge checkpoint.pth --data path/to/iclevr

Results are kept in RUN/evaluations, where `ganx report` and `ganx compare` find them.
A `!` behind a figure says that too few images stand behind it; a line below says what that means.
In JSON it is the figure's `caution`, which is there only where there is one; what is to be said of
the judge or of all figures is in `notes`.
"""


@click.command(epilog=EXAMPLES)
@run_argument
@prompts_option
@evaluator_option
@seeds_option
@judge_option
@checkpoint_option
@weights_option
@moved_data_option
@device_option()
@set_option("A setting of an evaluator, such as distribution.images=10000")
@json_option
@runs_option
def evaluate(
    run: str | None,
    prompts: tuple[str, ...],
    evaluators: tuple[str, ...],
    seeds: int,
    judge: Path | None,
    checkpoint: "CheckpointChoice",
    weights: Literal["ema", "raw"],
    data: Path | None,
    device: str,
    assignments: tuple[str, ...],
    as_json: bool,
    runs: Path,
) -> None:
    """Score the generator of RUN, a folder or a name in --runs; the newest run when left out.

    Scores are means over draws of noise, beside what shuffled conditions would give. The prompts
    of `validation` are label sets as in training that are in no other set; those of `test` are
    never trained on, and never select a checkpoint.
    """
    import json

    from ganx.runs.directory import find_run
    from ganx.scoring.opening import Request
    from ganx.settings.merging import parse_assignments
    from ganx_cli.work.evaluating import evaluate_run

    request = Request(
        checkpoint=checkpoint,
        weights=weights,
        judge=judge,
        seeds=seeds,
        prompts=prompts,
        device=device,
        dataset={"folder": str(data.absolute())} if data else {},
    )
    found = evaluate_run(
        current_state().host,
        find_run(run, runs),
        request,
        evaluators,
        parse_assignments(assignments),
    )
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=1))
        return
    from ganx_cli.screen.evaluation import print_evaluation

    print_evaluation(found)
