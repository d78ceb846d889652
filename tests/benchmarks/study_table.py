"""The table of a study, in Markdown."""

from collections.abc import Iterable, Mapping

from study_runs import DIVERSITY, NOTHING, Course

_HEADS = (
    "run",
    "images until labels show",
    "validation top-k",
    "validation exact match",
    "relative pixel diversity",
    "label preference",
)


def table(courses: Iterable[Course], preferences: Mapping[str, float]) -> str:
    """Write a row for each run; a preference that a run did not write is taken from the mapping."""
    rows = [_HEADS, *(_cells(one, preferences) for one in courses)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(_HEADS) + "|", *lines[1:], ""])


def _cells(one: Course, preferences: Mapping[str, float]) -> tuple[str, ...]:
    """Write the cells of a run."""
    own = one.label_preference()
    preference = preferences.get(one.name) if own is None else own
    return (
        one.name,
        one.shows_from(),
        one.final("validation.top-k"),
        one.final("validation.exact match"),
        one.final(DIVERSITY),
        NOTHING if preference is None else f"{preference:.3f}",
    )
