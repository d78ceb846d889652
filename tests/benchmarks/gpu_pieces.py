"""One piece of work in a process of its own, under a clock.

A piece that raises, crashes, spoils the device or hangs ends its own process and nothing else. The
processes are forked from one that has imported PyTorch already and has not touched the device.
"""

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any

GRACE = 4.0
"""Seconds after its deadline that a piece has to notice it, before it is killed."""

Report = Callable[[Mapping[str, Any]], None]
"""Called with what is known of a piece; later figures replace earlier ones of the same name."""

Work = Callable[..., None]
"""A function of a module, called with a ``Report``, its deadline (``time.monotonic``), and more."""

_CONTEXT = multiprocessing.get_context("forkserver")
_TRACE_LINES = 12


def preload(*modules: str) -> None:
    """Name modules that every piece needs, before the first is begun."""
    # Else a module that asks for a device when it is imported spoils it for what is forked later.
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")
    _CONTEXT.set_forkserver_preload(list(modules))


def carry_out(work: Work, deadline: float, hear: Report, **arguments: Any) -> dict[str, Any]:
    """Run a piece; return its ``state`` (done, failed or stopped), ``seconds`` and ``error``.

    ``hear`` is called in this process with each report, as it comes.
    """
    begun = time.monotonic()
    near, far = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_child, args=(far, work, deadline, arguments))
    process.start()
    far.close()
    try:
        state, error = _listen(near, process, deadline, hear)
    finally:
        _end(process)
        near.close()
    ended: dict[str, Any] = {"state": state, "seconds": round(time.monotonic() - begun, 2)}
    return ended | ({"error": error} if error else {})


def _listen(
    near: Connection, process: BaseProcess, deadline: float, hear: Report
) -> tuple[str, str]:
    """Pass on what a piece reports until it ends, in whatever way."""
    while ready := wait([near, process.sentinel], max(0.0, deadline + GRACE - time.monotonic())):
        if near not in ready and not near.poll():
            break
        try:
            kind, content = near.recv()
        except EOFError:
            break
        if kind == "report":
            hear(content)
        else:
            return kind, content
    else:
        return "stopped", f"It did not end within {GRACE:.0f} s of its deadline and was killed."
    process.join(GRACE)
    return "failed", f"Its process ended with exit code {process.exitcode}."


def _end(process: BaseProcess) -> None:
    """End a piece's process, and with it the processes that it began."""
    for kill in (lambda: os.killpg(process.pid or 0, signal.SIGKILL), process.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill()
    process.join(GRACE)


def _child(far: Connection, work: Work, deadline: float, arguments: Mapping[str, Any]) -> None:
    """Do the work of a piece and send reports and the end of it."""
    os.setsid()
    Thread(target=_die_with_the_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        work(lambda content: far.send(("report", content)), deadline, **arguments)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what was found
        trace = traceback.format_exc().splitlines()[-_TRACE_LINES:]
        far.send(("failed", "\n".join([f"{type(error).__name__}: {error}", *trace])))
    else:
        far.send(("done", ""))


def _die_with_the_parent() -> None:
    """Leave no process behind where the one that asked for the piece was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)
