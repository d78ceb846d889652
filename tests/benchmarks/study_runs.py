"""What a study reads of a run: its scores over images seen, and its last evaluation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from study_rule import Part, between, pooled, shows_from

from ganx.contracts.protocol import JudgeIdentity
from ganx.contracts.results import Baseline, Evaluation, Figure
from ganx.errors import ConfigError, RunError
from ganx.runs.directory import RunDirectory, find_run
from ganx.runs.metrics import Metrics, read_metrics
from ganx.scoring.kept import kept_evaluations

NOTHING = "-"
LABEL_PREFERENCE = "label preference"
DIVERSITY = "images.relative pixel diversity"


@dataclass(frozen=True)
class Course:
    """A run by its name in the study."""

    name: str
    run: RunDirectory
    recipe: str
    metrics: Metrics
    evaluations: Sequence[Evaluation]
    """Kept ones of averaged weights, by images seen."""

    @property
    def change(self) -> str:
        """What tells the run from others of its recipe: the rest of its name."""
        rest = self.name.replace(self.recipe, "", 1).strip(" -_:,")
        return rest or self.name

    @property
    def last(self) -> Evaluation | None:
        """The evaluation of the latest moment; of several, that over the most draws of noise."""
        key = lambda one: (one.origin.images_seen, len(one.protocol.seeds))  # noqa: E731
        return max(self.evaluations, key=key, default=None)

    def scores(self, figure: str) -> list[tuple[int, Figure]]:
        """Return a score pooled over its sets of prompts, by images seen.

        Scores are those that the run wrote while it trained; shuffled prompts, of which it writes
        nothing, are those of its kept evaluations. A run that wrote none has these alone.
        """
        prompts = self._prompts(figure)
        chances = {scope: self._chances(f"{scope}.{figure}") for scope in prompts}
        course = []
        for seen, values in sorted(self._scored(figure).items()):
            parts = {
                scope: Part(value, between(chances[scope], seen), prompts[scope])
                for scope, value in values.items()
            }
            course.append((seen, pooled(figure, parts)))
        return course

    def shows_from(self) -> str:
        """Say after how many images labels show."""
        course = self.scores("top-k")
        if not course:
            return NOTHING
        if course[-1][1].chance is None:
            return "unknown"
        found = shows_from(course)
        return f"not by {course[-1][0]:,}" if found is None else f"{found:,}"

    def final(self, name: str) -> str:
        """Write a figure as it is at the end, with its spread where an evaluation tells it."""
        figures = dict(self.last.figures()) if self.last else {}
        seen, value = self._latest(name)
        if self.last and name in figures and self.last.origin.images_seen >= seen:
            one = figures[name]
            return f"{one.mean:.3f} ± {one.sd:.3f}" if one.draws > 1 else f"{one.mean:.3f}"
        return NOTHING if value is None else f"{value:.3f}"

    def label_preference(self) -> float | None:
        """Return the last reading of the figure, if the run has it under any heading."""
        ending = f".{LABEL_PREFERENCE}"
        names = [
            name
            for name in self.metrics.columns
            if name == LABEL_PREFERENCE or name.endswith(ending)
        ]
        return self._latest(min(names, key=len))[1] if names else None

    def _latest(self, name: str) -> tuple[int, float | None]:
        """Return the last reading of a metric, and when it was."""
        if name not in self.metrics.columns:
            return 0, None
        seen, values = self.metrics.series(name)
        return (int(seen[-1]), float(values[-1])) if len(values) else (0, None)

    def _prompts(self, figure: str) -> dict[str, int]:
        """Count the prompts of each set that has a score; equal ones where it is not known."""
        ending = f".{figure}"
        known = self.last.protocol.prompts if self.last else {}
        written = [c.removesuffix(ending) for c in self.metrics.columns if c.endswith(ending)]
        evaluated = [scope for scope in known if self._chances(f"{scope}{ending}")]
        return {
            scope: known[scope].count if scope in known else 1 for scope in written or evaluated
        }

    def _scored(self, figure: str) -> dict[int, dict[str, float]]:
        """Find the scores on all sets, by images seen."""
        names = {scope: f"{scope}.{figure}" for scope in self._prompts(figure)}
        columns = {
            s: self.metrics.columns[n] for s, n in names.items() if n in self.metrics.columns
        }
        if not columns:
            kept = {one.origin.images_seen: one.scores() for one in self.evaluations}
            return {
                seen: {scope: scores[name] for scope, name in names.items()}
                for seen, scores in kept.items()
                if names and set(names.values()) <= set(scores)
            }
        there = np.isfinite(np.array(list(columns.values()))).all(axis=0)
        return {
            int(self.metrics.images_seen[row]): {s: float(c[row]) for s, c in columns.items()}
            for row in np.flatnonzero(there)
        }

    def _chances(self, name: str) -> dict[int, Baseline]:
        """Find what shuffled prompts scored, by images seen."""
        found = ((one.origin.images_seen, dict(one.figures())) for one in self.evaluations)
        there = {seen: figures[name].chance for seen, figures in found if name in figures}
        return {seen: chance for seen, chance in there.items() if chance}


def read_course(name: str, run: RunDirectory, judge: JudgeIdentity | None) -> Course:
    """Read a run, and its evaluations by one judge. Raises ``RunError`` without metrics."""
    kept = [
        one
        for one in kept_evaluations(run)
        if one.origin.weights == "ema" and str(one.protocol.judge) == str(judge)
    ]
    recipe = str(run.read_config()["recipe"])
    return Course(name, run, recipe, read_metrics(run.metrics), kept)


def named_runs(words: Sequence[str]) -> dict[str, RunDirectory]:
    """Read ``NAME=RUN``, where RUN may be a folder of runs, of which the newest counts.

    Raises ``ConfigError`` for anything else, ``RunError`` for a run that is not there.
    """
    found: dict[str, RunDirectory] = {}
    for word in words:
        name, there, place = word.partition("=")
        if not there or not name.strip() or name.strip() in found:
            raise ConfigError(f"Write each run as NAME=RUN, with a name of its own, not {word!r}.")
        path = Path(place)
        is_run = (path / "config.toml").is_file()
        found[name.strip()] = RunDirectory(path if is_run else find_run(None, path))
    return found


def read_figures(path: Path | None) -> dict[str, float]:
    """Read label preferences by the runs' names: ``{"NAME": {"label preference": 0.5}}``."""
    if path is None:
        return {}
    try:
        content = json.loads(path.read_text("utf-8"))
        return {name: float(one[LABEL_PREFERENCE]) for name, one in content.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(
            f'Cannot read {path}: {error!r}. Write {{"NAME": {{"{LABEL_PREFERENCE}": 0.5}}}}.'
        ) from None
