"""The page of one run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ganx.contracts.protocol import JudgeIdentity, Origin
from ganx.contracts.results import Evaluation, Figure
from ganx.contracts.subject import Subject
from ganx.errors import RunError
from ganx.pages.about import about, alarms, changes, provenance
from ganx.pages.headlines import headlines, score_blocks
from ganx.pages.judge_words import about_judge
from ganx.pages.label_words import label_words
from ganx.pages.page import render_page
from ganx.pages.past_grids import history_of
from ganx.pages.prompt_cells import PromptSheet, prompt_sheets
from ganx.pages.run_curves import RunCurves, run_curves
from ganx.runs.directory import RunDirectory
from ganx.runs.metrics import Metrics, read_metrics
from ganx.scoring.prompts import VALIDATION


@dataclass(frozen=True)
class Material:
    """What a page shows besides the files of the run."""

    evaluation: Evaluation | None = None
    others: Sequence[Evaluation] = ()
    """All that were kept, that one among them."""

    subject: Subject | None = None
    """The generator, its prompts and its judge, for images of prompts."""

    missing: Sequence[str] = field(default=())
    """Sentences on what could not be opened or scored."""

    headlines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """``EvaluatorSpec.headline`` of the evaluators, by their names."""

    commands: Sequence[tuple[str, str]] = ()
    """What repeats the run and what is shown: what each does, and the command itself."""

    how: Mapping[str, str] = field(default_factory=dict)
    """How to do what an alarm says to try, by its kind."""


@dataclass(frozen=True)
class Other:
    """An evaluation in short."""

    origin: Origin
    judge: JudgeIdentity | None
    figures: Sequence[tuple[str, Figure]]


def report(run: RunDirectory, material: Material) -> str:
    """Write the page of a run, from its files and what is known of its generator.

    What the run lacks yet, such as grids or readings, is left out and said. Raises ``RunError`` for
    a damaged file.
    """
    metrics = _metrics(run)
    facts = about(run, int(metrics.images_seen[-1]) if metrics else None)
    evaluation, subject = material.evaluation, material.subject
    judge = subject.judge if subject else None
    return render_page(
        "report.html.j2",
        facts=facts,
        alarms=alarms(run, material.how),
        evaluation=evaluation,
        stamps=[*changes(facts), *(evaluation.notes if evaluation else [])],
        missing=material.missing,
        headlines=headlines(evaluation, material.headlines) if evaluation else [],
        blocks=score_blocks(evaluation) if evaluation else [],
        judge_words=about_judge(evaluation.protocol, judge) if evaluation else [],
        others=_others(material.others, material.headlines),
        curves=_curves(metrics, evaluation),
        labels=_labels(metrics),
        history=history_of(run),
        sheets=_sheets(subject),
        provenance=provenance(facts),
        commands=material.commands,
    )


def _metrics(run: RunDirectory) -> Metrics | None:
    """Read the metrics, if there are any yet."""
    try:
        return read_metrics(run.metrics)
    except RunError:
        if run.metrics.is_file() and run.metrics.stat().st_size:
            raise
        return None


def _curves(metrics: Metrics | None, evaluation: Evaluation | None) -> RunCurves:
    return run_curves(metrics, evaluation) if metrics else RunCurves([], [], [])


def _labels(metrics: Metrics | None) -> str:
    """Tell what was measured last of labels; empty where nothing was."""
    series = {name: metrics.series(name)[1] for name in metrics.columns} if metrics else {}
    return label_words({name: float(values[-1]) for name, values in series.items() if len(values)})


def _sheets(subject: Subject | None) -> list[PromptSheet]:
    """Draw the prompts, those of validation behind the others."""
    found = prompt_sheets(subject) if subject else []
    return sorted(found, key=lambda sheet: sheet.name == VALIDATION)


def _others(kept: Sequence[Evaluation], named: Mapping[str, Sequence[str]]) -> list[Other]:
    """Summarise every kept evaluation in a row."""
    return [Other(one.origin, one.protocol.judge, headlines(one, named)) for one in kept]
