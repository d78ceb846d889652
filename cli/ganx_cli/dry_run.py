"""``ganx train --dry-run``: what a run would be, without making it."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ganx.host import PluginHost
    from ganx.run_config import RunConfig
    from ganx.training.draft import Draft


def show_plan(host: "PluginHost", config: "RunConfig") -> None:
    """Print the resolved configuration, sizes, the work on data, and the memory expected."""
    import tomli_w

    from ganx.precision import decide
    from ganx.training.draft import draft

    execution = decide(config.train)
    plan = draft(host, config, execution.device)
    click.echo(tomli_w.dumps(config.to_settings()).rstrip())
    decided = ", ".join(f"{name} {value}" for name, value in execution.settings().items())
    click.echo(f"\nauto means here:  {decided}")
    for line in [*_sizes(plan), *_data(plan), *_memory(plan)]:
        click.echo(line)


def _sizes(plan: "Draft") -> list[str]:
    """Count the parameters of each network."""
    from ganx.training.memory import count_parameters

    networks = plan.networks.modules()
    counts = [f"{name} {count_parameters(net):,}" for name, net in networks.items()]
    return [f"parameters:       {', '.join(counts)}"]


def _data(plan: "Draft") -> list[str]:
    """Say what will be rendered or decoded, or that it was."""
    from ganx.data.cache import cache_root
    from ganx.data.store import store_folder

    dataset, name = plan.dataset, plan.config.dataset.name
    action = dataset.images.action
    resolution = dataset.interface.resolution
    work = f"{action} {len(dataset.images):,} images at {resolution}x{resolution}"
    if store_folder(dataset, name, cache_root()).exists():
        work = f"{len(dataset.images):,} images, already in the cache"
    return [
        f"data:             {work}",
        *([f"                  {dataset.notice}"] * bool(dataset.notice)),
    ]


def _memory(plan: "Draft") -> list[str]:
    """Say how much memory training will take."""
    from ganx.precision import decide
    from ganx.training.memory import estimate_memory

    estimate = estimate_memory(plan, decide(plan.config.train))
    parts = {
        "networks, gradients and moments": estimate.networks,
        "activations": estimate.activations,
        "images": estimate.images,
    }
    listed = ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in parts.items())
    return [f"memory, about:    {listed}"]
