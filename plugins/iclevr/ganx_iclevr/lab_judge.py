"""The i-CLEVR lab's own judge, the evaluator behind published scores, from its ``checkpoint.pth``.

A torchvision ResNet-18 (He et al., arXiv:1512.03385) whose last layer is ``Linear(512, 24)`` and a
sigmoid, with its weights under the key ``model``. Shapes: images [B, 3, 64, 64] in [-1, 1].
"""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import Tensor, nn
from torchvision.models import resnet18

from ganx import Condition, Group, Interface, Judge, RunError
from ganx_iclevr.vocabulary import OBJECTS

RESOLUTION = 64
FEATURES = 512
KEY = "model"


class LabNetwork(nn.Module):
    """The ResNet-18 without its sigmoid, which ``Judge.probabilities`` applies."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        trunk = resnet18(weights=None)
        trunk.fc = nn.Sequential(nn.Linear(FEATURES, len(OBJECTS)), nn.Sigmoid())
        trunk.load_state_dict(weights)
        self.head = trunk.fc[0]
        trunk.fc = nn.Identity()
        self.trunk = trunk

    def features(self, images: Tensor) -> Tensor:
        """Return the averages of the last maps, [B, 512]."""
        averages: Tensor = self.trunk(images)
        return averages

    def forward(self, images: Tensor) -> Tensor:
        """Return a logit for each object, [B, 24], in the order of the protocol."""
        logits: Tensor = self.head(self.features(images))
        return logits


def load_lab_judge(path: Path) -> Judge:
    """Read the lab's file; nothing but tensors is unpickled.

    Raises ``RunError`` for a file that is missing, damaged or of another form.
    """
    weights = _weights(path)
    try:
        network = LabNetwork(weights)
    except (RuntimeError, TypeError, AttributeError) as error:
        first = " ".join(" ".join(str(error).split("\n")[:2]).split())
        _refuse(path, f"its weights are not those of that network ({first})")
    network.eval().requires_grad_(requires_grad=False)
    interface = Interface(RESOLUTION, 3, Condition("labels", (Group("object", OBJECTS),)))
    return Judge(network, interface, {"name": f"iclevr lab {RESOLUTION}px"})


def _weights(path: Path) -> Mapping[str, Tensor]:
    """Read the table of weights."""
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise RunError(f"Cannot read the judge {path}: {error.strerror or error}.") from None
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError):
        _refuse(path, "it is damaged, or holds other things than weights, which are not loaded")
    weights = content.get(KEY) if isinstance(content, Mapping) else None
    if not isinstance(weights, Mapping):
        _refuse(path, f"it has no table of weights under the key {KEY!r}")
    return weights


def _refuse(path: Path, reason: str) -> NoReturn:
    """Say what was expected."""
    raise RunError(
        f"Cannot read the judge {path}: {reason}. A .pth file is expected to be the i-CLEVR lab's "
        f"checkpoint.pth: a dictionary whose {KEY!r} holds the weights of torchvision's ResNet-18 "
        f"with fc = Sequential(Linear({FEATURES}, {len(OBJECTS)}), Sigmoid()). Get that file anew, "
        "or take a judge of ganx's own."
    )
