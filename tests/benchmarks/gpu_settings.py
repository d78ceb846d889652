"""What the pieces on recipes share: a recipe's configuration, made tiny where that is asked for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganx.host import default_host
from ganx.settings.merging import Settings, merge
from ganx.settings.run import RunConfig, resolve

_TINY = {
    "dataset": {"size": 24, "resolution": 32},
    "train": {"batch_size": 4, "images": 24, "grid_every": 12, "log_every": 2},
    "evaluate": {"every": 24, "seeds": 1, "prompts": ["validation"]},
}


def configuration(
    recipe: str, settings: Mapping[str, Any], *, device: str, tiny: bool
) -> RunConfig:
    """Resolve a recipe with settings over it, on a device.

    Tiny is 24 images of 32 pixels, six iterations of batch 4 at 8 channels: it tries the way and
    measures nothing.
    """
    host = default_host()
    base = merge({"recipe": recipe, "train": {"device": device}}, settings)
    return resolve(host, merge(base, _tiny(resolve(host, base))) if tiny else base)


def _tiny(config: RunConfig) -> Settings:
    """Write small values for the settings that have them, whatever the model calls its width."""
    model = {name: 8 for name in type(config.model.config).model_fields if name.endswith("width")}
    known = type(config.dataset.config).model_fields
    dataset = {name: value for name, value in _TINY["dataset"].items() if name in known}
    return {**_TINY, "model": model, "dataset": dataset}


def folders(work: str) -> dict[str, Path]:
    """Name where runs and the images that all pieces share are kept."""
    return {"runs": Path(work) / "runs", "cache": Path(work) / "cache"}
