"""The Inception network of the Frechet inception distance, as torch-fidelity ports it.

Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", arXiv:1706.08500. Shapes: images
[N, C, H, W] in [-1, 1]; features [N, 2048], the last pooling layer.
"""

import hashlib
from collections.abc import Callable
from http.client import HTTPException
from importlib import import_module
from io import BytesIO
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganx.errors import DataError
from ganx.pictures.grid import to_uint8

RGB = 3

PUBLISHED = "6726825d"
"""The digest of the weights that torch-fidelity ported, of which FID and KID are."""

_MODULE = "torch_fidelity.feature_extractor_inceptionv3"
_LAYER = "2048"
_NOT_WEIGHTS = (
    *(RuntimeError, UnpicklingError, EOFError),
    *(AttributeError, LookupError, TypeError, ValueError),
)
"""What reading some other file raises."""

_OTHERWISE = 'Or take the judge\'s features (features = "judge").'


def inception_features(
    weights: Path | None, device: torch.device
) -> tuple[str, Callable[[Tensor], NDArray[np.float32]]]:
    """Load the network; return eight hex digits of its weights' SHA-256, and its features.

    As in the distance's reference code, images are first rounded to 0..255 and then enlarged or
    shrunk to 299 pixels, bilinearly, on the pixel grid of TensorFlow 1 and without antialiasing.
    Grayscale images are repeated to three channels. ``weights`` is a file; None takes the one that
    torch-fidelity keeps, and fetches it where it is missing. Raises ``DataError`` when package or
    weights are not to be had, and for images of other channels.
    """
    source = _source()
    content = _weights_file(weights, source.URL_INCEPTION_V3).read_bytes()
    network = _network(source, content, weights).to(device)

    def extract(images: Tensor) -> NDArray[np.float32]:
        (found,) = network(as_rgb_bytes(images).to(device))
        features: NDArray[np.float32] = found.cpu().numpy()
        return features

    return hashlib.sha256(content).hexdigest()[:8], extract


def as_rgb_bytes(images: Tensor) -> Tensor:
    """Round images to uint8 [N, 3, H, W] in 0..255; grayscale is repeated."""
    channels = images.shape[1]
    if channels not in {1, RGB}:
        raise DataError(
            f"Inception looks at images with 1 or 3 channels, not with {channels}. {_OTHERWISE}"
        )
    return to_uint8(images).expand(-1, RGB, -1, -1)


def _source() -> Any:
    """Import torch-fidelity, which is optional."""
    try:
        return import_module(_MODULE)
    except ImportError as error:
        raise DataError(
            "Features of Inception take torch-fidelity, which cannot be imported "
            f'({error}). Install it with `pip install "ganx[fid]"`. {_OTHERWISE}'
        ) from None


def _weights_file(given: Path | None, url: str) -> Path:
    """Find the file of weights, and fetch it where none was given and none is kept."""
    kept = Path(torch.hub.get_dir(), "checkpoints", url.rpartition("/")[2])
    path = given or kept
    if path.is_file():
        return path
    if given:
        raise DataError(f"There is no file {given} with Inception's weights. Download {url} to it.")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        # The end of the file's name is the start of its SHA-256, which is checked.
        torch.hub.download_url_to_file(url, str(kept), kept.stem.rpartition("-")[2])
    except (OSError, HTTPException, RuntimeError) as error:
        raise DataError(
            f"Inception's weights are not in {kept} and cannot be fetched ({error}). Download "
            f"{url} to that place, or elsewhere and name the file (inception_weights). {_OTHERWISE}"
        ) from None
    return kept


def _network(source: Any, content: bytes, given: Path | None) -> Any:
    """Build the network, in eval mode."""
    where = given or "that torch-fidelity keeps"
    try:
        # torch-fidelity would run a pickle of any kind: only tensors pass here.
        torch.load(BytesIO(content), map_location="cpu", weights_only=True)
        return source.FeatureExtractorInceptionV3(
            "inception-v3-compat", [_LAYER], feature_extractor_weights_path=BytesIO(content)
        )
    except _NOT_WEIGHTS as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise DataError(
            f"The file {where} does not hold the weights of torch-fidelity's Inception ({reason}). "
            f"Download {source.URL_INCEPTION_V3}. {_OTHERWISE}"
        ) from None
