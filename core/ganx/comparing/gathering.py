"""From run directories to contenders: evaluated now, or before by the same protocol."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ganx.comparing.comparison import checked
from ganx.comparing.contender import Contender
from ganx.contracts.protocol import agree
from ganx.contracts.results import Evaluation
from ganx.data.build import Progress
from ganx.errors import RunError
from ganx.host import PluginHost
from ganx.runs.changes import deciding_changes, told_changes
from ganx.scoring.kept import kept_evaluations, save_evaluation
from ganx.scoring.opening import Opened, Request, open_run
from ganx.scoring.running import able, checked_settings, evaluate


@dataclass(frozen=True)
class Asked:
    """What is asked of every run alike."""

    request: Request
    evaluators: Sequence[str]
    """Those that cannot score a run are left out for it."""

    cache: Path
    """Where decoded and rendered images are kept."""


def contenders(
    host: PluginHost,
    runs: Mapping[str, Path],
    asked: Asked,
    *,
    anyway: bool,
    progress: Progress,
    tell: Callable[[str], None],
) -> list[Contender]:
    """Open runs, by the names that tell them apart, and score them.

    Whether they are like for like is decided before anything is scored. An evaluation that was
    kept is taken when it was made of the same weights by exactly the same protocol; a new one
    is kept, where the run's folder can be written. ``tell`` is given a sentence about each run.

    Raises ``ComparisonError`` when they are not like for like, unless they are to be compared
    ``anyway``, and what opening and evaluating raise.
    """
    opened = [
        open_run(host, run, asked.request, cache=asked.cache, progress=progress)
        for run in runs.values()
    ]
    checked([_unscored(one) for one in opened], list(runs), anyway=anyway)
    hindrances = [able(host.evaluators, asked.evaluators, one.subject) for one in opened]
    for sentence in _left_out(list(runs), hindrances):
        tell(sentence)
    scoring = [[name for name, why in one.items() if not why] for one in hindrances]
    return [
        _contender(one, name, _evaluation(host, one, evaluators, name, tell))
        for name, one, evaluators in zip(runs, opened, scoring, strict=True)
    ]


def kept_on(opened: Opened, settings: Mapping[str, Any]) -> Evaluation | None:
    """Find an evaluation of the same weights by the same protocol and evaluators.

    ``settings`` are those of the evaluators, by name. What others found besides is left out.
    """
    wanted = replace(opened.protocol, evaluators=settings)
    for one in reversed(kept_evaluations(opened.run)):
        there = one.protocol.evaluators
        chosen = {name: there[name] for name in settings if name in there}
        protocol = replace(one.protocol, evaluators=chosen)
        if agree(one.origin, opened.origin) and agree(protocol, wanted):
            results = [result for result in one.results if result.evaluator in chosen]
            return replace(one, protocol=protocol, results=results)
    return None


def _left_out(names: Sequence[str], hindrances: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Tell which evaluators cannot score which runs, and why."""
    for evaluator in hindrances[0]:
        reasons = [one[evaluator] for one in hindrances]
        if len(set(reasons)) == 1 and reasons[0]:
            yield f"Without {evaluator}: {reasons[0]}."
        elif any(reasons):
            yield from (
                f"{name} without {evaluator}: {why}."
                for name, why in zip(names, reasons, strict=True)
                if why
            )


def _evaluation(
    host: PluginHost,
    opened: Opened,
    evaluators: Sequence[str],
    name: str,
    tell: Callable[[str], None],
) -> Evaluation:
    """Take an evaluation that was kept, or make one and keep it."""
    kept = kept_on(opened, _written(host, evaluators))
    seen = f"after {opened.origin.images_seen:,} images seen"
    tell(f"{name} {seen}: {'scored before by the same protocol' if kept else 'scoring'}")
    if kept:
        return kept
    found = evaluate(
        host.evaluators, evaluators, opened.subject, opened.protocol, notes=opened.notes
    )
    with suppress(RunError):
        save_evaluation(opened.run, found)
    return found


def _written(host: PluginHost, names: Sequence[str]) -> dict[str, Any]:
    """Write down the default settings of evaluators."""
    configs = checked_settings({name: host.evaluators[name] for name in names}, {})
    return {name: config.model_dump(mode="json") for name, config in configs.items()}


def _unscored(opened: Opened) -> Evaluation:
    """Write down by what protocol a run will be evaluated."""
    return _with_interface(opened, Evaluation(opened.origin, opened.protocol, ()))


def _contender(opened: Opened, name: str, evaluation: Evaluation) -> Contender:
    """Gather what stands above a run's column."""
    return Contender(
        name=name,
        evaluation=_with_interface(opened, evaluation),
        config=opened.run.read_config(),
        parameters=sum(one.numel() for one in opened.subject.generator.module.parameters()),
        run=opened.run,
        changes=_changes(opened),
    )


def _changes(opened: Opened) -> list[str]:
    """Tell what was changed on the way to the weights that are scored."""
    made = deciding_changes(opened.run.sessions())
    return told_changes(one for one in made if one.images_seen < opened.origin.images_seen)


def _with_interface(opened: Opened, evaluation: Evaluation) -> Evaluation:
    """Add form of the images and vocabulary to the protocol."""
    interface = opened.subject.generator.interface
    return replace(evaluation, protocol=replace(evaluation.protocol, interface=interface))
