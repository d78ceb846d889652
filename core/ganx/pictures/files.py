"""Picture files that are whole or absent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ganx.files import writing, written_whole


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Give a place to write a picture to, which becomes ``path`` when it is whole.

    Makes the folder. Raises ``RunError`` when the system refuses to write, with what to do.
    """
    with writing(path, "the picture"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as aside:
            yield aside
