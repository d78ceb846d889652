"""What a card says of a generator, in plain sentences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ganx.contracts.condition import Condition
from ganx.contracts.dataset import stated
from ganx.contracts.interface import Interface
from ganx.contracts.results import Evaluation, Figure
from ganx.runs.directory import Best

_SHOWN = {
    "none": "It takes no labels: chance alone decides what an image shows.",
    "classes": "Each image shows one of {size} classes, asked for by name.",
    "labels": "Each image shows {most} of {size} labels, asked for by name.",
    "attributes": "Each image has one value of each of {groups} attributes, asked for by name.",
}


def what_it_draws(interface: Interface) -> str:
    """Say how large images are and what can be asked for."""
    condition, side = interface.condition, interface.resolution
    colours = {1: "gray", 3: "colour"}.get(interface.channels, f"{interface.channels} channels")
    counts = [count for count in (condition.most, condition.limit) if count]
    told = _SHOWN[condition.kind].format(
        size=condition.size,
        groups=len(condition.groups),
        most=f"up to {min(counts)}" if counts else "any",
    )
    return f"A generator of images of {side} x {side} pixels in {colours}. {told}"


def unscored(best: Best | None, how_to: str) -> str:
    """Say that no evaluation was kept, what training found nevertheless, and how to get one."""
    found = ""
    if best is not None:
        found = (
            f"While the run trained, {best.metric} was at best {best.value:.3g}, after "
            f"{best.images_seen:,} images seen, which chose checkpoints: no figure to publish. "
        )
    return f"No evaluation of these weights was kept. {found}{how_to}"


def rows_of(condition: Condition, drawn: np.ndarray | None, rows: int) -> list[str]:
    """Choose different texts for the rows of a picture; none where there are no labels.

    They are the first of ``drawn`` [N, K], or else values from all over the vocabulary.
    """
    if not condition.size:
        return []
    if drawn is not None:
        texts = dict.fromkeys(condition.decode(row) for row in drawn)
        return [text for text in texts if text][:rows]
    vectors = np.zeros((rows, condition.size))
    for where in condition.slices.values():
        count = where.stop - where.start
        vectors[np.arange(rows), where.start + np.arange(rows) * count // rows] = 1
    return list(dict.fromkeys(condition.decode(row) for row in vectors))


def limits(
    condition: Condition,
    dataset: Mapping[str, Any],
    evaluation: Evaluation | None,
    figures: Sequence[tuple[str, Figure]],
) -> list[str]:
    """List what the generator is not good for, and what nobody knows of it.

    ``dataset`` is what the run has recorded of its data; ``figures`` are those that are shown.
    """
    return [
        "It draws what its training images show, as often and as one-sidedly as they do.",
        *_of_data(dataset),
        *_of_labels(condition),
        *_of_scores(condition, evaluation, figures),
        "Whether it repeats single training images was not measured.",
    ]


def _of_data(dataset: Mapping[str, Any]) -> Iterator[str]:
    if stated(dataset).is_rendered:
        yield (
            "Its training images are scenes that a program renders. Nothing is known of how its "
            "images compare with photographs."
        )


def _of_labels(condition: Condition) -> Iterator[str]:
    if condition.kind != "labels":
        return
    if condition.limit:
        yield f"It can show {condition.limit} labels at once; more are refused."
    elif 0 < condition.most < condition.size:
        yield (
            f"No image of its data shows more than {condition.most} labels. More can be asked for, "
            "and the answer is a guess."
        )


def _of_scores(
    condition: Condition, evaluation: Evaluation | None, figures: Sequence[tuple[str, Figure]]
) -> Iterator[str]:
    if evaluation is None:
        yield "Its images were not evaluated."
        return
    if condition.size and not evaluation.protocol.judge:
        yield "No judge has looked whether its images show what was asked for."
    for title, figure in figures:
        if figure.is_chance:
            yield f"{title}: {figure.title} is no better than for shuffled labels."
        if figure.ignores_noise:
            yield f"{title}: {figure.title} is the same for every noise."
    for result in evaluation.results:
        for caution, titles in result.cautions.items():
            yield f"{', '.join(titles)} of {result.scope}: {caution}"
