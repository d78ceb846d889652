"""Which classes the values of a learned code stand for, and how well they keep to them."""

from collections.abc import Iterator
from dataclasses import replace

from ganx.contracts.condition import Group
from ganx.contracts.results import Cell, Result, Table
from ganx.contracts.subject import Subject
from ganx.evaluation.confusion import confusion_table, share
from ganx.evaluation.settings import CodesConfig
from ganx.judging.codes import CodeFinding, of_codes


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
