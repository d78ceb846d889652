"""Training a judge on a data set, and examining it on images that it did not see.

The same settings, data and machine give the same weights. Global random state is left alone.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from ganx.data.images import ImageStore
from ganx.dataset import Dataset
from ganx.judging.judge import Judge
from ganx.judging.lesson import Lesson, Progress
from ganx.judging.network import JudgeNetwork
from ganx.judging.parts import judge_parts
from ganx.judging.scores import all_scores
from ganx.judging.settings import JudgeSettings
from ganx.precision import Execution, decide
from ganx.settings import TrainSettings

_EXAMINED_AT_ONCE = 512


def train_judge(
    dataset: Dataset,
    store: ImageStore,
    settings: JudgeSettings,
    device: str = "auto",
    progress: Progress | None = None,
) -> Judge:
    """Train a judge and record how it does on held-out images.

    ``store`` holds the data set's images; ``device`` is auto, cpu, cuda or cuda:N. Raises
    ``ConfigError`` for a data set without labels or a device that is not there, ``DataError`` for
    too few images, and ``TrainingError`` when the error is no longer finite.
    """
    execution = _execution(device)
    parts = judge_parts(dataset)
    network = _new_network(dataset, settings).to(execution.device)
    near = store.to(execution.device)
    condition = dataset.interface.condition
    lesson = Lesson(condition, near, parts.training, settings, execution)
    lesson.teach(network, progress or _silent)
    network.eval().requires_grad_(requires_grad=False)
    scores = examine(Judge(network, dataset.interface, {}), near, parts.held_out)
    record = {
        "settings": settings.model_dump(mode="json"),
        "dataset": {
            "fingerprint": dataset.images.fingerprint(),
            # Where a folder lies on one machine says nothing on another.
            "provenance": {k: v for k, v in dataset.provenance.items() if k != "folder"},
            "images": len(parts.training),
        },
        "held_out": {"images": len(parts.held_out), "scores": scores},
    }
    return Judge(network, dataset.interface, record)


def examine(judge: Judge, store: ImageStore, indices: NDArray[np.int64]) -> dict[str, float]:
    """Score a judge on images of a data set, by measure (see ``all_scores``)."""
    device = judge.network.head.weight.device
    pieces = np.array_split(indices, -(-len(indices) // _EXAMINED_AT_ONCE))
    answers = [judge.probabilities(store.batch(piece, device)) for piece in pieces]
    shown = store.conditions.take(indices, axis=0)
    return all_scores(judge.interface.condition, np.concatenate(answers), shown)


def _new_network(dataset: Dataset, settings: JudgeSettings) -> JudgeNetwork:
    """Draw weights on the CPU from the seed, without touching the global random state."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = JudgeNetwork(dataset.interface, settings.width)
    return network.to(memory_format=torch.channels_last)


def _execution(device: str) -> Execution:
    """Decide where to train; bfloat16 where it is fast, else float32, which needs no scaling."""
    execution = decide(TrainSettings(device=device))
    if execution.precision == "float16":
        return decide(TrainSettings(device=str(execution.device), precision="float32"))
    return execution


def _silent(seen: int, images: int) -> None:
    """Report nothing."""
    del seen, images
