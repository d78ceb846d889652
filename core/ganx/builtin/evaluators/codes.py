"""Which classes the values of a learned code stand for, and how well they keep to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ganx.builtin.evaluators.confusion import confusion_table, share
from ganx.builtin.evaluators.matching import Indices, Matching, agreements, match_codes
from ganx.builtin.evaluators.settings import CodesConfig
from ganx.contracts.condition import Group
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.judge import Judge
from ganx.contracts.results import Cell, Figure, Result, Table
from ganx.contracts.subject import Subject
from ganx.errors import DataError
from ganx.scoring.chance import shuffled, summarised
from ganx.scoring.draws import as_trained, draws_of


@dataclass(frozen=True)
class CodeFinding:
    """How well the values of a learned code agree with classes."""

    part: str
    """The categorical part of the latent."""

    group: str
    """The group of classes that its values were matched to."""

    figure: Figure
    """The accuracy, matched anew for each seed of the noise, and for each shuffle."""

    matching: Matching
    """Over the images of all seeds."""

    counts: NDArray[np.int64]
    """Images of all seeds by code value and class seen."""


def of_codes(
    frozen: FrozenGenerator, judge: Judge, images: int, seeds: Sequence[int]
) -> list[CodeFinding]:
    """Match each categorical code of the latent to each group of classes that the judge knows.

    Raises ``DataError`` when the judge knows labels, of which an image has any number.
    """
    condition = judge.interface.condition
    if condition.kind == "labels":
        raise DataError("A code's values can be matched to classes or attributes, not to labels.")
    draws = list(draws_of(frozen, judge, as_trained(frozen, images), seeds))
    found = []
    for part in frozen.latent.parts:
        if part.kind == "categorical":
            codes = [draw.z[:, frozen.latent.slices[part.name]].argmax(axis=1) for draw in draws]
            for group, place in condition.slices.items():
                seen = [draw.answers[:, place].argmax(axis=1) for draw in draws]
                sizes = (part.size, place.stop - place.start)
                found.append(_matched(part.name, group, codes, seen, sizes))
    return found


def _matched(
    part: str, group: str, codes: Sequence[Indices], seen: Sequence[Indices], sizes: tuple[int, int]
) -> CodeFinding:
    """Match one code to one group: for each seed and its shuffles, and over all seeds."""
    scores, baselines = [], []
    for number, (code, shown) in enumerate(zip(codes, seen, strict=True)):
        scores.append(match_codes(code, shown, *sizes).accuracy)
        baselines.append(shuffled(partial(_rematched, code, shown, sizes), len(code), number))
    everything = np.concatenate(codes), np.concatenate(seen)
    whole, counts = match_codes(*everything, *sizes), agreements(*everything, *sizes)
    figure = summarised(f"{part} as {group}", scores, baselines)
    return CodeFinding(part, group, figure, whole, counts)


def _rematched(
    code: Indices, shown: Indices, sizes: tuple[int, int], order: NDArray[np.int64]
) -> float:
    """Match codes in another order."""
    return match_codes(code[order], shown, *sizes).accuracy


def codes(subject: Subject, config: CodesConfig) -> Iterator[Result]:
    """Match each categorical code to each group of classes, and yield one result on all of them.

    The accuracy is the share of images whose code's class is the class seen, under the best
    one-to-one matching. Its baseline is matched anew for each shuffle, as matching finds some
    agreement in anything. Raises ``DataError`` when the judge knows labels.
    """
    judge = subject.judge
    assert judge is not None, "an evaluator's hindrance is asked before it"
    groups = {group.name: group for group in judge.interface.condition.groups}
    qualifier = f"judge {judge.name} {judge.digest}, {config.images:,} images"
    figures, tables = [], []
    for one in of_codes(subject.generator, judge, config.images, subject.seeds):
        figures.append(replace(one.figure, qualifier=qualifier))
        tables += [_classes(one, groups[one.group]), _confusion(one, groups[one.group])]
    yield Result("codes", "codes", figures, tables)


def _classes(found: CodeFinding, group: Group) -> Table:
    """Tell each value's class, and the share of its images that show it."""
    rows: list[list[Cell]] = []
    for value, counts in enumerate(found.counts.tolist()):
        partner = found.matching.classes.get(value)
        hits = 0 if partner is None else counts[partner]
        name = None if partner is None else group.values[partner]
        rows.append([str(value), name, sum(counts), hits, share(hits, sum(counts))])
    heads = (f"value of {found.part}", group.name, "images", "hits", "share")
    return Table(found.figure.name, heads, rows)


def _confusion(found: CodeFinding, group: Group) -> Table:
    """Count images by value and by class seen."""
    values = [str(value) for value in range(len(found.counts))]
    title = f"{found.part} and {group.name} seen"
    return confusion_table(title, found.part, values, group.values, found.counts)
