"""The model contract of ganx.testing refuses networks that break it, and takes sound ones."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganx.contracts.condition import UNCONDITIONAL
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Critique, Networks
from ganx.contracts.specs import ExporterSpec, ModelSpec, NoConfig
from ganx.errors import ConfigError, ExportError
from ganx.testing import (
    ModelContract,
)
from ganx.testing.interfaces import LABELS
from ganx.testing.stand_in import LATENT, StandInDiscriminator, StandInGenerator
from ganx.training.optimizers import ScheduledOptimizer

FORM = Interface(8, 3, LABELS)


def model(
    generator: type[nn.Module] = StandInGenerator,
    judge: Callable[[Interface], nn.Module] = lambda form: StandInDiscriminator(form, {}),
    owners: Callable[[nn.Module, nn.Module], Mapping[str, Any]] = lambda *_: {},
) -> ModelContract:
    def build(interface: Interface, _config: NoConfig) -> Networks:
        made = generator(interface), judge(interface)
        return Networks(*made, LATENT, owners(*made))

    contract = ModelContract()
    contract.spec = ModelSpec("stand-in", "For tests", NoConfig, build, "none")
    contract.interfaces = (FORM, Interface(8, 3, UNCONDITIONAL))
    return contract


def refused(contract: Any, test: str, sentence: str, *arguments: Any) -> None:
    if isinstance(contract, ModelContract) and not arguments:
        arguments = (contract.build(FORM), FORM)
    with pytest.raises(AssertionError, match=sentence):
        getattr(contract, test)(*arguments)


class Deaf(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(z, None if c is None else torch.zeros_like(c))


class Constant(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(torch.zeros_like(z), c)


class Unbounded(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(z, c) * 1.5


class Flat(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(z, c).flatten(1)


class Noisy(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(z + torch.rand_like(z), c)


class Sociable(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(z - z.mean(0), c)


class Forgetful(StandInGenerator):
    def __init__(self, interface: Interface) -> None:
        super().__init__(interface)
        self.scale = torch.rand(1).item()

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(z * self.scale, c)


class Idle(StandInGenerator):
    def __init__(self, interface: Interface) -> None:
        super().__init__(interface)
        self.unused = nn.Linear(1, 1)


class Unseeded(StandInGenerator):
    def __init__(self, interface: Interface) -> None:
        super().__init__(interface)
        entropy = np.random.default_rng().standard_normal(self.paint.weight.shape)
        self.paint.weight.data = torch.from_numpy(entropy).float()


class Attached(StandInGenerator):
    def __deepcopy__(self, memo: object) -> "Attached":
        return self


class Unscriptable(StandInGenerator):
    def forward(self, *inputs: Tensor) -> Tensor:
        return super().forward(*inputs)


class Deciding(StandInGenerator):
    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        images = super().forward(z, c)
        return images if len(z) <= 2 else -images


class Columns(StandInDiscriminator):
    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        score, aux = super().forward(images, c)
        return Critique(score[:, None], aux)


class Bare(StandInDiscriminator):
    def forward(self, images: Tensor, c: Tensor | None = None) -> Tensor:
        return super().forward(images, c).score


class Averaging(StandInDiscriminator):
    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        score, _ = super().forward(images, c)
        return Critique(score, {"mean": score.mean(0, keepdim=True)})


class Cut(StandInDiscriminator):
    def forward(self, images: Tensor, c: Tensor | None = None) -> Critique:
        return super().forward(images.detach(), c)


def without_heads(kind: type[StandInDiscriminator]) -> Callable[[Interface], nn.Module]:
    return lambda form: kind(form, {})


@pytest.mark.parametrize(
    ("generator", "test", "sentence"),
    [
        (Deaf, "test_another_condition_changes_the_image", "same images for other conditions"),
        (Constant, "test_another_latent_changes_the_image", "same images for another z"),
        (Unbounded, "test_images_have_the_form_of_the_interface", "end it in a tanh"),
        (Flat, "test_images_have_the_form_of_the_interface", "G gives"),
        (Noisy, "test_evaluation_draws_no_randomness", "random numbers in eval mode"),
        (Sociable, "test_an_image_does_not_depend_on_its_batch", "batch mates"),
        (Forgetful, "test_saved_weights_bring_back_the_networks", "other images"),
        (Unseeded, "test_the_seed_decides_the_weights", "two builds of one seed"),
        (Attached, "test_a_copy_of_the_generator_is_independent", "A copy of G changes G"),
        (Idle, "test_the_score_teaches_every_parameter_of_the_generator", "unused.weight has no"),
    ],
)
def test_a_generator_that_breaks_the_contract_is_refused(
    generator: type[nn.Module], test: str, sentence: str
) -> None:
    refused(model(generator), test, sentence)


@pytest.mark.parametrize(
    ("judge", "test", "sentence"),
    [
        (Columns, "test_the_score_is_one_logit_for_each_image", r"shape \(4, 1\)"),
        (Bare, "test_the_score_is_one_logit_for_each_image", "returns Tensor"),
        (Averaging, "test_the_score_is_one_logit_for_each_image", r"not \[B, ...\]"),
        (Cut, "test_the_score_teaches_every_parameter_of_the_generator", "no usable gradient"),
    ],
)
def test_a_discriminator_that_breaks_the_contract_is_refused(
    judge: type[StandInDiscriminator], test: str, sentence: str
) -> None:
    refused(model(judge=without_heads(judge)), test, sentence)


def test_a_discriminator_with_a_parameter_that_never_learns_is_refused() -> None:
    def frozen(form: Interface) -> nn.Module:
        made = StandInDiscriminator(form, {})
        made.spare = nn.Linear(1, 1)
        return made

    test = "test_score_and_heads_teach_every_parameter_of_the_discriminator"
    refused(model(judge=frozen), test, "discriminator.spare.weight has no usable")


def test_a_head_that_only_a_loss_of_its_own_teaches_is_fine() -> None:
    contract = model(judge=lambda form: StandInDiscriminator(form, {"classes": 4}))
    contract.test_score_and_heads_teach_every_parameter_of_the_discriminator(
        contract.build(FORM), FORM
    )


@pytest.mark.parametrize(
    ("owners", "sentence"),
    [
        (lambda g, d: {"generator": (g,), "discriminator": (d.look,)}, "judge.weight has 0 owners"),
        (lambda g, d: {"generator": (g, d), "discriminator": (d,)}, "has 2 owners"),
        (lambda g, d: {"generator": (g, d)}, "own parameters; here"),
        (
            lambda g, d: {"generator": (g, nn.Linear(1, 1)), "discriminator": (d,)},
            "neither network",
        ),
    ],
)
def test_parameters_with_no_owner_or_two_are_refused(owners: Any, sentence: str) -> None:
    contract = model(owners=owners)
    refused(contract, "test_every_parameter_has_one_owner", sentence, contract.build(FORM))


def test_a_refusal_without_a_sentence_is_refused() -> None:
    contract = model()

    def refuse(_interface: Interface, _config: NoConfig) -> Networks:
        raise ConfigError("bad size")

    contract.spec = ModelSpec("curt", "Says little", NoConfig, refuse, "none")
    test = "test_what_it_cannot_do_is_refused_with_a_sentence"
    with pytest.raises(AssertionError, match="one sentence"):
        getattr(contract, test)()
    refused_all = "test_some_interface_is_accepted"
    with pytest.raises(AssertionError, match="refuses every interface"):
        getattr(contract, refused_all)()


def test_a_refusal_after_weights_were_drawn_is_refused() -> None:
    contract = model()

    def refuse(_interface: Interface, _config: NoConfig) -> Networks:
        nn.Linear(2, 2)
        raise ConfigError("Model 'late' makes images of another size; set the resolution to 8.")

    contract.spec = ModelSpec("late", "Notices late", NoConfig, refuse, "none")
    with pytest.raises(AssertionError, match="Weights were drawn before"):
        contract.test_what_it_cannot_do_is_refused_with_a_sentence()


def test_a_generator_that_cannot_be_scripted_is_refused() -> None:
    with pytest.raises(torch.jit.frontend.NotSupportedError):
        model(Unscriptable).test_the_generator_can_be_scripted(conditional=True)


def test_a_generator_that_decides_by_its_batch_is_refused() -> None:
    with (
        pytest.warns(torch.jit.TracerWarning),
        pytest.raises(AssertionError, match=r"differs by .* at batch 7"),
    ):
        model(Deciding).test_the_generator_can_be_traced(conditional=True)


def test_a_format_that_loses_something_is_refused(tmp_path: Path) -> None:
    def load(_path: Path) -> Any:
        return lambda z, _c: np.zeros((len(z), 3, 8, 8), np.float32)

    grey = ExporterSpec("grey", "Loses all", ".grey", lambda _frozen, path: path.touch(), load)
    for conditional, loss in (
        (False, "differ from the generator's"),
        (True, "same image whatever"),
    ):
        with pytest.raises(ExportError, match=loss):
            model().test_the_generator_survives_every_format(
                conditional=conditional, exporter=grey, tmp_path=tmp_path
            )


@pytest.mark.parametrize("conditional", [False, True])
def test_a_sound_model_trains_in_every_plan(conditional: bool, tmp_path: Path) -> None:
    model().test_every_plan_moves_what_its_steps_own(conditional, "bce", tmp_path)
    model().test_an_iteration_moves_all_that_the_score_depends_on(conditional, tmp_path)


def test_an_engine_that_moves_what_a_step_does_not_own_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ganx.testing import workbench

    moved: list[nn.Parameter] = []
    place = workbench.enliven

    def remember(networks: Networks) -> None:
        place(networks)
        moved.extend(networks.generator.parameters())

    def spill(self: ScheduledOptimizer, images_seen: int) -> float:
        del self, images_seen
        for parameter in moved:
            parameter.data += 1
        return 0.0

    monkeypatch.setattr(workbench, "enliven", remember)
    monkeypatch.setattr(ScheduledOptimizer, "set_learning_rate", spill)
    with pytest.raises(AssertionError, match=r"step of 'discriminator' moved generator\.paint"):
        model().test_every_plan_moves_what_its_steps_own(True, "bce", tmp_path)
