"""Weights for one vocabulary in networks for another: what fits is taken over, label by label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganx.training.label_axes import LabelAxes
from ganx.training.vocabulary import Places

Tensors = Mapping[str, Tensor]


@dataclass(frozen=True)
class Transfer:
    """How tensors of a network for one vocabulary become those of one for another."""

    labels: Places
    """For each entry of the new condition its place in the former one, or None for a new label."""

    former: LabelAxes
    fresh: LabelAxes
    """Where the labels lie, before and now."""

    def of(self, former: Tensors, fresh: Tensors) -> tuple[dict[str, Tensor], list[str]]:
        """Put all that fits of former tensors into the fresh ones; name those that stay fresh."""
        found = {name: self._merged(name, former, tensor) for name, tensor in fresh.items()}
        merged = {name: one for name, one in found.items() if one is not None}
        return {**fresh, **merged}, [name for name in fresh if name not in merged]

    def _merged(self, name: str, former: Tensors, fresh: Tensor) -> Tensor | None:
        """Put the rows that fit of one tensor into a copy; None where there are none."""
        old = former.get(name)
        unclear = self.former.unclear | self.fresh.unclear
        if old is None or old.dim() != fresh.dim() or name in unclear:
            return None
        merged, place = fresh.clone(), []
        for dim in range(old.dim()):
            pairs = self._pairs(name, dim, old.shape[dim], fresh.shape[dim])
            if not pairs:
                return None
            here, there = zip(*pairs, strict=True)
            old = old.index_select(dim, torch.tensor(there))
            shape = [-1 if other == dim else 1 for other in range(old.dim())]
            place.append(torch.tensor(here).view(shape))
        merged[tuple(place)] = old.to(merged)
        return merged

    def _pairs(self, name: str, dim: int, old: int, new: int) -> list[tuple[int, int]]:
        """Pair the places of a dimension with the former ones; nothing where it does not fit."""
        there = self.former.places.get(name, {}).get(dim, (None,) * old)
        here = self.fresh.places.get(name, {}).get(dim, (None,) * new)
        shared = [_of_none(here), _of_none(there)]
        if len(shared[0]) != len(shared[1]):
            return []
        known = {entry: place for place, entry in enumerate(there) if entry is not None}
        wanted = [None if entry is None else self.labels[entry] for entry in here]
        labelled = [(place, known[entry]) for place, entry in enumerate(wanted) if entry in known]
        return [*zip(*shared, strict=True), *labelled]


def _of_none(places: Sequence[int | None]) -> list[int]:
    """List the places that belong to no label."""
    return [place for place, entry in enumerate(places) if entry is None]
