"""Which rows and columns of a network's tensors belong to which label, for any model.

A model is built for its vocabulary and for ones with one value more. A dimension that grows by one
has a place for each value: in the order of the vocabulary where there is nothing else in it, as in
embeddings and class heads. Where there are other inputs beside the condition, as in a layer on
(z, c), those places are the condition's that have no gradient while the condition is 0.
What grows in another way cannot be told, and is not guessed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from ganx.contracts.condition import Condition
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of, generate
from ganx.layers.spectral_norm import bake
from ganx.training.vocabulary import Places

Build = Callable[[Interface], Networks]
"""A model with its settings."""

_Shapes = Mapping[str, torch.Size]


@dataclass(frozen=True)
class LabelAxes:
    """Where the labels of one network's vocabulary lie in its tensors."""

    places: Mapping[str, Mapping[int, Places]] = field(default_factory=dict)
    """By tensor and dimension: the entry of the condition that each place belongs to, or None."""

    unclear: frozenset[str] = frozenset()
    """Tensors that depend on the vocabulary in a way that cannot be told."""

    shapes: Mapping[str, torch.Size] = field(default_factory=dict)
    """Of all tensors."""

    @property
    def tensors(self) -> frozenset[str]:
        """All tensors that depend on the vocabulary."""
        return self.unclear | self.places.keys()


def label_axes(build: Build, interface: Interface) -> dict[str, LabelAxes]:
    """Find the labels in the tensors of both networks. Random states stay as they are."""
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        networks = build(interface)
        condition = interface.condition
        larger = [_shapes(build(one)) for one in _larger(interface)]
        found = {}
        for name, shapes in _shapes(networks).items():
            growth = [_growth(shapes, more[name]) for more in larger]
            inputs = _Inputs(networks, name, interface)
            found[name] = _axes(shapes, growth, condition, inputs)
    return found


def _larger(interface: Interface) -> Iterator[Interface]:
    """Yield the interface with one value more in each group."""
    condition = interface.condition
    for index, group in enumerate(condition.groups):
        more = replace(group, values=(*group.values, max(group.values, key=len) + "+"))
        groups = (*condition.groups[:index], more, *condition.groups[index + 1 :])
        yield replace(interface, condition=replace(condition, groups=groups))


def _shapes(networks: Networks) -> dict[str, _Shapes]:
    return {
        name: {key: tensor.shape for key, tensor in network.state_dict().items()}
        for name, network in networks.modules().items()
    }


def _growth(shapes: _Shapes, larger: _Shapes) -> dict[str, tuple[int, ...] | None]:
    """Say by how much each dimension of each tensor grew; None where its number changed."""
    return {
        name: tuple(b - a for a, b in zip(shape, larger[name], strict=True))
        if name in larger and len(larger[name]) == len(shape)
        else None
        for name, shape in shapes.items()
    }


def _axes(
    shapes: _Shapes,
    growth: list[dict[str, tuple[int, ...] | None]],
    condition: Condition,
    inputs: "_Inputs",
) -> LabelAxes:
    """Tell the places of each tensor that grew with some group."""
    entries = [range(one.start, one.stop) for one in condition.slices.values()]
    places: dict[str, dict[int, Places]] = {}
    unclear = set()
    for name, shape in shapes.items():
        grown = [by_group[name] for by_group in growth]
        for dim, size in enumerate(shape):
            steps = [None if one is None else one[dim] for one in grown]
            if not any(step != 0 for step in steps):
                continue
            own = [k for step, some in zip(steps, entries, strict=True) if step for k in some]
            found = inputs.places(name, dim, size, own) if set(steps) <= {0, 1} else None
            if found is None:
                unclear.add(name)
            else:
                places.setdefault(name, {})[dim] = found
    told = {name: found for name, found in places.items() if name not in unclear}
    return LabelAxes(told, frozenset(unclear), shapes)


class _Inputs:
    """Tells which inputs of a layer are the condition's."""

    def __init__(self, networks: Networks, name: str, interface: Interface) -> None:
        self._networks, self._name, self._interface = networks, name, interface
        self._saved = networks.modules()[name].state_dict().keys()
        self._gradients: tuple[dict[str, Tensor], dict[str, Tensor]] | None = None

    def places(self, tensor: str, dim: int, size: int, entries: list[int]) -> Places | None:
        """Say which of so many places belongs to which entry; None where that cannot be told."""
        if size == len(entries):
            return tuple(entries)
        silent, asked = (_strength(one.get(tensor), dim) for one in self._probed())
        if silent is None or asked is None:
            return None
        found = ((silent == 0) & (asked > 0)).nonzero().flatten().tolist()
        if len(found) != len(entries):
            return None
        of = dict(zip(found, entries, strict=True))
        return tuple(of.get(place) for place in range(size))

    def _probed(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Return gradients of what the network says, for a condition of zeros and one of ones."""
        if self._gradients is None:
            network = _awake(self._networks.modules()[self._name])
            size = self._interface.condition.size
            silent, asked = torch.zeros(2, size), torch.ones(2, size)
            self._gradients = (
                self._gradients_of(network, silent),
                self._gradients_of(network, asked),
            )
        return self._gradients

    def _gradients_of(self, network: nn.Module, condition: Tensor) -> dict[str, Tensor]:
        side, generator = self._interface.resolution, torch.Generator().manual_seed(0)
        if self._name == "generator":
            z = torch.randn(2, self._networks.latent.size, generator=generator)
            said = generate(network, z, condition)
        else:
            shape = (2, self._interface.channels, side, side)
            said = critique_of(network, torch.randn(shape, generator=generator), condition).score
        names = [_as_saved(name, self._saved) for name, _ in network.named_parameters()]
        weighed = (said * torch.randn(said.shape, generator=generator)).sum()
        found = torch.autograd.grad(weighed, list(network.parameters()), allow_unused=True)
        return {name: one for name, one in zip(names, found, strict=True) if one is not None}


def _awake(network: nn.Module) -> nn.Module:
    """Copy a network without parametrizations, and with something in tensors that are still 0."""
    copied = bake(deepcopy(network).cpu()).requires_grad_(True)
    for parameter in copied.parameters():
        if not parameter.detach().any():
            nn.init.normal_(parameter, 0.0, 0.1)
    return copied


def _as_saved(name: str, saved: Collection[str]) -> str:
    """Name a parameter as it is saved, from a layer that may be parametrized."""
    layer, _, own = name.rpartition(".")
    original = f"{layer}.parametrizations.{own}.original".removeprefix(".")
    return original if original in saved else name


def _strength(gradient: Tensor | None, dim: int) -> Tensor | None:
    """Say how large a gradient is at each place of a dimension."""
    return None if gradient is None else gradient.movedim(dim, 0).flatten(1).abs().amax(dim=1)
