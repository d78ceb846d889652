"""The tables of settings that belong to ganx itself, described as those of plugins are."""

from typing import Any

from ganx.config import Config
from ganx.host.registry import Registry
from ganx.judging.settings import JudgeSettings
from ganx.losses.config import LossConfig
from ganx.settings import EmaSettings, EvaluateSettings, OptimizerSettings, TrainSettings
from ganx.specs import ScheduleSpec
from ganx.version import __version__

OWN_TABLES: dict[str, tuple[type[Config], str]] = {
    "train": (TrainSettings, "How long, how fast and where a run trains, and what it keeps"),
    "ema": (EmaSettings, "The moving average of the generator's weights"),
    "optimizer": (
        OptimizerSettings,
        "The settings under optimizer.generator, and likewise optimizer.discriminator",
    ),
    "loss": (LossConfig, "What is minimised; `ganx plugins show TERM` tells a term's settings"),
    "evaluate": (EvaluateSettings, "When and how a run is scored while it trains"),
    "judge": (JudgeSettings, "How `ganx judge train` builds and trains a judge"),
}
"""By name: the class of the settings, and a line about them. Recipes may set other defaults."""


def describe_own(name: str, schedules: Registry[ScheduleSpec]) -> dict[str, Any]:
    """Describe one of ``OWN_TABLES`` in the form of ``ganx_cli.describe.describe_spec``."""
    from ganx_cli.describe_fields import describe_fields

    config, summary = OWN_TABLES[name]
    fields = describe_fields(config)
    if name == "optimizer":
        fields.append(_schedule(schedules))
    return {
        "kind": "settings",
        "name": name,
        "summary": summary,
        # No plugin: these are there whatever is installed.
        "provider": {"plugin": None, "distribution": "ganx", "version": __version__},
        "fields": fields,
    }


def _schedule(schedules: Registry[ScheduleSpec]) -> dict[str, Any]:
    """Describe the setting that chooses a schedule, which is not a field of the optimizer's."""
    return {
        "name": "schedule.name",
        "type": "choice",
        "required": False,
        "default": "constant",
        "allowed": ", ".join(schedules),
        "meaning": "The schedule of the learning rate. Its own settings stand beside this one; "
        "`ganx plugins show SCHEDULE` tells them.",
    }
