"""Training a judge on a data set, and examining it on images that it did not see.

The same settings, data and machine give the same weights. Global random state is left alone.
"""

import torch

from ganx.contracts.dataset import Dataset, without_places
from ganx.contracts.judge import Judge
from ganx.data.images import ImageStore
from ganx.device import Execution, decide, matmul_policy
from ganx.errors import ConfigError
from ganx.judging.examination import _examined
from ganx.judging.lesson import Lesson, Steps
from ganx.judging.material import judge_parts
from ganx.judging.network import JudgeNetwork, require_labels
from ganx.judging.settings import JudgeConfig


def train_judge(
    dataset: Dataset,
    store: ImageStore,
    settings: JudgeConfig,
    device: str = "auto",
    progress: Steps | None = None,
    name: str = "",
) -> Judge:
    """Train a judge, set its threshold, and record how it does on held-out images.

    ``store`` holds the data set's images and ``name`` is its name; ``device`` is auto, cpu, cuda or
    cuda:N. Raises ``ConfigError`` for a data set without labels or a device that is not there,
    ``DataError`` for too few images, and ``TrainingError`` when the error is no longer finite.
    """
    execution = _execution(device)
    check_settings(settings, dataset)
    parts = judge_parts(dataset)
    network = _new_network(dataset, settings).to(execution.device)
    near = store.to(execution.device)
    condition = dataset.interface.condition
    lesson = Lesson(condition, near, parts.training, settings, execution)
    with matmul_policy(execution):
        lesson.teach(network, progress or _silent)
    network.eval().requires_grad_(requires_grad=False)
    record = {
        "settings": settings.model_dump(mode="json"),
        "dataset": {
            "name": name or "unnamed",
            "fingerprint": dataset.images.fingerprint(),
            "provenance": without_places(dataset.provenance),
            "images": len(parts.training),
        },
    }
    return _examined(Judge(network, dataset.interface, record), near, parts)


def check_settings(settings: JudgeConfig, dataset: Dataset) -> None:
    """Raise ``ConfigError`` for what a data set does not allow, before its images are read."""
    require_labels(dataset.interface)
    side = dataset.interface.resolution
    if settings.smallest >= side:
        raise ConfigError(
            f"judge.smallest is {settings.smallest}, but the images have a side of {side} pixels. "
            "Give a smaller side, or 0 to shrink none."
        )


def _new_network(dataset: Dataset, settings: JudgeConfig) -> JudgeNetwork:
    """Draw weights on the CPU from the seed, without touching the global random state."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = JudgeNetwork(dataset.interface, settings.width)
    return network.to(memory_format=torch.channels_last)


def _execution(device: str) -> Execution:
    """Decide where to train; bfloat16 where it is fast, else float32, which needs no scaling."""
    execution = decide(device=device)
    if execution.precision == "float16":
        return decide(device=str(execution.device), precision="float32")
    return execution


def _silent(seen: int, images: int) -> None:
    """Report nothing."""
    del seen, images
