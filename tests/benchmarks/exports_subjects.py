"""The generators whose exported files are measured."""

from pathlib import Path

import torch

from ganx.contracts.frozen import FrozenGenerator
from ganx.host import default_host
from ganx.layers.spectral_norm import bake
from ganx.sampling.generator import load_generator
from ganx.settings.run import resolve
from ganx.testing.probe import enliven, settle
from ganx.training.setup import open_dataset

IMAGES = 64
"""Rendered images, of which only the interface counts."""


def subject(name: str) -> FrozenGenerator:
    """Return a run's generator, or that of a recipe with random weights."""
    if Path(name).is_dir():
        return load_generator(Path(name))
    host = default_host()
    config = resolve(host, {"recipe": name, "dataset": {"size": IMAGES}})
    interface = open_dataset(host, config).interface
    torch.manual_seed(0)
    networks = host.models[config.model.name].build(interface, config.model.config)
    # Statistics and gains unlike those that it was built with; all else a moment's training moves.
    enliven(networks, sigma=0.01)
    settle(networks, interface)
    metadata = {
        "interface": interface.to_json(),
        "latent": networks.latent.to_json(),
        "origin": {"model": {"name": config.model.name}},
    }
    module = bake(networks.generator).requires_grad_(False)
    return FrozenGenerator(module, interface, networks.latent, metadata)
