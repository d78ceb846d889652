"""Evaluations kept beside a run, as JSON."""

import hashlib
import json
import logging
from dataclasses import replace
from pathlib import Path

from ganx.contracts.protocol import as_text
from ganx.contracts.results import Evaluation
from ganx.errors import RunError
from ganx.files import replace_text, writing
from ganx.runs.directory import RunDirectory

_log = logging.getLogger("ganx")


def save_evaluation(run: RunDirectory, evaluation: Evaluation) -> Evaluation:
    """Keep an evaluation in the run's folder ``evaluations``, and return what is now there.

    Figures that other evaluators found earlier, of the same weights by the same protocol, are
    kept beside it. Raises ``RunError`` when the disk refuses.
    """
    path = run.evaluations / f"{_name(evaluation)}.json"
    former = _read(path) if path.is_file() else None
    whole = _merged(former, evaluation) if former else evaluation
    with writing(path):
        path.parent.mkdir(exist_ok=True)
    replace_text(path, json.dumps(whole.to_json(), indent=1) + "\n")
    return whole


def kept_evaluations(run: RunDirectory) -> list[Evaluation]:
    """Read all that were kept, by images seen and then by when they were made."""
    paths = sorted(run.evaluations.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    found = [one for path in paths if (one := _read_or_tell(path))]
    return sorted(found, key=lambda one: one.origin.images_seen)


def _name(evaluation: Evaluation) -> str:
    """Name the file by the moment, the weights, the judge, and a digest of the protocol."""
    origin, protocol = evaluation.origin, evaluation.protocol
    judge = protocol.judge.digest if protocol.judge else "unjudged"
    # Without what tells the results in one file apart, or changes no figure.
    rest = hashlib.sha256(as_text(protocol.deciding()).encode()).hexdigest()[:6]
    return f"{origin.images_seen:09d}-{origin.weights}-{judge}-{rest}"


def _merged(former: Evaluation, new: Evaluation) -> Evaluation:
    """Replace what was found again, and keep the rest."""
    again = {result.evaluator for result in new.results} | set(new.protocol.evaluators)
    kept = [result for result in former.results if result.evaluator not in again]
    evaluators = {**former.protocol.evaluators, **new.protocol.evaluators}
    protocol = replace(new.protocol, evaluators=evaluators)
    return replace(new, protocol=protocol, results=[*new.results, *kept])


def _read_or_tell(path: Path) -> Evaluation | None:
    """Read one file; a damaged one is told and left out."""
    try:
        return _read(path)
    except RunError as error:
        _log.warning("%s It is left out.", error)
        return None


def _read(path: Path) -> Evaluation:
    """Read one file. Raises ``RunError`` when it is damaged."""
    try:
        return Evaluation.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"Cannot read the evaluation {path}: {error}. Remove it.") from None
