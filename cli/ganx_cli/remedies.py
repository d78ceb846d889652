"""What to do, in words of the command line: by the kinds that the engine names."""

from collections.abc import Mapping
from shlex import quote

from ganx.errors import GanxError
from ganx.remedies import Notice, Remedy, advised

SENTENCES: Mapping[str, str] = {
    "ask-the-evaluator": "Ask for it with --evaluator, or leave them out.",
    "choose-where-runs-go": "Choose a writable folder with --out.",
    "compare-anyway": (
        "Add --anyway to see their figures nevertheless, with these reasons written on them."
    ),
    "drop-the-folder": (
        "Drop --data (or dataset.folder), or set dataset.source to 'folder' to read it."
    ),
    "go-back-to-the-data": (
        "Go back to that data (--data DIR may name another place), or start a new run from these "
        "weights: `ganx train --config {config} --init-from {run}`."
    ),
    "go-back-to-the-folder": (
        "Go back to that data (--data DIR may name another place), or start a new run from these "
        "weights on the data of now: `ganx train --config {config} --init-from {run} --data "
        "{folder}`."
    ),
    "leave-out-the-labels": "Leave out --labels, or --rows.",
    "make-room-and-resume": (
        "Free some space or make the folder writable, then continue with `ganx train --resume`."
    ),
    "name-a-checkpoint": (
        "Name a checkpoint by images seen, or leave --checkpoint out for the newest."
    ),
    "name-a-dataset": "Name one with --dataset.",
    "name-a-folder": "Name it with --data DIR, or set dataset.source to 'rendered'.",
    "name-a-model": "Name a model (--plugin) or a recipe (--recipe).",
    "name-a-part": "Name one with --set {key}.name=NAME.",
    "name-another-checkpoint": (
        "Name another by images seen, or leave --checkpoint out for the newest."
    ),
    "name-the-model": "Write --plugin {model}.",
    "name-the-new-place": "Name its new place with --data DIR.",
    "name-the-recipe": "Write --recipe {recipe}.",
    "see-all-labels": "`ganx datasets show NAME --json` lists them all; NAME may be a folder.",
    "see-all-metrics": "`ganx metrics RUN` lists them all.",
    "set-a-key-of-the-table": "Write --set {key}=...",
    "start-a-new-run": (
        "Start a new run with `ganx train --config {config}` and the settings you want."
    ),
    "start-from-these-weights": (
        "Start a new run from these weights with `ganx train --config {config} --init-from {run} "
        "{settings}`."
    ),
    "train-a-judge": "Train one with `ganx judge train`.",
    "train-a-judge-of-the-data": "Train one: `ganx judge train --dataset {dataset}`.",
    "train-a-judge-or-take-inception": (
        'Train one with `ganx judge train`, or take those of Inception (features = "inception").'
    ),
    "train-a-run": (
        "Train one with `ganx train --plugin sagan --dataset iclevr`, or name the folder of one."
    ),
    "train-and-use-a-judge": "`ganx judge train` makes one, --set evaluate.judge=FILE uses it.",
    "train-further": "Train the run further with `ganx train`.",
    "train-more-calmly": (
        "Lower the learning rates (--set optimizer.discriminator.learning_rate=...), train in "
        "--precision float32, or choose a loss with a gradient penalty (--loss 'wasserstein + "
        "10*gradient-penalty')."
    ),
    "train-without-labels": (
        "Train without them (--set dataset.labels=false), or choose a model that takes them."
    ),
    "use-the-cpu": "Use --device cpu, or see `ganx doctor`.",
    "write-key-and-value": "Write it as --set model.width=96.",
}
"""By ``Remedy.kind``; names in braces are its facts."""

_SETTINGS = "Settings are changed with --set KEY=VALUE"

ALARMS: Mapping[str, str] = {
    "saturation": f"{_SETTINGS}, the loss with --loss.",
    "defeat": f"{_SETTINGS}.",
    "labels": (
        f"{_SETTINGS}, the loss with --loss. The recipes slots, sagan and dcgan-labels (--recipe "
        "NAME) have such a map; of a report's sagan or dcgan, "
        "model.discriminator_condition=projection and model.evidence=8 make one."
    ),
    "collapse": f"{_SETTINGS}, the loss with --loss; --init-from names the checkpoint.",
}
"""How to do what an alarm says, by its kind."""


def in_full(told: GanxError | Notice) -> str:
    """Write what is told and what to do about it."""
    return advised(told.text, sentence(told.remedy)) if told.remedy else told.text


def sentence(remedy: Remedy) -> str:
    """Write what to do; a kind that is not known here, such as a plugin's, has words of its own."""
    try:
        return SENTENCES[remedy.kind].format_map(_as_options(remedy.facts))
    except KeyError:  # of the kind, or of a fact that a plugin left out
        return remedy.words


def _as_options(facts: Mapping[str, str]) -> Mapping[str, str]:
    """Write settings, one a line, and paths as the shell takes them."""
    told = {
        name: quote(facts[name]) if name in {"config", "run"} else facts[name] for name in facts
    }
    if "settings" in facts:
        told["settings"] = " ".join(f"--set {quote(one)}" for one in facts["settings"].split("\n"))
    return told
