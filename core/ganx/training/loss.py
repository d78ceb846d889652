"""The sum of weighted terms that a run minimises."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.config import validated
from ganx.contracts.plan import PARTS, Part
from ganx.contracts.specs import LossSpec, ScheduleSpec
from ganx.contracts.term import Drawing, LossContext, LossTerm, Moment, StepBatch
from ganx.errors import ConfigError, unknown
from ganx.layers.second_derivative import second_derivative
from ganx.settings.loss import LossConfig, chosen_terms

_CRITIQUES: Mapping[Part, frozenset[str]] = {
    "real": frozenset({"real"}),
    "fake": frozenset({"fake"}),
    "pair": frozenset({"real", "fake"}),
    "penalty": frozenset(),
    "generator": frozenset({"fake"}),
}


class LossSum(nn.Module):
    """Named terms with weights; the terms' state is part of the module's.

    A weight may follow a schedule, a function of images seen, and a term has a factor of its own.
    """

    def __init__(
        self,
        terms: Mapping[str, LossTerm],
        weights: Mapping[str, float],
        schedules: Mapping[str, Callable[[int], float]] | None = None,
        left_out: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.left_out = left_out
        self.terms = nn.ModuleDict(dict(terms))
        self.weights = dict(weights)
        self._schedules = dict(schedules or {})

    def weights_at(self, moment: Moment) -> dict[str, float]:
        """Return the weight of each term that counts at a moment: sum's, schedule's and own."""
        found = {name: self._weight(name, term, moment) for name, term in self._chosen(())}
        return {name: weight for name, weight in found.items() if weight}

    def _weight(self, name: str, term: LossTerm, moment: Moment) -> float:
        schedule = self._schedules.get(name)
        scheduled = schedule(moment.images_seen) if schedule else 1.0
        return self.weights[name] * scheduled * term.factor(moment)

    def parts(self) -> tuple[Part, ...]:
        """List the parts that at least one term defines."""
        defined = {part for _, term in self._chosen(()) for part in term.parts()}
        return tuple(part for part in PARTS if part in defined)

    def defining(self, parts: tuple[Part, ...], terms: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Name the terms that a phase sums; none means that the phase has nothing to do.

        Raises ``ConfigError`` if ``terms`` names one that is not in the sum.
        """
        for name in terms:
            if name not in self.terms and name not in self.left_out:
                place = "the loss that the update plan restricts a step to"
                raise ConfigError(f"In {place}: {unknown('term', name, self.terms.keys())}")
        return tuple(name for name, term in self._chosen(terms) if set(parts) & set(term.parts()))

    def evaluate(
        self,
        part: Part,
        batch: StepBatch,
        terms: tuple[str, ...] = (),
        weights: Mapping[str, float] | None = None,
    ) -> dict[str, Tensor]:
        """Return one part of each term that defines it, times its weight: scalars by term.

        ``terms`` restricts the sum to some; empty means all. ``weights`` are those of a moment;
        without any, those written in the sum.
        """
        weights = weights or self.weights
        with second_derivative() if part == "penalty" else nullcontext():
            return {
                name: weights[name] * getattr(term, part)(replace(batch, draws=_own(name, batch)))
                for name, term in self._chosen(terms)
                if part in term.parts() and name in weights
            }

    def needs(self, parts: tuple[Part, ...], terms: tuple[str, ...] = ()) -> set[str]:
        """Tell which of ``critiques["real"]`` and ``critiques["fake"]`` a phase reads."""
        needed: set[str] = set()
        for _, term in self._chosen(terms):
            for part in set(parts) & set(term.parts()):
                needed |= _CRITIQUES[part]
                if part == "generator" and term.generator_sees_real:
                    needed.add("real")
        return needed

    @property
    def score_is_logit(self) -> bool:
        """Whether the sigmoid of D's score is a probability."""
        return any(term.score_is_logit for _, term in self._chosen(()))

    def heads(self) -> dict[str, tuple[str, ...]]:
        """Name the auxiliary heads of D that each term reads."""
        return {name: term.aux for name, term in self._chosen(()) if term.aux}

    def draws(self, drawing: Drawing) -> dict[str, NDArray[np.float32]]:
        """Draw for every term, for a whole batch; keys are ``term.name``."""
        return {
            f"{name}.{key}": values
            for name, term in self._chosen(())
            for key, values in term.draws(drawing).items()
        }

    def _chosen(self, terms: tuple[str, ...]) -> Iterator[tuple[str, LossTerm]]:
        """Go through the named terms, or through all."""
        for name, term in self.terms.items():
            if not terms or name in terms:
                assert isinstance(term, LossTerm)
                yield name, term


def build_loss(
    config: LossConfig,
    context: LossContext,
    registry: Mapping[str, LossSpec],
    schedules: Mapping[str, ScheduleSpec] | None = None,
) -> LossSum:
    """Build the sum that a configuration asks for; ``schedules`` are those that weights follow.

    Where the data set says nothing of its images, it goes without the terms that need labels.
    Raises ``ConfigError`` as ``ganx.settings.loss.chosen_terms`` does, or as a term's own build.
    """
    written = chosen_terms(config, registry)
    labelled = bool(context.interface.condition.size)
    chosen = [term for term in written if labelled or not term.spec.needs_labels]
    left_out = tuple(term.spec.name for term in written if term not in chosen)
    context = replace(context, terms=tuple(term.spec.name for term in chosen))
    terms = {term.spec.name: term.spec.build(context, term.config) for term in chosen}
    weights = {term.spec.name: term.weight for term in chosen}
    followed = {term: table for term, table in config.weights.items() if term in terms}
    return LossSum(terms, weights, _built(followed, schedules or {}), left_out)


def _built(
    tables: Mapping[str, Mapping[str, Any]], schedules: Mapping[str, ScheduleSpec]
) -> dict[str, Callable[[int], float]]:
    """Build the schedule of each weight that has one, by term."""
    built = {}
    for term, table in tables.items():
        values = dict(table)
        spec = schedules[values.pop("name")]
        built[term] = spec.build(validated(spec.config, values, f"loss.weights.{term}"))
    return built


def _own(name: str, batch: StepBatch) -> dict[str, Tensor]:
    """Pick a term's own draws, under the names it gave them."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): value
        for key, value in batch.draws.items()
        if key.startswith(prefix)
    }
