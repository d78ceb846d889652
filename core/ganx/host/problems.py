"""What can be wrong with a plugin, told with the plugin's origin and a remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from ganx.errors import PluginError
from ganx.host.registry import ProviderInfo


@dataclass(frozen=True)
class PluginProblem:
    """One thing wrong with one plugin; everything else goes on without it."""

    plugin: str
    """The name of the entry point."""

    distribution: str
    """The distribution that declares it; empty when there is none."""

    version: str
    what: str
    """What is wrong; continues the sentence that begins with the plugin's name."""

    remedy: str
    """What to do, as a sentence."""

    def __str__(self) -> str:
        """Tell the problem and its remedy in whole sentences."""
        return f"{self.summary} {self.remedy}"

    @property
    def summary(self) -> str:
        """Tell the problem alone, in one sentence on one line."""
        origin = ProviderInfo(self.plugin, self.distribution, self.version)
        return f"plugin {origin} {' '.join(self.what.split())}."


def problem(origin: ProviderInfo, what: str, remedy: str) -> PluginProblem:
    """Attribute a problem to a plugin."""
    return PluginProblem(origin.plugin, origin.distribution, origin.version, what, remedy)


def mend_or_block(origin: ProviderInfo) -> str:
    """Advise to mend the plugin, to update its distribution or to leave it out."""
    return f"Mend it, or update it (`pip install -U {origin.distribution}`), {or_block(origin)}."


def or_block(origin: ProviderInfo) -> str:
    """Say, as the end of a sentence, how to leave the plugin out."""
    return f"or leave it out (`ganx --block {origin.plugin} ...`)"


def refuse(problems: Iterable[PluginProblem]) -> None:
    """Raise ``PluginError`` that lists all problems, if there are any (strict mode)."""
    lines = [f"  - {problem}" for problem in problems]
    if lines:
        count = "a problem" if len(lines) == 1 else f"{len(lines)} problems"
        listed = "\n".join(lines)
        raise PluginError(f"Strict mode found {count} with the plugins:\n{listed}")
