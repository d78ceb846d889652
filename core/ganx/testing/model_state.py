"""What a model's weights must be like: owned, seeded, saved and copied."""

from collections import Counter
from copy import deepcopy

import torch

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.testing.model_base import ModelBase
from ganx.testing.probe import critique, draw, enliven, parameters, real_images, settle


class ModelState(ModelBase):
    """Optimizers, checkpoints and the averaged generator rely on these."""

    def test_every_parameter_has_one_owner(self, networks: Networks) -> None:
        """No parameter is left untrained, and none is moved by two optimizers."""
        assert {"generator", "discriminator"} <= set(networks.owners), (
            f"'generator' and 'discriminator' own parameters; here: {list(networks.owners)}."
        )
        owned = Counter(
            id(parameter) for owner in networks.owners for parameter in networks.parameters(owner)
        )
        for name, parameter in parameters(networks):
            count = owned.pop(id(parameter), 0)
            assert count == 1, f"{name} has {count} owners; each parameter has exactly one."
        assert not owned, "An owner has parameters that belong to neither network."

    def test_the_seed_decides_the_weights(self, networks: Networks, interface: Interface) -> None:
        """Weights come from torch's global random state and nothing else."""
        again = self.build(interface)
        for (name, one), (_, other) in zip(parameters(networks), parameters(again), strict=True):
            assert torch.equal(one, other), f"{name} differs between two builds of one seed."

    def test_saved_weights_bring_back_the_networks(
        self, networks: Networks, interface: Interface
    ) -> None:
        """All that decides an output is in the state dict."""
        enliven(networks)
        settle(networks, interface)
        other = self.build(interface, seed=1)
        for name, network in other.modules().items():
            network.load_state_dict(networks.modules()[name].state_dict())
            network.eval()
        expected, given = draw(networks, interface, 2), draw(other, interface, 2)
        assert torch.equal(expected, given), "G loaded from its state dict gives other images."
        images = real_images(interface, 2)
        expected, given = (critique(one, interface, images).score for one in (networks, other))
        assert torch.equal(expected, given), "D loaded from its state dict gives other scores."

    def test_a_copy_of_the_generator_is_independent(
        self, networks: Networks, interface: Interface
    ) -> None:
        """A generator that has trained can be copied, as for the average of its weights."""
        score = critique(networks, interface, draw(networks, interface, 2)).score
        torch.autograd.backward(score.sum())
        settle(networks, interface)
        copy = Networks(deepcopy(networks.generator), networks.discriminator, networks.latent)
        expected = draw(networks, interface, 2)
        assert torch.equal(expected, draw(copy, interface, 2)), "A copy of G gives other images."
        enliven(copy)
        assert torch.equal(expected, draw(networks, interface, 2)), "A copy of G changes G."
        assert not torch.equal(expected, draw(copy, interface, 2)), "A copy of G does not change."
