"""What is noted of a run, and how often."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganx_tensorboard.event_file import EventFile
from ganx_tensorboard.naming import tag
from ganx_tensorboard.settings import flattened
from ganx_tensorboard.summaries import alarm, figures, finished, picture, settings

GRIDS = 30
"""Grids noted in a whole run; the run's own folder keeps all."""


class Journal:
    """The event files of one run; a step is an image seen."""

    def __init__(self, folder: Path, images: int) -> None:
        self._file = EventFile(folder)
        self._images = images
        self._last_grid: int | None = None

    def start(self, config: Mapping[str, Any], images_seen: int) -> None:
        """Note the settings; on resume, drop what an earlier session noted further on."""
        if images_seen:
            # The checkpoint's own moment stays: it will not be reached again.
            self._file.purge(images_seen + 1)
        self._file.append(settings(flattened(config)), images_seen)

    def note_figures(self, values: Mapping[str, float], images_seen: int) -> None:
        """Note losses or scores by their names in the run's metrics."""
        named = {tag(name): value for name, value in values.items()}
        self._file.append(figures(named), images_seen)

    def note_grid(self, path: Path, images_seen: int) -> None:
        """Note a grid, unless one was noted a short while ago."""
        moment = images_seen * GRIDS // self._images
        if moment == self._last_grid and images_seen < self._images:
            return
        self._last_grid = moment
        self._file.append(picture("samples", path), images_seen)

    def note_alarm(self, kind: str, text: str, images_seen: int) -> None:
        """Note an alarm."""
        self._file.append(alarm(f"alarms/{kind}", text), images_seen)

    def finish(self, images_seen: int) -> None:
        """Note that the run is complete."""
        self._file.append(finished(), images_seen)
