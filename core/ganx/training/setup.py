"""Everything a run is made of, short of pixels: built and checked before anything is written."""

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ganx.contracts.dataset import Dataset, training_range
from ganx.contracts.distribution import ConditionDistribution
from ganx.contracts.heads import usual_widths
from ganx.contracts.interface import Interface
from ganx.contracts.networks import Networks, heads_of
from ganx.contracts.plan import UpdatePlan
from ganx.contracts.term import LossContext, Moment
from ganx.data.balance import balanced_shares, drawn_conditions, told
from ganx.data.identity import Identity
from ganx.device import Execution, decide
from ganx.errors import ConfigError, DataError
from ganx.settings.augmentations import chosen_augmentations
from ganx.settings.run import Registries, RunConfig
from ganx.settings.tables import TrainConfig
from ganx.training.augmenting import Augmentations
from ganx.training.freezing import held_layers
from ganx.training.iteration import iteration_at
from ganx.training.loss import LossSum, build_loss
from ganx.training.optimizers import ScheduledOptimizer, build_optimizers
from ganx.training.passes import check_passes


@dataclass(frozen=True)
class Setup:
    """An opened data set and freshly initialised networks that fit each other."""

    config: RunConfig
    dataset: Dataset
    networks: Networks
    loss: LossSum
    plan: UpdatePlan
    optimizers: dict[str, ScheduledOptimizer]
    distribution: ConditionDistribution
    """The conditions of the training split, as they come."""

    shares: NDArray[np.float64] | None
    """Which share of the draws each training image gets, [N]; None: all the same."""

    drawn: ConditionDistribution
    """The conditions as often as they are drawn in training."""

    augmentations: Augmentations
    """What changes images before D sees them."""

    @property
    def training_range(self) -> range:
        """The indices of the images that are trained on."""
        return training_range(self.dataset)

    @cached_property
    def identity(self) -> Identity:
        """Who the data set was when this was first asked for, which is before training."""
        return Identity.of(self.dataset)

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of the data, and of what the run does without."""
        left_out = " and ".join(self.loss.left_out)
        unlabelled = (
            f"The data set says nothing of its images, so the loss goes without {left_out}."
        )
        balanced = ""
        if self.shares is not None:
            condition, rows = self.dataset.interface.condition, training_conditions(self.dataset)
            balanced = told(condition, rows, self.shares)
        unlabelled = unlabelled if left_out else ""
        return tuple(filter(None, (self.dataset.notice, balanced, unlabelled)))


def open_dataset(registries: Registries, config: RunConfig) -> Dataset:
    """Open the data set of a run. Raises ``DataError`` when it has nothing to train on."""
    dataset = registries.datasets[config.dataset.name].open(config.dataset.config)
    expected = (len(dataset.images), dataset.interface.condition.size)
    if dataset.conditions.shape != expected:
        raise DataError(
            f"The data set {config.dataset.name!r} has conditions of shape "
            f"{dataset.conditions.shape}, not {expected} as its images and vocabulary say."
        )
    if not training_range(dataset):
        raise DataError(f"The data set {config.dataset.name!r} has no images to train on.")
    return _counted(dataset)


def _counted(dataset: Dataset) -> Dataset:
    """Count the most labels in an image or a prompt, and hold a data set to what it says."""
    condition = dataset.interface.condition
    if condition.kind != "labels":
        return dataset
    shown = int(dataset.conditions.sum(axis=1).max(initial=1))
    asked = [sum(condition.encode(text)) for texts in dataset.prompts.values() for text in texts]
    most = max(shown, int(max(asked, default=1)))
    if 0 < condition.most < most:
        raise DataError(
            f"The data set declares at most {condition.most} labels for an image (Condition.most), "
            f"but an image or a prompt of it has {most}. Correct it, or let ganx count."
        )
    known = replace(condition, most=condition.most or most)
    return replace(dataset, interface=replace(dataset.interface, condition=known))


def set_up(registries: Registries, config: RunConfig, device: torch.device | str = "cpu") -> Setup:
    """Open the data set and build networks, loss, plan and optimizers.

    Weights are drawn on the CPU, so that a seed gives the same ones for every device.
    """
    dataset = open_dataset(registries, config)
    torch.manual_seed(config.train.seed)
    networks = _held(_networks(registries, config, dataset.interface), registries, config, dataset)
    dataset = replace(dataset, interface=dataset.interface.limited(networks.most_labels))
    _place(networks, torch.device(device), channels_last=config.train.channels_last is not False)
    conditions = training_conditions(dataset)
    distribution = ConditionDistribution.of(conditions)
    shares = _shares(conditions, config)
    drawn = distribution if shares is None else drawn_conditions(conditions, shares)
    context = LossContext(dataset.interface, networks.latent, distribution=drawn)
    loss = build_loss(config.loss, context, registries.losses, registries.schedules).to(device)
    plan = _plan(registries.plans[config.plan.name].build(config.plan.config), loss, config)
    _check_plan(plan, networks, config)
    check_passes(plan, networks.discriminator, config.plan.name)
    iteration_at(plan, loss, Moment(0, 0))  # refused now rather than by the loop
    _check_heads(loss, networks, dataset, config)
    train = config.train
    chosen = chosen_augmentations(train.diff_augment, train.augmentations, registries.augmentations)
    return Setup(
        config=config,
        dataset=dataset,
        networks=networks,
        loss=loss,
        plan=plan,
        optimizers=build_optimizers(
            networks, config.optimizer, registries.optimizers, registries.schedules
        ),
        distribution=distribution,
        shares=shares,
        drawn=drawn,
        augmentations=Augmentations.built(chosen, dataset.interface).to(device),
    )


def _networks(registries: Registries, config: RunConfig, interface: Interface) -> Networks:
    return registries.models[config.model.name].build(interface, config.model.config)


def _held(
    networks: Networks, registries: Registries, config: RunConfig, dataset: Dataset
) -> Networks:
    """Hold the first layers of D, if that is asked for."""
    if not config.train.freeze:
        return networks
    interface = dataset.interface
    build = partial(_networks, registries, config)
    return replace(networks, held=held_layers(build, networks, interface, config.train.freeze))


def training_conditions(dataset: Dataset) -> NDArray[np.uint8]:
    """Return what each image that is trained on shows, [N, K]."""
    rows: NDArray[np.uint8] = dataset.conditions[np.asarray(training_range(dataset))]
    return rows


def _shares(conditions: NDArray[np.uint8], config: RunConfig) -> NDArray[np.float64] | None:
    """Say how often images are drawn. Raises ``ConfigError`` where no label could be rare."""
    balance = config.drawing.balance
    if not balance:
        return None
    if not conditions.any():
        raise ConfigError(
            f"dataset.balance is {balance:g}, but nothing is said of what the images of "
            f"{config.dataset.name!r} show, so that no label can be rare. Leave it at 0, or train "
            "with labels."
        )
    return balanced_shares(conditions, balance)


def _place(networks: Networks, device: torch.device, *, channels_last: bool) -> None:
    """Move the networks to where they train."""
    for network in networks.modules().values():
        network.to(device)
        if channels_last:
            ordered(network, channels_last=True)


def ordered(network: nn.Module, *, channels_last: bool) -> None:
    """Bring a network's convolution weights into a memory order; their values stay."""
    if channels_last:
        network.to(memory_format=torch.channels_last)
        return
    for tensor in (*network.parameters(), *network.buffers()):
        # A copy has the strides of a new tensor even where a side of 1 allows others, so that a
        # run repeated from its configuration takes the same kernels.
        tensor.data = tensor.data.clone(memory_format=torch.contiguous_format)


def _plan(whole: UpdatePlan, loss: LossSum, config: RunConfig) -> UpdatePlan:
    """Keep the phases that some term of the loss has a part in; every owner must keep one."""
    plan = whole.keeping(lambda phase: bool(loss.defining(phase.parts, phase.terms)))
    kept = {phase.owner for phase in plan.phases}
    for phase in whole.phases:
        if phase.owner not in kept:
            raise ConfigError(
                f"Nothing in the loss {config.loss.sum!r} trains the {phase.owner} under the plan "
                f"{config.plan.name!r}. Add an adversarial term, such as bce, hinge or wasserstein."
            )
    return plan


def _check_heads(loss: LossSum, networks: Networks, dataset: Dataset, config: RunConfig) -> None:
    """Refuse a loss that reads an auxiliary head which the model's D does not have."""
    wanted = [(name, head) for name, heads in loss.heads().items() for head in heads]
    found = heads_of(networks, dataset.interface) if wanted else {}
    widths = usual_widths(networks, dataset)
    for name, head in wanted:
        problem = ""
        if head not in found:
            problem = f"has only {', '.join(found)}" if found else "has no such heads"
        elif found[head] != widths.get(head, found[head]):
            problem = f"gives {found[head]} numbers there instead of {widths[head]}"
        if problem:
            raise ConfigError(
                f"The loss term {name!r} reads the head {head!r} of the discriminator, but that of "
                f"model {config.model.name!r} {problem}. Choose another model, or another loss."
            )


def _check_plan(plan: UpdatePlan, networks: Networks, config: RunConfig) -> None:
    """Refuse a plan that steps an optimizer which is not there, or starts without images."""
    for phase in plan.phases:
        if phase.owner not in networks.owners or phase.owner not in config.optimizer:
            raise ConfigError(
                f"The plan {config.plan.name!r} steps {phase.owner!r}, which has no optimizer. "
                f"Add [optimizer.{phase.owner}] settings, or choose another plan."
            )
    if not plan.phases or not plan.phases[0].fresh_real:
        raise ConfigError(f"The first phase of plan {config.plan.name!r} must take a real batch.")


def execution_of(train: TrainConfig) -> Execution:
    """Decide every ``auto`` of a run's settings, as ``decide`` does."""
    return decide(train.device, train.precision, train.compile, train.channels_last)
