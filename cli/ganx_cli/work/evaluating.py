"""Evaluating a run for a command: who can, with what progress, and where it is kept."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from ganx_cli.remedies import in_full
from ganx_cli.screen.progress import TrainScreen

if TYPE_CHECKING:
    from ganx.contracts.results import Evaluation
    from ganx.host import PluginHost
    from ganx.scoring.opening import Opened, Request


def evaluate_run(
    host: "PluginHost",
    path: Path,
    request: "Request",
    names: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> "Evaluation":
    """Open a run, ask its evaluators, and keep what they found beside it.

    Without ``names``, all that can score it do, but those that take long. What goes on is told on
    standard error. Raises ``DataError`` when one that is named cannot score it.
    """
    from ganx.data.cache import cache_root
    from ganx.errors import RunError
    from ganx.runs.directory import RunDirectory
    from ganx.runs.recorded import as_recorded
    from ganx.scoring.kept import save_evaluation
    from ganx.scoring.opening import open_run
    from ganx.scoring.running import evaluate

    host = as_recorded(host, RunDirectory(path))
    screen = TrainScreen(lambda *_: None, Console(stderr=True, highlight=False))
    with screen:
        opened = open_run(host, path, request, cache=cache_root(), progress=screen.preparing)
        screen.say(_about(opened))
        chosen = names or _who_can(host, opened, screen.say)
        found = evaluate(
            host.evaluators, chosen, opened.subject, opened.protocol, settings, opened.notes
        )
    try:
        return save_evaluation(opened.run, found)
    except RunError as error:  # what took minutes is at least shown
        screen.notice(f"The scores could not be kept beside the run. {in_full(error)}")
        return found


def _about(opened: "Opened") -> str:
    """Say what is scored, and by which judge."""
    origin, judge = opened.origin, opened.subject.judge
    asked = f"judge {judge.name} {judge.digest}" if judge else "no judge"
    return f"Scoring {origin.run} after {origin.images_seen:,} images seen; {asked}"


def _who_can(host: "PluginHost", opened: "Opened", say: Callable[[str], None]) -> list[str]:
    """Choose the evaluators that can score a run, and tell of the others."""
    from ganx.scoring.running import able

    reasons = able(host.evaluators, list(host.evaluators), opened.subject)
    for name, reason in reasons.items():
        if reason:
            say(f"Without {name}: {reason}.")
    if not opened.subject.judge and any("judge" in reason for reason in reasons.values()):
        say("`ganx judge train` makes a judge, and --judge names one.")
    return [n for n, reason in reasons.items() if not (reason or host.evaluators[n].slow)]
