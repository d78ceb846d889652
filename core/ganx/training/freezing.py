"""Which of the discriminator's layers ``train.freeze`` holds at the weights that a run starts from.

Mo et al., "Freeze the Discriminator: a Simple Baseline for Fine-Tuning GANs", arXiv:2002.10964:
the first layers know what images look like, whatever they show, and few images cannot spoil them.

The layers of any D are the outermost modules with weights that its forward pass calls, in that
order; ``nn.Sequential`` and the like are opened, and so is one that holds all others. What
normalises, with vectors alone, belongs to the layer before it. A layer that depends on the
vocabulary, such as a condition's plane, is not counted: rows of new labels have to learn.
"""

from collections.abc import Iterator

import torch
from torch import nn

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, critique_of
from ganx.errors import ConfigError
from ganx.training.label_axes import Build, label_axes

_CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


def held_layers(
    build: Build, networks: Networks, interface: Interface, count: int
) -> tuple[nn.Module, ...]:
    """Return D's first layers. Raises ``ConfigError`` where none would be left to learn."""
    unheld = label_axes(build, interface)["discriminator"].tensors
    layers = discriminator_layers(networks, interface, unheld)
    counted = {parameter for layer in layers for one in layer for parameter in one.parameters()}
    most = len(layers) - (counted == {*networks.parameters("discriminator")})
    if count > most:
        raise ConfigError(
            f"train.freeze is {count}, but of this discriminator's layers {most} can be held: some "
            f"have to learn. Give {most} or less."
        )
    return tuple(module for layer in layers[:count] for module in layer)


def discriminator_layers(
    networks: Networks, interface: Interface, unheld: frozenset[str] = frozenset()
) -> list[list[nn.Module]]:
    """List D's layers from the image on, each with what normalises after it.

    ``unheld`` names tensors that keep a layer out, as parameters of another owner than D do.
    """
    network = networks.discriminator
    names = {module: name for name, module in network.named_modules()}
    own = {id(parameter) for parameter in networks.parameters("discriminator")}
    calls = _calls(networks, interface)
    layers: list[list[nn.Module]] = []
    for module in sorted(_outermost(network, calls), key=calls.__getitem__):
        if any(f"{names[module]}.{key}" in unheld for key in module.state_dict()):
            continue
        if not all(id(parameter) in own for parameter in module.parameters()):
            continue
        if layers and all(parameter.dim() < 2 for parameter in module.parameters()):  # noqa: PLR2004 -- a matrix
            layers[-1].append(module)
        else:
            layers.append([module])
    return layers


def _outermost(network: nn.Module, calls: dict[nn.Module, int]) -> list[nn.Module]:
    """Find the outermost modules with parameters that are called, within one that holds all."""
    found = list(_called(network, calls))
    if len(found) == 1 and any(any(True for _ in one.parameters()) for one in found[0].children()):
        return _outermost(found[0], calls) or found
    return found


def _called(network: nn.Module, calls: dict[nn.Module, int]) -> Iterator[nn.Module]:
    for child in network.children():
        if isinstance(child, _CONTAINERS) or child not in calls:
            yield from _called(child, calls)
        elif any(True for _ in child.parameters()):
            yield child


@torch.no_grad()
def _calls(networks: Networks, interface: Interface) -> dict[nn.Module, int]:
    """Show D a grey image, and number its modules in the order in which it first calls them."""
    network, found = networks.discriminator, dict[nn.Module, int]()

    def remember(module: nn.Module, _: object) -> None:
        found.setdefault(module, len(found))

    device, side = next(network.parameters()).device, interface.resolution
    image = torch.zeros(1, interface.channels, side, side, device=device)
    condition = torch.zeros(1, interface.condition.size, device=device)
    hooks = [module.register_forward_pre_hook(remember) for module in network.modules()]
    training = network.training
    network.eval()
    critique_of(network, image, condition)
    network.train(training)
    for hook in hooks:
        hook.remove()
    return found
