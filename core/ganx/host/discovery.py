"""Finding plugins: the entry points of the group ``ganx``, in a stable order, filtered by name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions, entry_points

from packaging.requirements import InvalidRequirement, Requirement

from ganx.errors import nearest
from ganx.host.problems import PluginProblem, or_block, problem, told
from ganx.host.registry import ProviderInfo
from ganx.version import __version__

GROUP = "ganx"
OWN = ("builtin", "evaluators", "exports")
"""Ganx's own entry points, which an allow-list cannot leave out."""


@dataclass(frozen=True)
class Candidate:
    """An entry point that is not loaded yet."""

    entry: EntryPoint
    origin: ProviderInfo
    requires: tuple[str, ...]
    """The requirements of its distribution, as its metadata has them."""


def find_candidates(problems: list[PluginProblem]) -> list[Candidate]:
    """List the installed entry points: ganx's own first, then by distribution and name."""
    try:
        entries = list(entry_points(group=GROUP))
    except Exception:  # noqa: BLE001 - one unreadable distribution must not hide all others
        entries = [entry for one in distributions() for entry in _readable(one, problems)]
    found = [_candidate(entry) for entry in entries]
    return sorted(found, key=lambda one: _order(one.origin))


def _readable(distribution: Distribution, problems: list[PluginProblem]) -> list[EntryPoint]:
    """Read the entry points of one distribution, recording when they cannot be read."""
    try:
        return list(distribution.entry_points.select(group=GROUP))
    except Exception as error:  # noqa: BLE001 - a stranger's file may be damaged in any way
        origin = _origin("?", distribution)
        what = f"could not be read: its entry_points.txt is damaged ({told(error)})"
        remedy = f"Reinstall it (`pip install --force-reinstall {origin.distribution}`)."
        problems.append(problem(origin, what, remedy))
        return []


def without_duplicates(
    candidates: Iterable[Candidate], problems: list[PluginProblem]
) -> list[Candidate]:
    """Keep the first entry point of each name and report the others."""
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        name = candidate.origin.plugin
        first = kept.setdefault(name, candidate)
        # The same distribution may be on the path twice; only another one is a rival.
        if first.origin != candidate.origin:
            problems.append(_same_entry_point(candidate.origin, first.origin))
    return list(kept.values())


def chosen(candidates: Iterable[Candidate], allow: Sequence[str] | None) -> list[Candidate]:
    """Keep what the allow-list names, and ganx's own; None allows everything."""
    if allow is None:
        return list(candidates)
    return [one for one in candidates if one.origin.plugin in {*allow, *_own(one)}]


def unknown_names(
    names: Iterable[str], candidates: Iterable[Candidate], where: str
) -> list[PluginProblem]:
    """Report names in ``where`` (an option or a variable) that no entry point has."""
    known = [one.origin.plugin for one in candidates]
    return [
        PluginProblem(
            plugin=name,
            distribution="",
            version="",
            what=f"is named by {where} but is not installed",
            remedy=f"Correct the name; `ganx plugins` lists what is installed."
            f"{nearest(name, known)} Installed: {', '.join(known) or 'none'}.",
        )
        for name in dict.fromkeys(names)
        if name not in known
    ]


def incompatibility(candidate: Candidate) -> PluginProblem | None:
    """Report a distribution that asks for another version of ganx than this one."""
    for text in candidate.requires:
        wanted = _wanted_version(text)
        if wanted is not None:
            origin = candidate.origin
            return problem(
                origin,
                f"was left out: it needs ganx {wanted}, and this is ganx {__version__}",
                f"Install versions that go together (`pip install -U ganx {origin.distribution}`) "
                f"{or_block(origin)}.",
            )
    return None


def _wanted_version(text: str) -> str | None:
    """Return the versions of ganx that a requirement asks for, if this one is none of them."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        # Pip refuses such a distribution long before; it says nothing about our version.
        return None
    other = _normalized(requirement.name) != "ganx"
    if other or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
        return None
    fits = requirement.specifier.contains(__version__, prereleases=True)
    return None if fits else str(requirement.specifier)


def _candidate(entry: EntryPoint) -> Candidate:
    """Read an entry point's distribution; damaged metadata leaves blanks."""
    distribution = entry.dist
    try:
        requires = tuple(distribution.requires or ()) if distribution else ()
    except Exception:  # noqa: BLE001 - how absent metadata shows depends on Python's version
        requires = ()
    return Candidate(entry, _origin(entry.name, distribution), requires)


def _origin(plugin: str, distribution: Distribution | None) -> ProviderInfo:
    """Tell where a plugin is from."""
    return ProviderInfo(plugin, _field(distribution, "Name"), _field(distribution, "Version"))


def _field(distribution: Distribution | None, key: str) -> str:
    """Read one field of the metadata; blank when it is absent."""
    try:
        if distribution is None or key not in distribution.metadata:
            return ""
        return str(distribution.metadata[key])
    except Exception:  # noqa: BLE001 - how absent metadata shows depends on Python's version
        return ""


def _order(origin: ProviderInfo) -> tuple[bool, str, str]:
    """Sort ganx itself to the front."""
    name = _normalized(origin.distribution)
    return (name != "ganx", name, origin.plugin)


def _normalized(name: str) -> str:
    """Spell a distribution's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _own(candidate: Candidate) -> tuple[str, ...]:
    """Name ganx's own entry points, for a candidate of ganx itself."""
    return OWN if _normalized(candidate.origin.distribution) == "ganx" else ()


def _same_entry_point(second: ProviderInfo, first: ProviderInfo) -> PluginProblem:
    """Report that two distributions declare an entry point of one name."""
    return problem(
        second,
        f"was left out: {first} has the same plugin name and comes first",
        f"Uninstall one of them (`pip uninstall {second.distribution}`), "
        "or ask its author to rename the entry point.",
    )
