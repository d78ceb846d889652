"""One event file: records that TensorBoard reads while they are written."""

import itertools
import os
import socket
import time
from pathlib import Path
from typing import Any

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

_numbers = itertools.count()


class EventFile:
    """A new file in a folder, which may hold those of earlier sessions.

    TensorBoard's own ``EventFileWriter`` is not used: it would import TensorFlow where there is
    one, and its thread tells of a full disk only at the next event.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # TensorBoard reads a folder's files by name, which must be the order of time.
        name = f"{time.time():.6f}.{socket.gethostname()}.{os.getpid()}.{next(_numbers)}"
        self.path = folder / f"events.out.tfevents.{name}"
        self._write(Event(file_version="brain.Event:2"))

    def append(self, summary: Summary, step: int) -> None:
        """Write a summary. Raises ``OSError`` when the disk refuses."""
        self._write(Event(summary=summary, step=step))

    def purge(self, step: int) -> None:
        """Have readers drop what earlier files say of ``step`` and later ones."""
        self._write(Event(session_log=SessionLog(status=SessionLog.START), step=step))

    def _write(self, event: Any) -> None:
        """Write one record and close the file, so that it is whole whatever ends the run."""
        event.wall_time = time.time()
        with self.path.open("ab") as file:
            RecordWriter(file).write(event.SerializeToString())
