"""Picture files that are whole or absent."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ganx.errors import RunError


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Give a place to write a picture to, which becomes ``path`` when it is whole.

    Makes the folder. Raises ``RunError`` when the system refuses to write.
    """
    aside = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise RunError(f"Cannot write the picture {path}: {error}.") from error
