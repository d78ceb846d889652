"""The results of an evaluation in the order in which a page shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice, takewhile

from ganx.contracts.protocol import PromptsIdentity
from ganx.contracts.results import Evaluation, Figure, Result, Table
from ganx.pages.heat import crossed
from ganx.scoring.prompts import VALIDATION

_COMMA = ", "

_FEW = 4
"""Rows of a table that needs no searching."""


@dataclass(frozen=True)
class ScoreBlock:
    """What was found about one set of prompts or images."""

    scope: str
    prompts: int | None
    """How many prompts the set has; None where there are no prompts."""

    results: Sequence[Result]
    """With what is said of all their figures taken out, and in ``qualifiers`` instead."""

    qualifiers: Sequence[str]
    maps: Sequence[Table]
    """Tables of pairs, laid out as maps."""

    @property
    def title(self) -> str:
        """Name the block."""
        named = self.scope.replace("_", " ").capitalize()
        return f"{named} prompts" if self.prompts else named

    @property
    def small(self) -> list[Table]:
        """List the tables that can be read at a glance."""
        return [table for table in self._tables() if len(table.rows) <= _FEW]

    @property
    def large(self) -> list[Table]:
        """List all others."""
        return [table for table in self._tables() if len(table.rows) > _FEW]

    def _tables(self) -> list[Table]:
        return [table for result in self.results for table in result.tables]


def score_blocks(evaluation: Evaluation) -> list[ScoreBlock]:
    """Gather results by scope: sets of prompts first, and validation behind the others."""
    prompts = evaluation.protocol.prompts
    scopes = dict.fromkeys(result.scope for result in evaluation.results)
    ordered = sorted(scopes, key=lambda name: (name not in prompts, name == VALIDATION))
    return [_block(evaluation, name, prompts) for name in ordered]


def headlines(
    evaluation: Evaluation, named: Mapping[str, Sequence[str]]
) -> list[tuple[str, Figure]]:
    """Choose what heads a page: a figure of each result whose evaluator names one.

    ``named`` holds the headlines of evaluators, ``EvaluatorSpec.headline``, by their names. Where
    no result has such a figure, it is the first of each set of prompts, or else of every scope.
    """
    blocks = score_blocks(evaluation)
    leading = [
        (block.title, figure)
        for block in blocks
        for result in block.results
        for figure in _leading(result.figures, named.get(result.evaluator, ()))
    ]
    asked = [block for block in blocks if block.prompts] or blocks
    return leading or [(block.title, block.results[0].figures[0]) for block in asked]


def _leading(figures: Sequence[Figure], names: Sequence[str]) -> Iterator[Figure]:
    """Yield the figure that is named first, if there is one."""
    fitting = (one for name in names for one in figures if fnmatchcase(one.name, name))
    yield from islice(fitting, 1)


def _block(
    evaluation: Evaluation, scope: str, prompts: Mapping[str, PromptsIdentity]
) -> ScoreBlock:
    """Gather one scope's results."""
    results = [result for result in evaluation.results if result.scope == scope]
    count = prompts[scope].count if scope in prompts else None
    maps = [crossed(table) for result in results for table in result.tables]
    found = [table for table in maps if table is not None]
    common = [_common([figure.qualifier for figure in result.figures]) for result in results]
    shortened = [_without(result, start) for result, start in zip(results, common, strict=True)]
    return ScoreBlock(scope, count, shortened, common, found)


def _common(qualifiers: Sequence[str]) -> str:
    """Find what all of a result's figures depend on: the parts that all of them begin with."""
    parts = zip(*(one.split(_COMMA) for one in qualifiers), strict=False)
    return _COMMA.join(part for part, *_ in takewhile(lambda same: len({*same}) == 1, parts))


def _without(result: Result, start: str) -> Result:
    """Take out of the figures what is said of all of them."""
    figures = [
        replace(figure, qualifier=figure.qualifier.removeprefix(start).removeprefix(_COMMA))
        for figure in result.figures
    ]
    return replace(result, figures=figures)
