"""Finding plugins: the entry points of the group ``ganx``, in a stable order, filtered by name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions, entry_points

from packaging.requirements import InvalidRequirement, Requirement

from ganx.errors import nearest
from ganx.host.faults import told
from ganx.host.problems import PluginProblem, or_block, problem
from ganx.host.registry import ProviderInfo, normalised
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


def without_duplicates(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep the first of each entry point that a distribution has twice on the path.

    Entry points of one name from several distributions are different plugins.
    """
    kept: dict[tuple[str, str], Candidate] = {}
    for one in candidates:
        source = normalised(one.origin.distribution) or one.entry.value
        kept.setdefault((source, one.origin.plugin), one)
    return list(kept.values())


def chosen(
    candidates: Iterable[Candidate], allow: Sequence[str] | None, block: Sequence[str]
) -> list[Candidate]:
    """Keep what the allow-list names, and ganx's own, without what is blocked.

    Names are those of entry points or of distributions; an allow-list of None allows everything.
    """
    return [
        one
        for one in candidates
        if (allow is None or _is_own(one) or _is_named(one, allow)) and not _is_named(one, block)
    ]


def shown_names(some: Iterable[Candidate], among: Sequence[Candidate]) -> tuple[str, ...]:
    """Name some plugins, with their distributions where others have the same name."""
    count = Counter(one.origin.plugin for one in among)
    return tuple(
        str(one.origin) if count[one.origin.plugin] > 1 else one.origin.plugin for one in some
    )


def unknown_names(
    names: Iterable[str], candidates: Sequence[Candidate], where: str
) -> list[PluginProblem]:
    """Report names in ``where`` (an option or a variable) that nothing installed has."""
    plugins = list(dict.fromkeys(one.origin.plugin for one in candidates))
    known = [*plugins, *(one.origin.distribution for one in candidates)]
    return [
        PluginProblem(
            plugin=name,
            distribution="",
            version="",
            what=f"is named by {where} but is not installed",
            remedy=f"Correct the name; `ganx plugins` lists what is installed."
            f"{nearest(name, known)} Installed: {', '.join(plugins) or 'none'}.",
        )
        for name in dict.fromkeys(names)
        if not any(one.origin.is_called(name) for one in candidates)
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
    other = normalised(requirement.name) != "ganx"
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
    name = normalised(origin.distribution)
    return (name != "ganx", name, origin.plugin)


def _is_own(candidate: Candidate) -> bool:
    """Tell whether an entry point is one of ganx's own."""
    return candidate.origin.plugin in OWN and candidate.origin.is_from("ganx")


def _is_named(candidate: Candidate, names: Sequence[str]) -> bool:
    """Tell whether one of the names is that of an entry point or of its distribution."""
    return any(candidate.origin.is_called(name) for name in names)
