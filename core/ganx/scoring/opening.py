"""From a run directory to what evaluators are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from ganx.contracts.dataset import Dataset, in_common, stated, without_places
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge
from ganx.contracts.protocol import (
    DataIdentity,
    JudgeIdentity,
    Origin,
    PromptsIdentity,
    ScoringProtocol,
)
from ganx.contracts.specs import DatasetSpec
from ganx.contracts.subject import Subject
from ganx.data.build import Progress
from ganx.data.identity import labels_digest
from ganx.data.opening import opener_of, require_place
from ganx.device import decide
from ganx.errors import DataError
from ganx.host import PluginHost
from ganx.judging.measures import best_score
from ganx.judging.saved import read_judge
from ganx.remedies import Remedy
from ganx.runs.directory import CheckpointChoice, RunDirectory
from ganx.runs.recorded import as_recorded
from ganx.sampling.generator import Weights, load_generator
from ganx.scoring.prompts import digest, prompt_sets
from ganx.scoring.reference import reference_of
from ganx.version import __version__

_SURE = 0.8
"""Scores by a judge that is right less often than this say little."""


@dataclass(frozen=True)
class Request:
    """What of a run is evaluated, and how."""

    checkpoint: CheckpointChoice = None
    weights: Weights = "ema"
    judge: Path | None = None
    """A judge's file; None: the one that comes with the data set."""

    seeds: int = 5
    """How many draws of noise."""

    prompts: Sequence[str] = ()
    """Names of sets, or files; empty: validation and all sets of the data set."""

    device: str = "auto"
    dataset: Mapping[str, Any] = field(default_factory=dict)
    """Settings laid over those of the run's data set, such as where its folder is now."""


@dataclass(frozen=True)
class Opened:
    """A run, ready for evaluators."""

    run: RunDirectory
    subject: Subject
    protocol: ScoringProtocol
    """What decides the figures besides the generator."""

    dataset: Dataset

    notes: tuple[str, ...]
    """What a reader of the figures must know."""

    @property
    def origin(self) -> Origin:
        """What is known of the weights."""
        return origin_of(self.subject)


def open_run(
    host: PluginHost, run: Path, request: Request, *, cache: Path, progress: Progress
) -> Opened:
    """Load a run's generator and judge, and open its data set; no image is decoded.

    Raises ``RunError``, ``DataError``, ``ConfigError`` and ``PluginError`` for what is missing.
    """
    directory = RunDirectory(run)
    frozen = load_generator(run, request.weights, checkpoint=request.checkpoint, registries=host)
    device = decide(device=request.device, precision="float32").device
    frozen.module.to(device)
    table = directory.read_config()["dataset"]
    spec = as_recorded(host, directory).datasets[table["name"]]
    opener = opener_of(spec, {**table, **request.dataset})
    require_place(opener.config)
    dataset = opener.open()
    judge = judge_for(opener.spec, dataset, request.judge, device)
    trained_on = directory.read_provenance()[-1].dataset
    subject = Subject(
        generator=frozen,
        prompts=_prompts(frozen, dataset, request.prompts),
        judge=judge,
        reference=reference_of(opener, dataset, trained_on, cache, progress),
        seeds=range(request.seeds),
        factors=dataset.factors,
    )
    protocol = _protocol(directory, opener.spec.name, trained_on, subject)
    notes = (*notes_of(judge, trained_on), *note_on_labels(frozen, dataset, trained_on))
    return Opened(directory, subject, protocol, dataset, notes)


def judge_for(
    spec: DatasetSpec, dataset: Dataset, file: Path | None, device: torch.device
) -> Judge | None:
    """Read the judge that is named, or else the data set's own, if it has one.

    Raises ``DataError`` for a judge of other conditions than the data set's.
    """
    path = file or dataset.judge
    if path is None:
        return None
    judge = read_judge(path, spec, device)
    known = dataset.interface.condition
    if known.size and judge.interface.condition != known:  # without labels, codes can be matched
        raise DataError(
            f"The judge {path} knows other labels than the data set {spec.name!r}, so that its "
            "answers would mean nothing.",
            remedy=Remedy(
                "train-a-judge-of-the-data", "Train one on this data set.", {"dataset": spec.name}
            ),
        )
    return judge


def origin_of(subject: Subject) -> Origin:
    """Return what is known of a subject's weights."""
    return Origin.from_json(subject.generator.metadata["origin"])


def protocol_of(subject: Subject, data: DataIdentity, selected_on: str) -> ScoringProtocol:
    """Write down what decides the figures besides the generator."""
    judge = subject.judge
    return ScoringProtocol(
        ganx=__version__,
        judge=JudgeIdentity(judge.name, judge.digest, dict(judge.held_out)) if judge else None,
        seeds=tuple(subject.seeds),
        prompts={
            name: PromptsIdentity(digest(texts), len(texts))
            for name, texts in subject.prompts.items()
        },
        data=data,
        selected_on=selected_on,
    )


def _prompts(
    frozen: FrozenGenerator, dataset: Dataset, asked: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Gather the prompts; validation is drawn from the conditions that were trained on."""
    distribution = ConditionDistribution.from_json(frozen.metadata["distribution"])
    condition = frozen.interface.condition
    if asked and not condition.size:
        raise DataError("This generator takes no labels, so it cannot be asked for prompts.")
    return prompt_sets(condition, distribution, dataset.prompts, asked)


def notes_of(judge: Judge | None, trained_on: Mapping[str, Any]) -> Iterator[str]:
    """Yield what has to be said of the judge and of the data, in sentences."""
    if stated(trained_on).is_rendered:
        yield "The images are rendered, so that no score here compares with a published one."
    if judge is None:
        return
    right = best_score(judge.held_out)
    if right < _SURE:
        yield (
            f"The judge is right on at most {right:.0%} of images of the data set, so that scores "
            "by it say little. Train one on more images, or for more epochs."
        )
    if judge.caution:
        yield judge.caution
    if in_common(judge.learned_from, trained_on):
        yield "The judge learned from scenes that this run was trained on, too."


def note_on_labels(
    frozen: FrozenGenerator, dataset: Dataset, trained_on: Mapping[str, Any]
) -> Iterator[str]:
    """Say where the data set's labels are not those that a generator learned."""
    learned = trained_on.get("labels_fingerprint")
    if learned and frozen.interface.condition.size and learned != labels_digest(dataset):
        yield (
            "The labels or the vocabulary of the data set are not those that the run was trained "
            "on, so that it is judged by others than it learned."
        )


def _protocol(
    run: RunDirectory, name: str, trained_on: Mapping[str, Any], subject: Subject
) -> ScoringProtocol:
    """Write down the protocol of a finished or running run."""
    provenance = without_places(trained_on)
    data = DataIdentity(name, provenance.pop("fingerprint"), provenance)
    best = run.best()
    seen = origin_of(subject).images_seen
    selected = best.select_on if best and best.images_seen == seen else ""
    return protocol_of(subject, data, selected)
