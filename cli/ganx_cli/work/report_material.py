"""What the page of a run shows besides its files: an evaluation, kept or made now, and images."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ganx.errors import GanxError
from ganx_cli.remedies import ALARMS, in_full

if TYPE_CHECKING:
    from ganx.contracts.results import Evaluation
    from ganx.host import PluginHost
    from ganx.pages.report import Material
    from ganx.runs.directory import RunDirectory
    from ganx.scoring.opening import Opened, Request

_UNJUDGED = (
    "There is no judge of these images, so nobody tells whether they show what was asked for. "
    "`ganx judge train` makes one, and --judge names it."
)


def material_of(
    host: "PluginHost", run: Path, request: "Request", *, any_seeds: bool
) -> "Material":
    """Find the scores of a run, or score it; what cannot be had is said in the result.

    ``any_seeds`` accepts a kept evaluation of any number of draws. Raises ``GanxError`` where a
    checkpoint or a judge that was named cannot be had.
    """
    from ganx.pages.report import Material
    from ganx.runs.directory import RunDirectory
    from ganx.scoring.kept import kept_evaluations

    directory = RunDirectory(run)
    opened, missing = _opened(host, directory, request)
    is_of = _is_of(directory, request, opened, any_seeds=any_seeds)
    fitting = (one for one in reversed(kept_evaluations(directory)) if is_of(one))
    found = next((one for one in fitting if _is_whole(host, one, opened)), None)
    if found is None and opened:
        found = _evaluated(host, run, request)
    return Material(
        evaluation=found,
        others=kept_evaluations(directory),
        subject=opened.subject if opened else None,
        missing=missing,
        headlines={name: spec.headline for name, spec in host.evaluators.items()},
        commands=commands(str(run), request.judge, opened, found),
        how=ALARMS,
    )


def commands(
    run: str, judge: Path | None, opened: "Opened | None", evaluation: "Evaluation | None"
) -> list[tuple[str, str]]:
    """Write the commands that repeat the run and what is on its page, with what each does."""
    train = ("Train it again", f"ganx train --config {run}/config.toml")
    shown = evaluation or opened
    if shown is None:
        return [train]
    chosen = f" --checkpoint {shown.origin.images_seen} --weights {shown.origin.weights}"
    seeds = len(evaluation.protocol.seeds) if evaluation else 5
    by = f" --judge {judge}" if judge else ""
    return [
        train,
        ("Score it", f"ganx evaluate {run}{chosen} --seeds {seeds}{by}"),
        ("Draw images", f"ganx sample {run}{chosen} -n 64 -o samples.png"),
        ("Ship it", f"ganx export {run}{chosen} --format onnx"),
        ("Write this page", f"ganx report {run}{chosen}{by}"),
    ]


def _opened(
    host: "PluginHost", run: "RunDirectory", request: "Request"
) -> "tuple[Opened | None, list[str]]":
    """Open a run, or say why that is not possible."""
    from ganx.data.cache import cache_root
    from ganx.scoring.opening import open_run

    if request.checkpoint is None and not run.all_checkpoints():
        return None, ["The run has no checkpoint yet, so there is nothing to score."]
    try:
        opened = open_run(host, run.path, request, cache=cache_root(), progress=lambda *_: None)
    except GanxError as error:
        if request.checkpoint is not None or request.judge:
            raise
        return None, [f"Neither prompts nor new scores can be shown: {in_full(error)}"]
    return opened, [] if opened.subject.judge else [_UNJUDGED]


def _is_of(
    run: "RunDirectory", request: "Request", opened: "Opened | None", *, any_seeds: bool
) -> "Callable[[Evaluation], bool]":
    """Tell how to see whether a kept evaluation is of what the page shows."""
    from ganx.contracts.protocol import agree

    if opened is None:
        newest = run.all_checkpoints()[-1:]
        moment = (int(newest[0].name) if newest else None, request.weights)
        return lambda one: (one.origin.images_seen, one.origin.weights) == moment
    names = ("judge", "prompts") if any_seeds else ("judge", "prompts", "seeds")
    return lambda one: (
        agree(one.origin, opened.origin, ("images_seen", "weights"))
        and agree(one.protocol, opened.protocol, names)
    )


def _is_whole(host: "PluginHost", evaluation: "Evaluation", opened: "Opened | None") -> bool:
    """Tell whether an evaluation has the scores that head a page, where there can be any."""
    from ganx.scoring.running import able

    if opened is None:
        return True
    asked = {*evaluation.protocol.evaluators}
    asked |= {result.evaluator for result in evaluation.results}
    heading = [name for name, spec in host.evaluators.items() if spec.headline and not spec.slow]
    reasons = able(host.evaluators, heading, opened.subject)
    return all(reason or name in asked for name, reason in reasons.items())


def _evaluated(host: "PluginHost", run: Path, request: "Request") -> "Evaluation":
    from ganx_cli.work.evaluating import evaluate_run

    return evaluate_run(host, run, request)
