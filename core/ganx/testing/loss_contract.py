"""The contract of a loss term.

A plugin's author writes::

    class TestLeastSquares(LossContract):
        spec = LEAST_SQUARES

and the term is computed by the engine's own step on two small networks. A term that reads heads
of D gets each K wide, or as wide as ``heads`` says.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest
import torch
from torch import Tensor

from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.heads import code_heads
from ganx.contracts.interface import Interface
from ganx.contracts.latent import codes_of
from ganx.contracts.networks import Networks
from ganx.contracts.plan import PARTS, Part, Phase
from ganx.contracts.specs import LossSpec
from ganx.contracts.term import Drawing, LossContext, LossTerm, Moment
from ganx.device import Execution
from ganx.errors import ConfigError
from ganx.testing.interfaces import CONDITIONS, told
from ganx.testing.probe import conditions, latents, real_images
from ganx.testing.settings_contract import SettingsContract
from ganx.testing.stand_in import LATENT, stand_in
from ganx.training.loss import LossSum
from ganx.training.phase import PhaseInputs
from ganx.training.step import Stepper

COUNT = 6
CODE_HEADS = {head: code.size for code in codes_of(LATENT) for head in code_heads(code)}
MOMENTS = tuple(Moment(64 * iteration, iteration) for iteration in range(20_000))
INTERFACES = tuple(Interface(8, 3, condition) for condition in CONDITIONS)


class LossContract(SettingsContract):
    """All that ganx asks of a loss term; inherit it and set ``spec``."""

    spec: LossSpec
    """The term under test."""

    heads: Mapping[str, int] = MappingProxyType({})
    """The width of each head of D that the term reads; where it is left out, the code's size for
    the heads of a Q, and else K."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test for each interface or precision that it asks for."""
        if "interface" in metafunc.fixturenames:
            metafunc.parametrize("interface", INTERFACES, ids=told)
        if "precision" in metafunc.fixturenames:
            metafunc.parametrize("precision", ("float32", "bfloat16"))

    def serves(self, interface: Interface) -> bool:
        """Tell whether the engine would build the term at all: some need labels."""
        return bool(interface.condition.size) or not self.spec.needs_labels

    def build(self, interface: Interface) -> LossTerm:
        """Build the term, beside an adversarial one as in most sums."""
        terms, known = ("bce", self.spec.name), distribution(interface)
        return self.spec.build(LossContext(interface, LATENT, terms, known), self.settings())

    @pytest.fixture
    def term(self, interface: Interface) -> LossTerm:
        """Build the term for an interface, or skip one that it refuses."""
        if not self.serves(interface):
            pytest.skip("a loss goes without it where there are no labels")
        try:
            return self.build(interface)
        except ConfigError as refusal:
            pytest.skip(f"refused: {refusal}")

    def test_some_interface_is_accepted(self) -> None:
        """A term that refuses everything would pass every other test."""
        accepted = [one for one in INTERFACES if self.serves(one) and self._accepts(one)]
        assert accepted, f"{self.spec.name!r} refuses every interface."

    def test_it_has_a_part(self, term: LossTerm) -> None:
        """A term without a method named after a part would never be computed."""
        assert isinstance(term, LossTerm), f"build returns {type(term).__name__}, not a LossTerm."
        assert term.parts(), f"{self.spec.name!r} defines none of {', '.join(PARTS)}."

    def test_every_part_teaches_its_owner(
        self, term: LossTerm, interface: Interface, precision: str
    ) -> None:
        """Each part is a finite float32 scalar with a gradient in the network that minimises it."""
        for part in term.parts():
            networks = self._networks(term, interface)
            owner = "generator" if part == "generator" else "discriminator"
            loss = self._loss(term, part, networks, interface, precision)
            assert loss.shape == (), f"{part!r} is {tuple(loss.shape)}, not a scalar."
            assert loss.dtype == torch.float32, f"{part!r} is {loss.dtype}, not float32."
            assert loss.isfinite(), f"{part!r} is {loss.item()}."
            assert loss.requires_grad, f"{part!r} has no gradient in the {owner}."
            torch.autograd.backward(loss)
            gradients = [one.grad for one in networks.parameters(owner) if one.grad is not None]
            assert any(bool(gradient.any()) for gradient in gradients), (
                f"{part!r} has no gradient in the {owner}."
            )

    def test_equal_inputs_give_equal_losses(self, term: LossTerm, interface: Interface) -> None:
        """All that is random was drawn before: a step can be repeated to the bit."""
        for part in term.parts():
            networks = self._networks(term, interface)
            first, again = (self._loss(term, part, networks, interface) for _ in range(2))
            assert torch.equal(first, again), f"{part!r} changes from call to call."

    def test_a_batch_may_be_cut(self, term: LossTerm, interface: Interface) -> None:
        """``train.accumulate`` hands a part its images' own rows of what was drawn, and no more."""
        for part in term.parts():
            networks = self._networks(term, interface)
            for piece in self._inputs(term, networks, interface).split(2):
                try:
                    loss = self._evaluated(term, part, networks, piece)
                except (IndexError, RuntimeError) as error:
                    raise AssertionError(f"{part!r} fails on half of a batch: {error}") from error
                assert loss.isfinite(), f"{part!r} is {loss.item()} on half of a batch."

    def test_draws_are_decided_by_their_generator(
        self, term: LossTerm, interface: Interface
    ) -> None:
        """Draws are float32 [B, ...], from the generator that is passed in and no other."""
        first = term.draws(self._drawing(interface, 0))
        again = term.draws(self._drawing(interface, 0))
        assert first.keys() == again.keys(), "The names of the draws change from call to call."
        for name, values in first.items():
            assert np.array_equal(values, again[name]), f"The draw {name!r} ignores its generator."
            assert values.dtype == np.float32, f"The draw {name!r} is {values.dtype}."
            assert len(values) == COUNT, f"The draw {name!r} is not [B, ...]: {values.shape}."

    def test_its_factor_is_a_pure_function_that_lets_it_count(self, term: LossTerm) -> None:
        """A weight is multiplied by it, at a moment that a resumed run asks for anew."""
        forward = [term.factor(moment) for moment in MOMENTS]
        backward = [term.factor(moment) for moment in reversed(MOMENTS)][::-1]
        assert forward == backward, "The factor depends on what was asked before."
        usable = all(math.isfinite(factor) and factor >= 0 for factor in forward)
        assert usable, f"A factor is negative or not finite: {sorted(set(forward))}."
        assert any(forward), f"{self.spec.name!r} does not count in any iteration that was tried."

    def _accepts(self, interface: Interface) -> bool:
        try:
            self.build(interface)
        except ConfigError:
            return False
        return True

    def _networks(self, term: LossTerm, interface: Interface) -> Networks:
        """Make two small networks; D with the heads that the term reads."""
        torch.manual_seed(0)
        usual = dict.fromkeys(term.aux, interface.condition.size) | CODE_HEADS
        widths = {head: self.heads.get(head, usual[head]) for head in term.aux}
        return stand_in(interface, widths)

    def _loss(
        self,
        term: LossTerm,
        part: Part,
        networks: Networks,
        interface: Interface,
        precision: str = "float32",
    ) -> Tensor:
        """Compute one part of a whole batch."""
        inputs = self._inputs(term, networks, interface)
        return self._evaluated(term, part, networks, inputs, precision)

    def _evaluated(
        self,
        term: LossTerm,
        part: Part,
        networks: Networks,
        inputs: PhaseInputs,
        precision: str = "float32",
    ) -> Tensor:
        """Compute one part as the engine's step does."""
        name = self.spec.name
        execution = Execution(torch.device("cpu"), precision, compile=False, channels_last=False)
        stepper = Stepper(networks, LossSum({name: term}, {name: 1.0}), execution)
        phase = Phase("generator" if part == "generator" else "discriminator", (part,))
        networks.let_learn(phase.owner)
        taken = stepper.evaluate(phase, inputs)
        return taken.losses[f"{part}.{name}"]

    def _inputs(self, term: LossTerm, networks: Networks, interface: Interface) -> PhaseInputs:
        """Make a batch with fixed draws."""
        drawn = term.draws(self._drawing(interface, 3))
        draws = {f"{self.spec.name}.{key}": torch.from_numpy(one) for key, one in drawn.items()}
        c = conditions(interface.condition, COUNT)
        return PhaseInputs(
            real_images(interface, COUNT), c, latents(networks, COUNT), c.flip(0), draws
        )

    def _drawing(self, interface: Interface, seed: int) -> Drawing:
        """Offer what a term may look at when it draws for the batch."""
        c = conditions(interface.condition, COUNT).numpy()
        return Drawing(COUNT, np.random.default_rng(seed), c, distribution(interface))


def distribution(interface: Interface) -> ConditionDistribution:
    """Return the conditions of a training set, as many as an image can be told to show."""
    rows = conditions(interface.condition, COUNT).numpy().astype(np.uint8)
    return ConditionDistribution.of(rows)
