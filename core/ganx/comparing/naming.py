"""Short names that tell runs apart."""

from collections.abc import Sequence
from pathlib import Path

from ganx.errors import ComparisonError


def distinct_names(runs: Sequence[Path]) -> list[str]:
    """Name runs by their folders, with the folders above where those are alike.

    Raises ``ComparisonError`` for a run that is named twice.
    """
    paths = [run.resolve() for run in runs]
    for path in paths:
        if paths.count(path) > 1:
            raise ComparisonError(f"The run {path.name} is named twice. Name each run once.")
    return [_shortest(path, paths) for path in paths]


def _shortest(path: Path, paths: Sequence[Path]) -> str:
    """Take as many of the last parts as no other path ends with."""
    for count in range(1, len(path.parts)):
        ending = path.parts[-count:]
        if sum(other.parts[-count:] == ending for other in paths) == 1:
            return "/".join(ending)
    return str(path)
