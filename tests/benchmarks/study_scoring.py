"""Checkpoints of runs, scored by one judge; kept in the run's folder as by ``ganx evaluate``."""

from collections.abc import Sequence
from dataclasses import replace

from ganx.comparing.gathering import kept_on
from ganx.contracts.results import Evaluation
from ganx.data.cache import cache_root
from ganx.host import default_host
from ganx.runs.directory import RunDirectory
from ganx.scoring.kept import save_evaluation
from ganx.scoring.opening import Request, open_run
from ganx.scoring.running import checked_settings, evaluate

EVALUATOR = "prompt-accuracy"


def moments(run: RunDirectory, count: int) -> list[int]:
    """Choose checkpoints at about even distances, the last among them.

    Raises ``RunError`` where there is none.
    """
    last = int(run.newest_checkpoint().name)
    every = [int(path.name) for path in run.all_checkpoints()]
    wanted = [last * (index + 1) / count for index in range(count)]
    return sorted({min(every, key=lambda seen: abs(seen - goal)) for goal in wanted})


def scored(run: RunDirectory, seen: Sequence[int], request: Request) -> list[Evaluation]:
    """Return the evaluations of checkpoints: those kept by the same protocol, or new ones."""
    return [_scored(run, replace(request, checkpoint=moment)) for moment in seen]


def _scored(run: RunDirectory, request: Request) -> Evaluation:
    host = default_host()
    opened = open_run(host, run.path, request, cache=cache_root(), progress=lambda *_: None)
    chosen = {EVALUATOR: host.evaluators[EVALUATOR]}
    settings = {EVALUATOR: checked_settings(chosen, {})[EVALUATOR].model_dump(mode="json")}
    kept = kept_on(opened, settings)
    if kept:
        return kept
    found = evaluate(chosen, [EVALUATOR], opened.subject, opened.protocol, notes=opened.notes)
    return save_evaluation(opened.run, found)
