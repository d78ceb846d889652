"""The tables of settings that belong to ganx itself, described as those of plugins are."""

from typing import Any

from ganx.config import Config
from ganx.host import PluginHost
from ganx.judging.settings import JudgeConfig
from ganx.settings.loss import LossConfig
from ganx.settings.tables import DrawingConfig, EmaConfig, EvaluateConfig, TrainConfig
from ganx.version import __version__

OWN_TABLES: dict[str, tuple[type[Config] | None, str]] = {
    "train": (TrainConfig, "How long, how fast and where a run trains, and what it keeps"),
    "dataset": (
        DrawingConfig,
        "What every data set has; `ganx plugins show DATASET` tells its own settings",
    ),
    "ema": (EmaConfig, "The moving average of the generator's weights"),
    "optimizer": (
        None,
        "The settings under optimizer.generator, and likewise optimizer.discriminator",
    ),
    "loss": (LossConfig, "What is minimised; `ganx plugins show TERM` tells a term's settings"),
    "evaluate": (EvaluateConfig, "When and how a run is scored while it trains"),
    "judge": (JudgeConfig, "How `ganx judge train` builds and trains a judge"),
}
"""By name: the class of the settings, and a line about them. Recipes may set other defaults. The
optimizer's are those of the default one, which a plugin provides."""

_OPTIMIZER = "adam"


def describe_own(name: str, host: PluginHost) -> dict[str, Any]:
    """Describe one of ``OWN_TABLES`` in the form of ``ganx_cli.work.describe.describe_spec``."""
    from ganx_cli.work.describe_fields import describe_fields

    config, summary = OWN_TABLES[name]
    fields = describe_fields(config or host.optimizers[_OPTIMIZER].config)
    if name == "optimizer":
        fields = [_optimizer(host), *fields, _schedule(host)]
    return {
        "kind": "settings",
        "name": name,
        "summary": summary,
        # No plugin: these are there whatever is installed.
        "provider": {"plugin": None, "distribution": "ganx", "version": __version__},
        "fields": fields,
    }


def _optimizer(host: PluginHost) -> dict[str, Any]:
    meaning = (
        f"The optimizer. The settings below are those of {_OPTIMIZER}; "
        "`ganx plugins show OPTIMIZER` tells another's."
    )
    return _choice("name", _OPTIMIZER, list(host.optimizers), meaning)


def _schedule(host: PluginHost) -> dict[str, Any]:
    """Describe the setting that chooses a schedule, which is not a field of the optimizer's."""
    meaning = (
        "The schedule of the learning rate. Its own settings stand beside this one; "
        "`ganx plugins show SCHEDULE` tells them."
    )
    return _choice("schedule.name", "constant", list(host.schedules), meaning)


def _choice(name: str, default: str, allowed: list[str], meaning: str) -> dict[str, Any]:
    """Describe a setting that names what a plugin provides."""
    return {
        "name": name,
        "type": "choice",
        "required": False,
        "default": default,
        "allowed": ", ".join(allowed),
        "meaning": meaning,
    }
