"""A weight that follows a schedule: on and off, by ``loss.weights.TERM.name = "pulse"``."""

from pydantic import Field

from ganx import Config, ScheduleSpec, hookimpl


class PulseConfig(Config):
    """Settings of the pulse."""

    period: int = Field(default=10_000, gt=0)
    """Images seen from one beginning to the next; the second half is off."""


def pulse(config):
    return lambda images_seen: float(images_seen % config.period < config.period / 2)


@hookimpl
def ganx_schedules():
    yield ScheduleSpec("pulse", "On and off by turns", pulse, PulseConfig)
