"""Calling observers so that they can watch a run without being able to change it."""

import logging
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pluggy

from ganx.host.faults import contained, told

_log = logging.getLogger("ganx")


class Observers:
    """The observers of one host, and which of them failed."""

    def __init__(
        self, hook: pluggy.HookRelay, report: Callable[[str], None] = _log.warning
    ) -> None:
        self._hook = hook
        self._report = report
        self._failed: set[str] = set()

    def notify(self, hook_name: str, event: object) -> None:
        """Call each observer of ``hook_name``; one that raises is reported and left out.

        A new run (``ganx_run_started``) gives every observer another chance.
        """
        if hook_name == "ganx_run_started":
            self._failed.clear()
        for observer in _in_order(self._hook, hook_name):
            if observer.plugin_name not in self._failed:
                with untouched_randomness():
                    self._call(observer, hook_name, event)

    def _call(self, observer: pluggy.HookImpl, hook_name: str, event: object) -> None:
        """Call one observer and remember if it failed."""

        def leave_out(error: BaseException) -> None:
            self._failed.add(observer.plugin_name)
            self._report(
                f"The observer {hook_name!r} of plugin {observer.plugin_name} failed with "
                f"{told(error)}. The run goes on; the plugin is told nothing more about it."
            )

        with contained(leave_out):
            observer.function(*[event for _ in observer.argnames])


@contextmanager
def untouched_randomness() -> Iterator[None]:
    """Undo whatever happens inside to the global random state of Python, numpy and torch."""
    restore = [_keep(random.getstate, random.setstate)]
    # What is not imported yet has no state that a run could depend on.
    if numpy := sys.modules.get("numpy"):
        restore.append(_keep(numpy.random.get_state, numpy.random.set_state))
    if torch := sys.modules.get("torch"):
        restore.append(_keep(torch.get_rng_state, torch.set_rng_state))
        if torch.cuda.is_initialized():
            restore.append(_keep(torch.cuda.get_rng_state_all, torch.cuda.set_rng_state_all))
    try:
        yield
    finally:
        for undo in restore:
            undo()


def _keep(read: Callable[[], Any], write: Callable[[Any], Any]) -> Callable[[], None]:
    """Read a state now and return the function that writes it back."""
    state = read()

    def undo() -> None:
        write(state)

    return undo


def _in_order(hook: pluggy.HookRelay, hook_name: str) -> list[pluggy.HookImpl]:
    """List the implementations in the order in which pluggy would call them."""
    caller: pluggy.HookCaller = getattr(hook, hook_name)
    return caller.get_hookimpls()[::-1]
