"""Registries: read-only mappings from a name to the spec that some plugin provides."""

from collections.abc import Callable, Iterator, Mapping
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


class UnknownNameError(PluginError, KeyError):
    """No plugin provides the name; a ``KeyError`` too, so that ``in`` and ``get`` work."""

    def __str__(self) -> str:
        """Return the sentence itself, where a ``KeyError`` would put it in quotes."""
        return str(self.args[0])


def _no_hint(_name: str) -> str:
    """Know nothing about a missing name."""
    return ""


class Registry(Mapping[str, S], Generic[S]):
    """Specs of one kind by name, in the order in which the plugins were loaded.

    ``kind`` is the word that people use, such as ``"model"``. ``hint`` tells what is known about
    a missing name, for example that the plugin of that name failed to load.
    """

    def __init__(
        self,
        kind: str,
        specs: Mapping[str, S],
        providers: Mapping[str, ProviderInfo],
        hint: Callable[[str], str] = _no_hint,
    ) -> None:
        self.kind = kind
        self._specs = MappingProxyType(dict(specs))
        self._providers = MappingProxyType(dict(providers))
        self._hint = hint

    def __getitem__(self, name: str) -> S:
        """Return the spec of that name. Raises ``UnknownNameError``, a ``PluginError``."""
        self._require(name)
        return self._specs[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._specs)

    def __len__(self) -> int:
        """Count the specs."""
        return len(self._specs)

    def __repr__(self) -> str:
        """Name the kind and what there is."""
        return f"Registry({self.kind!r}, {list(self._specs)})"

    def provider(self, name: str) -> ProviderInfo:
        """Tell which plugin provides a name. Raises ``UnknownNameError``, a ``PluginError``."""
        self._require(name)
        return self._providers[name]

    def _require(self, name: str) -> None:
        """Refuse an unknown name with the choices and the way to more of them."""
        if name in self._specs:
            return
        # No package is guessed from the name: whoever owns that of a typo could run code here.
        hint = self._hint(name) or (
            "A plugin may provide more; `ganx plugins` lists what is installed."
        )
        raise UnknownNameError(f"{unknown(self.kind, name, self._specs)} {hint}")
