"""Which parameters learn: gradients reach all of them."""

import torch

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.testing.model_base import ModelBase
from ganx.testing.probe import critique, draw, enliven, reached, real_images, weighted


class ModelGradients(ModelBase):
    """The losses move every parameter, through D's score or one of its heads."""

    def test_the_score_teaches_every_parameter_of_the_generator(
        self, networks: Networks, interface: Interface
    ) -> None:
        """D's score of G's images has a gradient in all of G."""
        enliven(networks)
        score = critique(networks, interface, draw(networks, interface, 4)).score
        torch.autograd.backward(weighted(score))
        self._check("generator", reached(networks))

    def test_score_and_heads_teach_every_parameter_of_the_discriminator(
        self, networks: Networks, interface: Interface
    ) -> None:
        """What D returns has a gradient in all of D."""
        enliven(networks)
        score, aux = critique(networks, interface, real_images(interface, 4))
        torch.autograd.backward([weighted(head) for head in (score, *aux.values())])
        self._check("discriminator", reached(networks))

    def _check(self, network: str, gradients: dict[str, float]) -> None:
        """Refuse parameters of one network that nothing reaches."""
        for name, size in gradients.items():
            if name.startswith(f"{network}.") and name not in self.idle:
                assert 0 < size < float("inf"), f"{name} has no usable gradient ({size})."
