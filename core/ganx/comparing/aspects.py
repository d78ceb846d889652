"""What is looked at in evaluations before their figures stand side by side."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ganx.contracts.protocol import DataIdentity, as_text
from ganx.contracts.results import Evaluation

_FAIR = ("", "validation")
"""What may select a checkpoint: nothing, or prompts that are drawn for it."""


@dataclass(frozen=True)
class Aspect:
    """One thing that has to be the same everywhere, or be told."""

    kind: str
    what: str
    """The start of the sentence about it."""

    read: Callable[[Evaluation], Any]
    """Returns JSON to compare; None where it is not known."""

    show: Callable[[Evaluation], str]
    """Writes what one evaluation has."""

    advice: str
    """What would make it the same, or what follows from it."""


def _on_test(evaluation: Evaluation) -> bool:
    """Tell whether prompts that are only to be scored selected the checkpoint."""
    return evaluation.protocol.selected_on not in _FAIR


def settings_of(evaluator: str) -> Aspect:
    """Look at the settings of one evaluator, where it was asked."""
    return Aspect(
        "evaluators",
        f"The evaluator {evaluator} had different settings",
        lambda one: one.protocol.evaluators.get(evaluator),
        lambda one: as_text(one.protocol.evaluators[evaluator]),
        "Evaluate them again with the same ones.",
    )


def _of_data(read: Callable[[DataIdentity], Any]) -> Callable[[Evaluation], Any]:
    """Look at the data set, where it is known."""
    return lambda one: read(one.protocol.data) if one.protocol.data else None


def _form(evaluation: Evaluation) -> Any:
    """Return channels and resolution, or the resolution alone where the data set tells it."""
    interface = evaluation.protocol.interface
    if interface:
        return [interface.channels, interface.resolution]
    return _of_data(lambda data: data.stated.resolution)(evaluation)


def _form_text(evaluation: Evaluation) -> str:
    form = _form(evaluation)
    if not isinstance(form, list):
        return f"{form}x{form}"
    channels, side = form
    return f"{side}x{side} in {'colour' if channels == 3 else 'grey'}"  # noqa: PLR2004 -- red, green, blue


def _vocabulary(evaluation: Evaluation) -> Any:
    """Return kind, groups and values of the condition, if they are known.

    How many labels an image or a generator can show makes no other vocabulary.
    """
    interface = evaluation.protocol.interface
    if interface is None:
        return None
    known = interface.condition
    return [known.kind, [[group.name, group.values] for group in known.groups]]


def _vocabulary_text(evaluation: Evaluation) -> str:
    """Write the vocabulary in short."""
    _, groups = _vocabulary(evaluation)
    sizes = [f"{name}, {len(values)} values" for name, values in groups]
    return " and ".join(sizes) or "no labels"


def _prompts_text(evaluation: Evaluation) -> str:
    """Write the sets of prompts with their counts and digests."""
    prompts = sorted(evaluation.protocol.prompts.items())
    sets = [f"{name} {one.count} [{one.digest}]" for name, one in prompts]
    return ", ".join(sets) or "none"


def _judge(evaluation: Evaluation) -> str:
    """Return the digest of the judge's weights; empty without a judge."""
    judge = evaluation.protocol.judge
    return judge.digest if judge else ""


def _judge_text(evaluation: Evaluation) -> str:
    return str(evaluation.protocol.judge or "none")


def _selected_text(evaluation: Evaluation) -> str:
    chosen = evaluation.protocol.selected_on
    return f"the best on {chosen} prompts" if chosen else "not chosen by a score"


MUST_AGREE = (
    Aspect(
        "data set",
        "They were trained on different data sets",
        _of_data(lambda data: data.name),
        _of_data(lambda data: data.name),
        "Compare runs of one data set.",
    ),
    Aspect(
        "source",
        "Their images are of different origin",
        _of_data(lambda data: data.stated.source),
        _of_data(lambda data: str(data.stated.source)),
        "Compare runs on rendered images with each other, and runs on real ones with each other.",
    ),
    Aspect(
        "resolution",
        "Their images differ in form, and blur costs a score more at one size than at another",
        _form,
        _form_text,
        "Train them at one resolution, the same dataset.resolution.",
    ),
    Aspect(
        "vocabulary",
        "They know different labels",
        _vocabulary,
        _vocabulary_text,
        "Compare runs that were trained on the same labels.",
    ),
    Aspect(
        "training data",
        "Their training data differ",
        _of_data(lambda data: data.fingerprint),
        _of_data(lambda data: f"fingerprint {data.fingerprint[:8]}"),
        "Train them on the same images: the same folder, or for rendered ones the same "
        "dataset.size and dataset.seed.",
    ),
    Aspect(
        "labels",
        "Their training data were labelled differently",
        _of_data(lambda data: data.provenance.get("labels_fingerprint")),
        _of_data(lambda data: f"labels {data.provenance['labels_fingerprint'][:8]}"),
        "Train them on the same labels.",
    ),
    Aspect(
        "prompts",
        "They were asked for different prompts",
        lambda one: {name: asdict(sets) for name, sets in one.protocol.prompts.items()},
        _prompts_text,
        "Name sets of prompts that all of them have.",
    ),
    Aspect(
        "judge",
        "They were judged by different judges",
        _judge,
        _judge_text,
        "Name one judge for all of them.",
    ),
    Aspect(
        "seeds",
        "Their noise was drawn from different seeds",
        lambda one: list(one.protocol.seeds),
        lambda one: ", ".join(str(seed) for seed in one.protocol.seeds),
        "Evaluate them with the same seeds.",
    ),
    Aspect(
        "weights",
        "Averaged weights stand against raw ones",
        lambda one: one.origin.weights,
        lambda one: one.origin.weights,
        "Evaluate them with the same weights, averaged or raw.",
    ),
    Aspect(
        "selection",
        "Test prompts selected one checkpoint and not the other, which lifts its test score",
        _on_test,
        _selected_text,
        "Take the newest of each, or train them again with evaluate.select_on=validation.",
    ),
    Aspect(
        "version",
        "They were evaluated by different versions of ganx",
        lambda one: one.protocol.ganx or None,
        lambda one: one.protocol.ganx,
        "Evaluate them again with this one.",
    ),
)
"""Where these differ, figures say more of the protocol than of the generators."""

WORTH_TELLING = (
    Aspect(
        "images seen",
        "They were not trained equally long",
        lambda one: one.origin.images_seen,
        lambda one: f"{one.origin.images_seen:,} images seen",
        "What one has over another may be a matter of time.",
    ),
    Aspect(
        "chosen",
        "Their checkpoints were not chosen in the same way",
        lambda one: one.protocol.selected_on,
        _selected_text,
        "The best of many checkpoints is better than the newest by chance alone.",
    ),
)
"""Where these differ, a reader must know it and can judge it."""
