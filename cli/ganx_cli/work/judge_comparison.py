"""What ``ganx judge compare`` does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganx.contracts.dataset import Dataset, in_common, stated, without_places
from ganx.contracts.few_images import examined_on_few
from ganx.contracts.judge import Judge
from ganx.contracts.specs import DatasetSpec
from ganx.data.cache import cache_root
from ganx.data.store import prepare
from ganx.device import decide
from ganx.errors import DataError
from ganx.judging.agreement import agreement
from ganx.judging.examination import answers
from ganx.judging.material import open_for_comparison
from ganx.judging.measures import all_scores
from ganx.judging.saved import read_judge
from ganx_cli.work.judge_training import progress_screen, tables_of


def compare_judges(
    spec: DatasetSpec,
    files: tuple[Path, Path],
    data: Path | None,
    assignments: Sequence[str],
    count: int,
    device: str,
) -> dict[str, Any]:
    """Ask two judges about the same images; return their scores and how far they agree.

    Raises ``DataError`` for judges of other labels, and where one learned from these images.
    """
    place = decide(device=device, precision="float32").device
    judges = [read_judge(file, spec, place) for file in files]
    settings = tables_of(assignments, ("dataset",), data)["dataset"]
    most = max(judge.interface.resolution for judge in judges)
    dataset, indices = open_for_comparison(spec, settings, count, most)
    for file, judge in zip(files, judges, strict=True):
        _check(file, judge, spec, dataset)
    with progress_screen() as screen:
        store = prepare(dataset, spec.name, cache_root(), str(place), screen.preparing)
    outputs = [answers(judge, store, indices) for judge in judges]
    shown = dataset.conditions.take(indices, axis=0)
    return _found(files, judges, dataset, outputs, shown)


def _check(file: Path, judge: Judge, spec: DatasetSpec, dataset: Dataset) -> None:
    """Refuse a judge that these images say nothing about."""
    if judge.interface.condition != dataset.interface.condition:
        raise DataError(f"The judge {file} knows other labels than the data set {spec.name!r} has.")
    if in_common(judge.learned_from, dataset.provenance):
        seed = stated(judge.learned_from).seed
        raise DataError(
            f"The judge {file} learned from rendered images of seed {seed}. Compare it on others: "
            "--set dataset.seed=NUMBER."
        )


def _found(
    files: tuple[Path, Path],
    judges: Sequence[Judge],
    dataset: Dataset,
    outputs: Sequence[np.ndarray],
    shown: np.ndarray,
) -> dict[str, Any]:
    condition = dataset.interface.condition
    thresholds = judges[0].threshold, judges[1].threshold
    scores = [
        all_scores(condition, found, shown, judge.threshold)
        for judge, found in zip(judges, outputs, strict=True)
    ]
    return {
        "images": len(shown),
        "resolution": dataset.interface.resolution,
        "provenance": without_places(dataset.provenance),
        "judges": [
            _scored(file, judge, score, len(shown))
            for file, judge, score in zip(files, judges, scores, strict=True)
        ],
        "agreement": agreement(condition, outputs[0], outputs[1], shown, thresholds),
    }


def _scored(file: Path, judge: Judge, scores: Mapping[str, float], images: int) -> dict[str, Any]:
    """Describe one judge with its scores, and what few images leave open."""
    caution = examined_on_few(f"The judge {judge.digest}", scores, images)
    return {
        "file": str(file),
        "name": judge.name,
        "digest": judge.digest,
        "scores": dict(scores),
        **({"caution": caution} if caution else {}),
    }
