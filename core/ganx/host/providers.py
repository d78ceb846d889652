"""Asking provider hooks for specs, one implementation at a time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pluggy

from ganx.config import Config
from ganx.contracts.specs import ExporterSpec, NoConfig, OptimizerSpec
from ganx.host.faults import contained, told
from ganx.host.kinds import KINDS, Kind
from ganx.host.problems import PluginProblem, mend_or_block, or_block, problem
from ganx.host.registry import Offer, ProviderInfo, ways_out

_FUNCTIONS = ("build", "open", "unseen", "suited", "evaluate", "hindrance", "export", "load")
"""Fields of specs that are called."""

Offers = dict[str, list[Offer[Any]]]
"""By name, everything of that name of one kind."""


def collect(
    manager: pluggy.PluginManager,
    origins: Mapping[str, ProviderInfo],
    problems: list[PluginProblem],
) -> dict[str, Offers]:
    """Call every provider in the order of ``origins``; offers are by the registry they go to."""
    offers: dict[str, Offers] = {kind.registry: {} for kind in KINDS}
    for hook in dict.fromkeys(kind.hook for kind in KINDS):
        accepted = {kind.spec: kind for kind in KINDS if kind.hook == hook}
        implementations = {impl.plugin_name: impl for impl in _implementations(manager, hook)}
        for plugin, origin in origins.items():
            if plugin in implementations:
                for spec in _specs(implementations[plugin], accepted, origin, problems):
                    kind = accepted[type(spec)]
                    _add(offers[kind.registry], kind.word, Offer(spec, origin), problems)
    for kind in KINDS:
        for name, rivals in offers[kind.registry].items():
            if len(rivals) > 1:
                offers[kind.registry][name] = _contested(kind.word, name, rivals, problems)
    return offers


def _implementations(manager: pluggy.PluginManager, hook: str) -> list[pluggy.HookImpl]:
    """List the implementations of a hook."""
    caller: pluggy.HookCaller = getattr(manager.hook, hook)
    return caller.get_hookimpls()


def _specs(
    implementation: pluggy.HookImpl,
    accepted: Mapping[type, Kind[Any]],
    origin: ProviderInfo,
    problems: list[PluginProblem],
) -> Iterator[Any]:
    """Yield the valid specs of one provider, recording what is wrong with the others."""
    hook = next(iter(accepted.values())).hook
    names = [spec.__name__ for spec in accepted]
    remedy = f"Write `yield {names[0]}(...)` in {hook}, {or_block(origin)}."
    for item in _items(implementation, hook, origin, problems):
        fault = _fault(item) if type(item) in accepted else f"is no {' or '.join(names)}"
        if fault:
            what = f"yields {_shown(item)} from {hook!r}, which {fault}; it is not used"
            problems.append(problem(origin, what, remedy))
        else:
            yield item


def _items(
    implementation: pluggy.HookImpl,
    hook: str,
    origin: ProviderInfo,
    problems: list[PluginProblem],
) -> list[object]:
    """List whatever a provider yields, until it raises."""
    items: list[object] = []

    def record(error: BaseException) -> None:
        what = f"fails in {hook!r} with {told(error)}; what it had not yielded yet is missing"
        problems.append(problem(origin, what, mend_or_block(origin)))

    with contained(record):
        result: object = implementation.function()
        if isinstance(result, Iterable) and not isinstance(result, (str, bytes, Mapping)):
            for item in result:
                items.append(item)  # noqa: PERF402 - what came before a fault is kept
        else:
            what = f"returns {_shown(result)} from {hook!r} instead of yielding specs"
            problems.append(problem(origin, what, f"Use `yield` in {hook}, {or_block(origin)}."))
    return items


def _fault(spec: Any) -> str:
    """Say what is wrong with the fields of a spec, or nothing."""
    if not isinstance(spec.name, str) or not spec.name or set(spec.name) & set(" \t\n,"):
        return "needs a name without spaces and commas"
    config = getattr(spec, "config", Config)
    if config is None and isinstance(spec, ExporterSpec):
        config = NoConfig
    if not (isinstance(config, type) and issubclass(config, Config)):
        return "needs a subclass of ganx.config.Config as its config"
    if isinstance(spec, OptimizerSpec) and "learning_rate" not in spec.config.model_fields:
        return "needs a setting 'learning_rate' in its config"
    for attribute in _FUNCTIONS:
        if not callable(getattr(spec, attribute, print)):
            return f"needs a function as its {attribute!r}"
    if not isinstance(getattr(spec, "settings", {}), Mapping):
        return "needs a mapping as its settings"
    return ""


def _add(offers: Offers, word: str, offer: Offer[Any], problems: list[PluginProblem]) -> None:
    """Take an offer, unless its own plugin has made one of that name before."""
    rivals = offers.setdefault(offer.spec.name, [])
    if offer.provider not in [rival.provider for rival in rivals]:
        rivals.append(offer)
        return
    what = f"yields the {word} {offer.spec.name!r} twice; the first of them is used"
    problems.append(problem(offer.provider, what, "Rename one of the two."))


def _contested(
    word: str, name: str, rivals: list[Offer[Any]], problems: list[PluginProblem]
) -> list[Offer[Any]]:
    """Report that a name has several providers, and return the offers that stand.

    What ganx itself brings keeps its name; between plugins nobody is preferred.
    """
    own = [one for one in rivals if one.provider.is_from("ganx")]
    others = [one.provider for one in rivals if not one.provider.is_from("ganx")]
    if own:
        for provider in others:
            what = f"provides the {word} {name!r}, a name that ganx itself has; it is not used"
            problems.append(problem(provider, what, f"Rename it, {or_block(provider)}."))
        return own
    *first, last = others
    what = (
        f"provides the {word} {name!r}, and so does {' and '.join(map(str, first))}; "
        "the name is ambiguous and refused where it is used"
    )
    problems.append(problem(last, what, ways_out(others)))
    return rivals


def _shown(value: object) -> str:
    """Show a value in few words."""
    if value is None:
        return "nothing"
    kind = type(value).__name__
    with contained(lambda _: None):  # asking a stranger's object for its name runs its code
        name = getattr(value, "name", None)
        if isinstance(name, str):
            return f"the {kind} {name!r}"
    return f"a value of type {kind!r}"
