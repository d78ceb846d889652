"""What a run of ``gpu.py`` has found so far, on disk: ``results.json`` and sample grids.

Everything is written aside and renamed, at once when it is known, so that a run that is cut off
leaves a folder that can be read.
"""

import json
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "results.json"
MOST_FILES = 8
"""A kill while a file is written leaves that file beside the others; it is counted in."""

MOST_BYTES = 16_000_000
_ASIDE = "aside.part"


class Results:
    """The record of a run, which grows."""

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        """Begin the record. Raises ``FileExistsError`` where the folder holds another's files."""
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileExistsError(f"{folder} is not empty. Name a new folder for the results.")
        self.folder = folder
        self._clock = time.monotonic()
        self.content: dict[str, Any] = {
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": False,
            "seconds": 0.0,
            "options": dict(options),
        }
        self.write()

    def piece(self, *place: str) -> dict[str, Any]:
        """Return the record of a piece, such as ``("speed", "sagan-bce")``, making it if need be.

        Changes to it are on disk after the next ``write``.
        """
        found = self.content
        for key in place:
            found = found.setdefault(key, {})
        return found

    def write(self) -> None:
        """Have everything on disk; without its largest texts where it would be too large."""
        self.content["seconds"] = round(time.monotonic() - self._clock, 1)
        text = json.dumps(self.content, indent=1, default=str)
        if len(text.encode()) > MOST_BYTES:
            text = json.dumps(_shortened(self.content), indent=1, default=str)
        self._aside.write_text(text, encoding="utf-8")
        self._aside.replace(self.folder / FILE)

    def keep_picture(self, source: Path, name: str) -> str | None:
        """Copy a picture under a name; return the name, or None where it may not be kept."""
        kept = self.folder / name
        others = {path.name for path in self.folder.iterdir()} - {name, FILE, _ASIDE}
        if len(others) >= MOST_FILES - 2 or source.stat().st_size > MOST_BYTES:
            return None
        shutil.copyfile(source, self._aside)
        self._aside.replace(kept)
        return name

    def finish(self) -> None:
        """Say that nothing was cut off."""
        self.content["complete"] = True
        self.write()

    @property
    def _aside(self) -> Path:
        """Where a file is written before it gets its name."""
        return self.folder / _ASIDE


def _shortened(content: Any, most: int = 2_000) -> Any:
    """Cut every text and list to its end."""
    if isinstance(content, Mapping):
        return {key: _shortened(value, most) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_shortened(value, most) for value in content[-most:]]
    return content[-most:] if isinstance(content, str) else content
