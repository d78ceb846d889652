"""``ganx train --dry-run``: what a run would be, without making it."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ganx.device import Execution
    from ganx.host import PluginHost
    from ganx.settings.run import RunConfig
    from ganx.training.setup import Setup


_INDENT = 12


def show_setup(host: "PluginHost", config: "RunConfig", runs: Path) -> None:
    """Print the resolved configuration, sizes, the work on data, and the memory expected.

    All of it is one TOML file, in which what is not a setting is a comment. Writes nothing and
    reads no pixel. ``runs`` is where a run that it starts from is looked for.
    """
    import tomli_w

    from ganx.training.initial import initial_checkpoint, load_initial
    from ganx.training.setup import execution_of, set_up

    execution = execution_of(config.train)
    setup = set_up(host, config, execution.device)
    initial = ""
    if config.train.init_from:
        checkpoint = initial_checkpoint(config.train.init_from, runs)
        initial = load_initial(host, setup, checkpoint).notice
    click.echo(tomli_w.dumps(config.to_settings()).rstrip() + "\n")
    _comment("auto here", _decided(setup, execution))
    _comment("parameters", _sizes(setup))
    _comment("data", *_data(setup, execution))
    _comment("weights", *_wrapped(initial))
    _comment("length", _length(setup))
    _comment("memory", *_memory(setup, execution))


def _comment(title: str, *lines: str) -> None:
    """Print one finding as comments of a TOML file."""
    for heading, line in zip([title, *[""] * len(lines)], lines, strict=False):
        click.echo(f"# {heading:{_INDENT}}{line}")


def _wrapped(text: str) -> list[str]:
    """Break a text into lines that fit beside a title."""
    return textwrap.wrap(text, 80 - _INDENT - 2)


def _decided(setup: "Setup", execution: "Execution") -> str:
    """Say what every automatic setting means here, without measuring anything."""
    from ganx.data.cache import cache_root
    from ganx.sessions.deciding import is_open, remembered

    known = remembered(setup, execution, cache_root()) if is_open(setup) else execution
    settings: dict[str, object] = {**(known or execution).settings()}
    settings["channels_last"] = str(settings["channels_last"]).lower()
    if known is None:
        settings["precision"] = "measured when training starts"
        del settings["channels_last"]
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def _sizes(setup: "Setup") -> str:
    from ganx.training.memory import count_parameters

    networks = setup.networks.modules()
    return ", ".join(f"{name} {count_parameters(net):,}" for name, net in networks.items())


def _data(setup: "Setup", execution: "Execution") -> list[str]:
    """Say what will be rendered or decoded, or that it was."""
    from ganx.data.cache import cache_root
    from ganx.data.store import check, is_prepared
    from ganx_cli.work.judge_training import progress_screen

    dataset = setup.dataset
    side = dataset.interface.resolution
    images = f"{len(dataset.images):,} images at {side}x{side}"
    device = str(execution.device)
    with progress_screen() as screen:
        check(dataset.images, screen.preparing)  # files that nobody read before take a while
    if is_prepared(dataset, setup.config.dataset.name, cache_root(), device):
        work = f"{images}, already in the cache"
    else:
        work = f"{images}, which the run will first {dataset.images.action}"
    return [work, *(line for notice in setup.notices for line in _wrapped(notice))]


def _length(setup: "Setup") -> str:
    images, size = setup.config.train.images, len(setup.training_range)
    return f"{images:,} images seen, {images / size:,.1f} passes over {size:,}"


def _memory(setup: "Setup", execution: "Execution") -> list[str]:
    from ganx.training.memory import estimate_memory

    estimate = estimate_memory(setup, execution)
    where = "on the GPU" if execution.device.type == "cuda" else "beside PyTorch itself"
    lines = [f"about {_megabytes(estimate.total)} {where}:"]
    parts = {
        "networks, gradients, optimizer moments": estimate.networks,
        "activations": estimate.activations,
        "gradients of activations, working space": estimate.working,
    }
    lines += [f"  {_megabytes(size):>9}  {name}" for name, size in parts.items()]
    return [
        *lines,
        f"and {_megabytes(estimate.images)} of images, on disk and in memory as it fits",
    ]


def _megabytes(count: int) -> str:
    return f"{max(1, round(count / 1e6)):,} MB"
