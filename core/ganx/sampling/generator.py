"""From a run's checkpoint to a generator that can be sampled and exported. No data set needed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from torch import nn

from ganx.config import validated
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.interface import Interface
from ganx.contracts.latent import Latent
from ganx.host import default_host
from ganx.layers.spectral_norm import bake
from ganx.runs.checkpoint import load_module, load_state, load_tensors
from ganx.runs.directory import CheckpointChoice, RunDirectory, find_run
from ganx.runs.recorded import as_recorded
from ganx.settings.run import Registries
from ganx.version import __version__

Weights = Literal["ema", "raw"]


def load_generator(
    run: Path | str | None,
    weights: Weights = "ema",
    runs: Path = Path("runs"),
    *,
    checkpoint: CheckpointChoice = None,
    registries: Registries | None = None,
) -> FrozenGenerator:
    """Load the generator of a run, the newest one when none is named.

    ``checkpoint`` names one by images seen, or is "best"; without it, the newest is taken.

    The result is in eval mode, in float32, on the CPU, with parametrizations baked in. Raises
    ``RunError`` for a run without checkpoint, and ``PluginError`` when the model's plugin is gone,
    or when several provide the model and the run does not record which of them it was.
    """
    found = find_run(run, runs)
    folder = RunDirectory(found).saved_checkpoint(checkpoint)
    state = load_state(folder)
    models = as_recorded(registries or default_host(), RunDirectory(found)).models
    name, settings = _split_name(state["model"])
    interface = Interface.from_json(state["interface"])
    spec = models[name]
    networks = spec.build(interface, validated(spec.config, settings, "model"))
    group = "ema" if weights == "ema" else "generator"
    load_module(networks.generator, load_tensors(folder, group), "generator")
    module = bake(networks.generator.eval()).requires_grad_(False)
    return FrozenGenerator(
        module=_contiguous(module),
        interface=interface,
        latent=Latent.from_json(state["latent"]),
        metadata=_metadata(state, found, weights),
    )


def _split_name(table: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    settings = dict(table)
    return settings.pop("name"), settings


def _contiguous(module: nn.Module) -> nn.Module:
    """Bring weights to the plain memory order, in which exporters expect them."""
    for parameter in module.parameters():
        parameter.data = parameter.data.contiguous()
    return module


def _metadata(state: Mapping[str, Any], run: Path, weights: Weights) -> dict[str, Any]:
    """Gather what an exported file says of itself; names only, no paths."""
    return {
        "interface": state["interface"],
        "latent": state["latent"],
        "distribution": state["distribution"],
        "origin": {
            "ganx": __version__,
            "run": run.resolve().name,
            "model": state["model"],
            "weights": weights,
            "images_seen": state["images_seen"],
        },
    }
