"""What a person is told of where the digits come from and which of them are trained on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ganx_mnist.config import MnistConfig
from ganx_mnist.folder import Choice, Part

WORDS = {"train": "training", "test": "test"}


def describe_rendered(config: MnistConfig) -> str:
    """Say why digits are rendered and what that means for figures."""
    if config.source == "auto":
        reason = "No folder of MNIST's files was given (--data DIR), so"
    else:
        reason = "As dataset.source is 'rendered',"
    return (
        f"{reason} {config.size:,} digits are drawn from a font instead; figures on them are not "
        "comparable to published ones."
    )


def describe_real(
    folder: Path,
    config: MnistConfig,
    parts: Mapping[str, Part],
    choice: Choice,
    counts: Mapping[str, int],
) -> str:
    """Say which images are trained on, which are held out or left out, and why."""
    sentences = [f"The {_count(choice.trained, counts)} of {folder} are trained on"]
    if choice.held_out:
        sentences[0] += f", its {_count(choice.held_out, counts)} held out"
    sentences += [
        f"Its other {WORDS[part.name]} files are left out, as there is no {missing[0]}"
        for part in parts.values()
        if part.present and (missing := part.missing(labels=config.labels))
    ]
    if any(part.name == "test" for part in choice.trained):
        sentences.append(
            "Figures are not comparable to published ones, for which the test images are held out"
        )
    return ". ".join(sentences) + "."


def _count(parts: Sequence[Part], counts: Mapping[str, int]) -> str:
    """Write such as ``60,000 training images and 10,000 test images``."""
    return " and ".join(f"{counts[part.name]:,} {WORDS[part.name]} images" for part in parts)
