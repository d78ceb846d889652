"""What a model's images and scores must be like."""

import torch
from torch import Tensor

from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks
from ganx.errors import ConfigError
from ganx.testing.interfaces import ODD_INTERFACES, told
from ganx.testing.model_base import ModelBase
from ganx.testing.probe import critique, draw, enliven, latents, real_images, settle

SAME = 1e-5
"""How much a pixel may differ where only the order of additions does."""

_FEWEST_WORDS = 5
"""The shortest sentence that says what is wrong and why."""


class ModelImages(ModelBase):
    """The form of what both networks return, and what it depends on."""

    def test_some_interface_is_accepted(self) -> None:
        """A model that refuses everything would pass every other test."""
        assert any(map(self.accepts, self.interfaces)), (
            f"Model {self.spec.name!r} refuses every interface of the test; set `interfaces`."
        )

    def test_what_it_cannot_do_is_refused_with_a_sentence(self) -> None:
        """An interface is refused before any weight is drawn, or done right."""
        for interface in (*self.interfaces, *ODD_INTERFACES):
            self._build_or_refuse(interface)

    def test_images_have_the_form_of_the_interface(
        self, networks: Networks, interface: Interface
    ) -> None:
        """G returns float32 [B, C, H, W] in [-1, 1] whatever its weights."""
        check_images(draw(networks, interface, 4), interface)
        enliven(networks, sigma=1.0)
        check_images(draw(networks, interface, 4), interface)

    def test_the_score_is_one_logit_for_each_image(
        self, networks: Networks, interface: Interface
    ) -> None:
        """D returns [B] finite scores, and heads [B, ...]."""
        score, aux = critique(networks, interface, real_images(interface, 4))
        assert score.shape == (4,), f"D's score of 4 images has shape {tuple(score.shape)}."
        for name, head in {"score": score, **aux}.items():
            assert len(head) == len(score), (
                f"D's head {name!r} is not [B, ...]: {tuple(head.shape)}."
            )
            assert head.isfinite().all(), f"D's {name!r} is not finite."

    def test_another_condition_changes_the_image(
        self, networks: Networks, interface: Interface
    ) -> None:
        """G uses its condition."""
        enliven(networks)
        settle(networks, interface)
        if interface.condition.size:
            change = draw(networks, interface, 4) - draw(networks, interface, 4, first=1)
            assert change.abs().max() > 0, "G gives the same images for other conditions."

    def test_another_latent_changes_the_image(
        self, networks: Networks, interface: Interface
    ) -> None:
        """G uses its latent."""
        enliven(networks)
        settle(networks, interface)
        change = draw(networks, interface, 4) - draw(networks, interface, 4, seed=1)
        assert change.abs().max() > 0, "G gives the same images for another z."

    def test_evaluation_draws_no_randomness(self, networks: Networks, interface: Interface) -> None:
        """In eval mode equal inputs give equal images, and random states are left alone."""
        settle(networks, interface)
        before = torch.get_rng_state()
        first = draw(networks, interface, 2)
        assert torch.equal(before, torch.get_rng_state()), "G draws random numbers in eval mode."
        assert torch.equal(first, draw(networks, interface, 2)), (
            "G gives other images for the same inputs in eval mode."
        )

    def test_an_image_does_not_depend_on_its_batch(
        self, networks: Networks, interface: Interface
    ) -> None:
        """In eval mode a sample is the same alone and among others."""
        enliven(networks)
        settle(networks, interface)
        alone, among = draw(networks, interface, 1)[0], draw(networks, interface, 4)[0]
        difference = float((alone - among).detach().abs().max())
        assert difference <= SAME, f"An image changes by {difference:.1e} with its batch mates."

    def test_latents_are_finite(self, networks: Networks) -> None:
        """The declared latent can be drawn."""
        z = latents(networks, 4)
        assert z.shape == (4, networks.latent.size), f"z has shape {tuple(z.shape)}."
        assert z.isfinite().all(), "The latent has values that are not finite."

    def _build_or_refuse(self, interface: Interface) -> None:
        """Build for one interface and look at the images, or read the refusal."""
        torch.manual_seed(0)
        before = torch.get_rng_state()
        try:
            networks = self.spec.build(interface, self.settings())
        except ConfigError as refusal:
            check_sentence(str(refusal))
            drawn = not torch.equal(before, torch.get_rng_state())
            assert not drawn, f"Weights were drawn before {told(interface)} was refused."
            return
        check_images(draw(networks, interface, 2), interface)


def check_images(images: Tensor, interface: Interface) -> None:
    """Refuse images that are not what the interface promises."""
    side = interface.resolution
    form = (len(images), interface.channels, side, side)
    assert images.shape == form, f"G gives {tuple(images.shape)} for {told(interface)}."
    assert images.dtype == torch.float32, f"G gives {images.dtype}, not float32."
    assert images.isfinite().all(), "G gives values that are not finite."
    extreme = float(images.detach().abs().max())
    assert extreme <= 1, f"G gives values up to {extreme:.3g} in size; end it in a tanh."


def check_sentence(message: str) -> None:
    """Refuse an error that does not tell its reader anything."""
    told = f"A refusal is one sentence that says what is wrong and what to do, not {message!r}."
    assert message.endswith("."), told
    assert "\n" not in message, told
    assert len(message.split()) >= _FEWEST_WORDS, told
