"""Registries: read-only mappings from a name to the spec that some plugin provides."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from ganx.errors import PluginError, unknown

S = TypeVar("S")


@dataclass(frozen=True)
class ProviderInfo:
    """Where a spec comes from: an entry point's name, its distribution and that one's version."""

    plugin: str
    distribution: str
    version: str

    def __str__(self) -> str:
        """Name the plugin with its distribution, as in ``'sagan' (ganx-sagan 0.1.0)``."""
        origin = f"{self.distribution} {self.version}".strip()
        return f"{self.plugin!r} ({origin})" if origin else f"{self.plugin!r}"

    def is_called(self, name: str) -> bool:
        """Tell whether a name is that of the entry point or of the distribution."""
        return name == self.plugin or self.is_from(name)

    def is_from(self, distribution: str) -> bool:
        """Tell whether a distribution of that name declares it; no name fits one without."""
        return bool(self.distribution) and normalised(distribution) == normalised(self.distribution)


@dataclass(frozen=True)
class Offer(Generic[S]):
    """A spec and who provides it."""

    spec: S
    provider: ProviderInfo


class UnknownNameError(PluginError, KeyError):
    """No plugin provides the name; a ``KeyError`` too, so that ``get`` works."""


def _no_hint(_name: str) -> str:
    """Know nothing about a missing name."""
    return ""


class Registry(Mapping[str, S], Generic[S]):
    """Specs of one kind by name, in the order in which the plugins were loaded.

    ``kind`` is the word that people use, such as ``"model"``. ``hint`` tells what is known about
    a missing name, for example that the plugin of that name failed to load.

    A name that several plugins offer is ambiguous. It is there for ``in``, but looking it up is
    refused, and iteration passes over it, so that whoever takes everything goes on without it.
    """

    def __init__(
        self,
        kind: str,
        offers: Mapping[str, Sequence[Offer[S]]],
        hint: Callable[[str], str] = _no_hint,
    ) -> None:
        self.kind = kind
        self.offers: Mapping[str, tuple[Offer[S], ...]] = MappingProxyType(
            {name: tuple(rivals) for name, rivals in offers.items()}
        )
        self._hint = hint

    def __getitem__(self, name: str) -> S:
        """Return the spec of that name.

        Raises ``PluginError``: ``UnknownNameError``, or another for an ambiguous name.
        """
        return self._only(name).spec

    def __contains__(self, name: object) -> bool:
        """Tell whether anybody provides a name."""
        return name in self.offers

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names that can be looked up."""
        return (name for name, rivals in self.offers.items() if len(rivals) == 1)

    def __len__(self) -> int:
        """Count the names that can be looked up."""
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        """Name the kind and what there is."""
        return f"Registry({self.kind!r}, {list(self)})"

    def provider(self, name: str) -> ProviderInfo:
        """Tell which plugin provides a name. Raises ``PluginError`` as looking it up does."""
        return self._only(name).provider

    def decided(
        self, decide: Callable[[str, Sequence[ProviderInfo]], ProviderInfo | None]
    ) -> "Registry[S]":
        """Return a registry in which ``decide`` chose for ambiguous names; None leaves one so."""
        offers = dict(self.offers)
        for name, rivals in self.offers.items():
            if len(rivals) > 1:
                chosen = decide(name, [rival.provider for rival in rivals])
                offers[name] = tuple(one for one in rivals if chosen in (None, one.provider))
        return Registry(self.kind, offers, self._hint)

    def _only(self, name: str) -> Offer[S]:
        """Refuse an unknown name with the choices, and an ambiguous one with the ways out."""
        rivals = self.offers.get(name, ())
        if len(rivals) == 1:
            return rivals[0]
        if rivals:
            raise PluginError(ambiguous(self.kind, name, [one.provider for one in rivals]))
        # No package is guessed from the name: whoever owns that of a typo could run code here.
        hint = self._hint(name) or (
            "A plugin may provide more; `ganx plugins` lists what is installed."
        )
        raise UnknownNameError(f"{unknown(self.kind, name, self.offers)} {hint}")


def ambiguous(kind: str, name: str, providers: Sequence[ProviderInfo]) -> str:
    """Say that several plugins provide a name, and how to get down to one."""
    return (
        f"The {kind} {name!r} is ambiguous: {' and '.join(map(str, providers))} provide it. "
        f"{ways_out(providers)}"
    )


def ways_out(providers: Sequence[ProviderInfo]) -> str:
    """Say how to leave out all but one of several plugins."""
    blocks = " or ".join(f"`ganx --block {name} ...`" for name in _names_apart(providers))
    if not blocks:
        return "Uninstall the distribution that you do not mean."
    return f"Leave out the one that you do not mean ({blocks}), or uninstall its distribution."


def _names_apart(providers: Sequence[ProviderInfo]) -> Iterator[str]:
    """Yield a name for each plugin that no other of them has, where there is one."""
    for one in providers:
        for name in filter(None, (one.distribution, one.plugin)):
            if sum(other.is_called(name) for other in providers) == 1:
                yield name
                break


def normalised(name: str) -> str:
    """Spell a distribution's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
