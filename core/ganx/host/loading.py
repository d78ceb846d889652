"""Loading one plugin in isolation: whatever is wrong with it is recorded, never raised."""

import contextlib
import inspect
import sys
from dataclasses import dataclass
from typing import Any

import pluggy

from ganx.contracts import hooks
from ganx.errors import nearest
from ganx.host.discovery import Candidate, incompatibility
from ganx.host.faults import contained, place_of, told
from ganx.host.problems import PluginProblem, mend_or_block, or_block, problem
from ganx.host.registry import ProviderInfo


@dataclass(frozen=True)
class LoadedPlugin:
    """A plugin that takes part."""

    name: str
    distribution: str
    version: str
    module: str
    """What the entry point names, as ``package.module`` or ``package.module:object``."""

    hooks: tuple[str, ...]
    """The hooks that it implements."""

    @property
    def origin(self) -> ProviderInfo:
        """What tells it apart from a plugin of the same name."""
        return ProviderInfo(self.name, self.distribution, self.version)


class Manager(pluggy.PluginManager):
    """Pluggy's manager, except that a wrong hook implementation costs only itself."""

    def __init__(self, problems: list[PluginProblem]) -> None:
        super().__init__("ganx")
        self.add_hookspecs(hooks)
        self.problems = problems
        self.origins: dict[str, ProviderInfo] = {}
        self._current = ProviderInfo("", "", "")

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:
        """Find a hook implementation, unless it is wrong: then record that and skip it."""
        options = super().parse_hookimpl_opts(plugin, name)
        function = inspect.getattr_static(plugin, name, None)
        found = _unmarked(name, function) if options is None else _wrong(plugin, name, options)
        if found is None:
            return options
        self.problems.append(problem(self._current, found[0], found[1]))
        return None

    def add(self, candidate: Candidate) -> LoadedPlugin | None:
        """Import and register a plugin; None when it was left out, which is then recorded."""
        refused = incompatibility(candidate)
        if refused is None:
            loaded = _imported(candidate)
            refused = loaded if isinstance(loaded, PluginProblem) else None
        if refused is not None:
            self.problems.append(refused)
            return None
        return self._register(candidate, loaded)

    def _register(self, candidate: Candidate, plugin: Any) -> LoadedPlugin | None:
        """Hand an imported object to pluggy."""
        self._current = origin = candidate.origin
        before = len(self.problems)
        with contained(lambda error: self._refuse(candidate, plugin, error)):
            # Names of plugins need not be unique, but pluggy wants them to be.
            self.register(plugin, name=str(origin))
            self.origins[str(origin)] = origin
            hooks = tuple(caller.name for caller in self.get_hookcallers(plugin) or ())
            if not hooks and len(self.problems) == before:
                self.problems.append(_implements_nothing(candidate))
            return LoadedPlugin(
                origin.plugin, origin.distribution, origin.version, candidate.entry.value, hooks
            )
        return None

    def _refuse(self, candidate: Candidate, plugin: Any, error: BaseException) -> None:
        """Record that an object could not be registered, and drop what pluggy took of it."""
        origin = candidate.origin
        if self.get_plugin(str(origin)) is plugin:
            self.unregister(plugin, str(origin))
        place = place_of(error, candidate.entry.module)
        what = f"was left out: it could not be registered{place} ({told(error)})"
        self.problems.append(problem(origin, what, mend_or_block(origin)))


def specified_hooks() -> dict[str, tuple[str, ...]]:
    """Map every hook to the arguments that it passes."""
    marked = inspect.getmembers(hooks, lambda member: hasattr(member, "ganx_spec"))
    return {name: tuple(inspect.signature(spec).parameters) for name, spec in marked}


def _imported(candidate: Candidate) -> Any:
    """Import what the entry point names, or return the problem with it."""
    faults: list[PluginProblem] = []
    # A plugin that prints when imported must not spoil `--json` output.
    with (
        contained(lambda error: faults.append(_import_problem(candidate, error))),
        contextlib.redirect_stdout(sys.stderr),
    ):
        return candidate.entry.load()
    return faults[0]


def _import_problem(candidate: Candidate, error: BaseException) -> PluginProblem:
    """Tell why an entry point could not be loaded."""
    origin, value = candidate.origin, candidate.entry.value
    if _names_nothing(candidate, error):
        what = f"was left out: its entry point names {value!r}, which is not there ({told(error)})"
        remedy = f"Reinstall it (`pip install --force-reinstall {origin.distribution}`)"
        return problem(origin, what, f"{remedy} {or_block(origin)}.")
    place = place_of(error, candidate.entry.module)
    what = f"was left out: importing {value!r} failed{place} with {told(error)}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        need = f"Install the module {error.name!r} that it needs"
        return problem(
            origin,
            what,
            f"{need}, reinstall it (`pip install -U {origin.distribution}`) {or_block(origin)}.",
        )
    return problem(origin, what, mend_or_block(origin))


def _names_nothing(candidate: Candidate, error: BaseException) -> bool:
    """Tell whether the entry point itself is wrong, rather than what it imports."""
    entry = candidate.entry
    if not entry.pattern.match(entry.value):
        return True
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{entry.module}.".startswith(f"{error.name}.")
    return isinstance(error, AttributeError) and bool(entry.attr) and entry.module in sys.modules


def _wrong(plugin: Any, name: str, options: Any) -> tuple[str, str] | None:
    """Say what is wrong with a marked function, and what to do; None when nothing is."""
    hook = options.get("specname") or name
    hooks = specified_hooks()
    if hook not in hooks:
        if options.get("optionalhook"):
            return None
        return (
            f"implements {hook!r}, which is no hook; this part of it is not used",
            f"Rename the function.{nearest(hook, hooks)} Hooks: {', '.join(hooks)}.",
        )
    if options.get("wrapper") or options.get("hookwrapper"):
        return (
            f"wraps the hook {hook!r}, and ganx calls each implementation by itself",
            "Drop wrapper=True from @ganx.hookimpl.",
        )
    function = getattr(plugin, name)
    taken = pluggy.HookImpl(plugin, "", function, options).argnames
    extra = [argument for argument in taken if argument not in hooks[hook]]
    if not extra:
        return None
    what = (
        f"implements {name!r} with the argument {', '.join(map(repr, extra))}, "
        "which the hook does not pass; this part of it is not used"
    )
    return what, f"Declare it as `def {hook}({', '.join(hooks[hook])})`."


def _unmarked(name: str, function: object) -> tuple[str, str] | None:
    """Notice a function that has a hook's name but not the mark; None for anything else."""
    if not inspect.isfunction(function) or function.__module__ == hooks.__name__:
        return None
    if name not in specified_hooks():
        return None
    return f"defines {name!r} without marking it", f"Write @ganx.hookimpl above `def {name}`."


def _implements_nothing(candidate: Candidate) -> PluginProblem:
    """Report a plugin without any hook."""
    what = f"implements no hook in {candidate.entry.value!r}"
    remedy = f"Mark its functions with @ganx.hookimpl, {or_block(candidate.origin)}."
    return problem(candidate.origin, what, remedy)
