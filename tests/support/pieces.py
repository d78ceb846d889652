"""Pieces of work that end in every way there is."""

import os
import sys
import time
from threading import Event

from gpu_pieces import Report


def fine(report: Report, deadline: float, *, answer: int = 5) -> None:
    report({"answer": answer, "in time": time.monotonic() < deadline})
    report({"answer": answer + 1})


def broken(report: Report, deadline: float) -> None:
    del deadline
    report({"before": 1})
    raise ValueError("no such kernel")


def crashing(report: Report, deadline: float) -> None:
    del deadline
    report({"before": 1})
    os._exit(11)


def hanging(report: Report, deadline: float) -> None:
    del deadline
    report({"process": os.getpid()})
    sys.stdout.write("hanging\n")
    sys.stdout.flush()
    Event().wait()
