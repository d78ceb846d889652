"""The hooks of ganx: the manual for plugin authors.

A plugin is a distribution with an entry point in the group ``ganx`` that names a module::

    [project.entry-points.ganx]
    mynet = "my_ganx_net.plugin"

The module implements any of the hooks below with ``@ganx.hookimpl``. A provider hook is a
generator function that yields specs, such as ``ganx.ModelSpec``. Keep the module cheap to
import: declare specs at the top and import torch inside the functions that build. ``ganx plugins``
then lists the plugin, ``ganx plugins show`` documents its settings, and ``ganx train`` can use it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
import pluggy

from ganx.contracts.specs import (
    AugmentationSpec,
    DatasetSpec,
    EvaluatorSpec,
    ExporterSpec,
    LossSpec,
    ModelSpec,
    OptimizerSpec,
    RecipeSpec,
    ScheduleSpec,
    UpdatePlanSpec,
)

if TYPE_CHECKING:
    from ganx.contracts.events import (
        AlarmRaised,
        CheckpointSaved,
        Evaluated,
        GridDrawn,
        RunEnded,
        RunStarted,
        StepEnded,
    )

hookspec = pluggy.HookspecMarker("ganx")


@hookspec
def ganx_models() -> Iterable[ModelSpec]:
    """Provide architectures.

    Example::

        def build(interface, config):
            from my_ganx_net.networks import build
            return build(interface, config)

        @ganx.hookimpl
        def ganx_models():
            yield ModelSpec("mynet", "A small convolutional pair", MyConfig, build, "mynet")

    Yields ``ModelSpec``. ``build(interface, config)`` returns ``ganx.Networks``
    whose generator maps (z [B, Z], c [B, K]) to images [B, C, H, W] in [-1, 1], and whose
    discriminator maps (images, c) to a ``Critique`` with a logit [B].
    """
    yield from ()


@hookspec
def ganx_losses() -> Iterable[LossSpec]:
    """Provide loss terms, to be summed as in ``--loss "hinge + 10*gradient-penalty"``.

    Example::

        @ganx.hookimpl
        def ganx_losses():
            yield LossSpec("least-squares", "Squared distance to 0 and 1", build_least_squares)

    Yields ``LossSpec``. ``build(context, config)`` returns a ``ganx.LossTerm``. With
    ``needs_labels=True`` a loss goes without it where a data set says nothing of its images.
    """
    yield from ()


@hookspec
def ganx_datasets() -> Iterable[DatasetSpec]:
    """Provide data sets.

    Example::

        @ganx.hookimpl
        def ganx_datasets():
            yield DatasetSpec("flowers", "102 kinds of flowers", FlowersConfig, open_flowers)

    Yields ``DatasetSpec``. ``open(config)`` returns a ``ganx.Dataset`` without
    decoding any image; the engine decodes or renders them once, into its cache. ``unseen`` and
    ``suited`` say how it is opened anew for judges and references: with other images or labels.
    """
    yield from ()


@hookspec
def ganx_augmentations() -> Iterable[AugmentationSpec]:
    """Provide augmentations, to be chosen as in ``--set 'train.diff_augment=["flip"]'``.

    Example::

        def build(interface, config):
            from my_ganx_net.flip import Flip
            return Flip()

        @ganx.hookimpl
        def ganx_augmentations():
            yield AugmentationSpec("flip", "Mirrors half of the images", build)

    Yields ``AugmentationSpec``. What it builds draws random numbers on the CPU and changes images
    by them, differentiably and twice so; see ``ganx.Augmentation``.
    """
    yield from ()


@hookspec
def ganx_schedules() -> Iterable[ScheduleSpec | UpdatePlanSpec]:
    """Provide schedules of learning rates and weights, and update plans.

    Example::

        def build_step(config):
            return lambda images_seen: 1.0 if images_seen < config.drop_at else 0.1

        @ganx.hookimpl
        def ganx_schedules():
            yield ScheduleSpec("step", "Drop to a tenth once", build_step, StepConfig)

    Yields ``ScheduleSpec`` (a pure function of images seen, so that it resumes exactly) or
    ``UpdatePlanSpec`` (the order of the optimizer steps of one iteration).
    """
    yield from ()


@hookspec
def ganx_optimizers() -> Iterable[OptimizerSpec]:
    """Provide optimizers, to be chosen as in ``--set optimizer.generator.name=sgd``.

    Example::

        def build(parameters, config):
            from torch.optim import SGD
            return SGD(parameters, lr=config.learning_rate, momentum=config.momentum)

        @ganx.hookimpl
        def ganx_optimizers():
            yield OptimizerSpec("sgd", "Gradient descent with momentum", SgdConfig, build)

    Yields ``OptimizerSpec``. Its configuration has ``learning_rate``. ``build(parameters, config)``
    returns a ``torch.optim.Optimizer``; the schedule scales the rate of each of its groups. It
    remembers tensors and numbers only, so that a run resumes exactly.
    """
    yield from ()


@hookspec
def ganx_evaluators() -> Iterable[EvaluatorSpec]:
    """Provide scores of generators.

    Example::

        def brightness(subject, config):
            from my_ganx_net.brightness import mean_brightness
            value = mean_brightness(subject.generator, subject.seeds)
            yield Result("brightness", "images", [Figure("brightness", value, better="neither")])

        @ganx.hookimpl
        def ganx_evaluators():
            yield EvaluatorSpec("brightness", "How bright images are", brightness)

    Yields ``EvaluatorSpec``. ``evaluate(subject, config)`` gets a ``ganx.Subject`` and yields
    ``ganx.Result``. It runs in ``ganx evaluate`` and,
    when ``evaluate.evaluators`` names it, while training, which it must not change. With
    ``slow=True`` it scores only where it is named; ``headline`` names the figures that head a page,
    ``collapse`` those that raise that alarm.
    """
    yield from ()


@hookspec
def ganx_exporters() -> Iterable[ExporterSpec]:
    """Provide file formats for trained generators.

    Example::

        @ganx.hookimpl
        def ganx_exporters():
            yield ExporterSpec("numpy", "Weights as .npz", ".npz", export_npz, load_npz)

    Yields ``ExporterSpec``. The file is published only if what ``load`` makes of it agrees with
    the eager generator at several batch sizes.
    """
    yield from ()


@hookspec
def ganx_recipes() -> Iterable[RecipeSpec]:
    """Provide named, complete run configurations.

    Example::

        @ganx.hookimpl
        def ganx_recipes():
            yield RecipeSpec("mynet-flowers", "As in our paper", {
                "model": {"name": "mynet"}, "dataset": {"name": "flowers"},
                "loss": {"sum": "hinge"}, "train": {"images": 5_000_000},
            })

    Yields ``RecipeSpec``. Settings have the form of a run's ``config.toml``; what a recipe leaves
    out keeps its default.
    """
    yield from ()


@hookspec
def ganx_commands(cli: click.Group) -> None:
    """Add commands to the ``ganx`` command line.

    Example::

        @ganx.hookimpl
        def ganx_commands(cli):
            cli.add_command(my_command)
    """


@hookspec
def ganx_run_started(event: "RunStarted") -> None:
    """Observe that a run starts or resumes.

    Observers are isolated: an exception is reported once and the observer is then left out for
    the rest of the run; what an observer does to global random state is undone.

    Example::

        @ganx.hookimpl
        def ganx_run_started(event):
            print(event.directory)
    """


@hookspec
def ganx_step_ended(event: "StepEnded") -> None:
    """Observe the losses, every ``train.log_every`` iterations.

    Example::

        @ganx.hookimpl
        def ganx_step_ended(event):
            print(event.images_seen, event.metrics)
    """


@hookspec
def ganx_grid_drawn(event: "GridDrawn") -> None:
    """Observe that a grid of samples from fixed noise was written.

    Example::

        @ganx.hookimpl
        def ganx_grid_drawn(event):
            upload(event.path)
    """


@hookspec
def ganx_checkpoint_saved(event: "CheckpointSaved") -> None:
    """Observe that a checkpoint is complete on disk.

    Example::

        @ganx.hookimpl
        def ganx_checkpoint_saved(event):
            backup(event.path)
    """


@hookspec
def ganx_evaluated(event: "Evaluated") -> None:
    """Observe the scores of an evaluation while training.

    Example::

        @ganx.hookimpl
        def ganx_evaluated(event):
            print(event.images_seen, event.scores)
    """


@hookspec
def ganx_alarm_raised(event: "AlarmRaised") -> None:
    """Observe that training shows signs of failing, such as a collapsed generator.

    Example::

        @ganx.hookimpl
        def ganx_alarm_raised(event):
            notify(event.text)
    """


@hookspec
def ganx_run_ended(event: "RunEnded") -> None:
    """Observe that a run finished, was interrupted, or failed.

    Example::

        @ganx.hookimpl
        def ganx_run_ended(event):
            notify(event.outcome)
    """
