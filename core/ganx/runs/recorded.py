"""Whose parts a run was made of: written down when it trains, and preferred ever after."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar, cast

from ganx.host import PluginHost
from ganx.host.registry import ProviderInfo, normalised
from ganx.runs.directory import RunDirectory
from ganx.runs.provenance import Provenance
from ganx.settings.loss import parse_sum
from ganx.settings.run import Registries, RunConfig

H = TypeVar("H", bound=Registries)


def providers_of(host: Registries, config: RunConfig) -> dict[str, dict[str, str]]:
    """Name the distribution of each part of a run, by its registry and its name."""
    if not isinstance(host, PluginHost):
        return {}
    found: dict[str, dict[str, str]] = {}
    for registry, name in _parts(config):
        if name in host.registries[registry]:
            provider = host.registries[registry].provider(name)
            found.setdefault(registry, {})[name] = provider.distribution
    return found


def as_recorded(host: H, run: RunDirectory) -> H:
    """Let the record of a run decide on names that several plugins provide.

    What it does not decide stays ambiguous. A host of plain mappings has no such names.
    """
    if not isinstance(host, PluginHost):
        return host
    return cast("H", host.decided(partial(_recorded, run.sessions())))


def _parts(config: RunConfig) -> Iterator[tuple[str, str]]:
    """Yield all names of a configuration with the registry that each is looked up in."""
    yield "recipes", config.recipe
    yield "models", config.model.name
    yield "datasets", config.dataset.name
    yield "plans", config.plan.name
    for _, term in parse_sum(config.loss.sum):
        yield "losses", term
    for choice in config.optimizer.values():
        yield "optimizers", choice.name
        yield "schedules", choice.schedule.name
    for schedule in config.loss.weights.values():
        yield "schedules", schedule["name"]
    for evaluator in config.evaluate.evaluators:
        yield "evaluators", evaluator


def _recorded(
    sessions: Sequence[Provenance],
    registry: str,
    name: str,
    providers: Sequence[ProviderInfo],
) -> ProviderInfo | None:
    """Choose the provider that the last session which knows one had."""
    for session in reversed(sessions):
        named = session.providers.get(registry, {}).get(name)
        # Runs made before that was recorded tell at least which plugins were loaded.
        known = _loaded(session) if named is None else {normalised(named)}
        fits = [one for one in providers if normalised(one.distribution) in known]
        if fits or named is not None:
            return fits[0] if len(fits) == 1 else None
    return None


def _loaded(session: Provenance) -> set[str]:
    """Name the distributions whose plugins a session had."""
    plugins = ", ".join(session.plugins.values()).split(", ")
    return {normalised(plugin.rpartition(" ")[0]) for plugin in plugins}
