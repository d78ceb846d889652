"""Scores of the averaged generator while it trains, and which of its checkpoints is the best.

Nothing here changes the run: images are drawn from noise of their own, with networks in eval mode.
"""

import logging
import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganx.config import Config
from ganx.contracts.frozen import FrozenGenerator
from ganx.contracts.results import Figure, Result
from ganx.contracts.specs import DatasetSpec
from ganx.contracts.subject import Reference, Subject
from ganx.data.images import ImageStore
from ganx.errors import ConfigError, listed, unknown
from ganx.host.observers import untouched_randomness
from ganx.runs.directory import Best
from ganx.scoring.opening import judge_for
from ganx.scoring.prompts import VALIDATION, prompt_sets
from ganx.scoring.running import Evaluators, able, checked_settings, scored
from ganx.settings.tables import EvaluateConfig
from ganx.training.setup import Setup
from ganx.training.upkeep import Score

FIRST_SEED = 1000
"""Where the seeds begin whose noise selects a checkpoint. Those of ``ganx evaluate`` begin at 0: by
the same noise, the checkpoint that suits it would be chosen, and score too well."""

_log = logging.getLogger("ganx")

Figures = Mapping[str, Figure]
"""By ``scope.name``, such as ``validation.top-k``."""


@dataclass
class Scoring:
    """Asks evaluators about a generator, and remembers the best score."""

    settings: EvaluateConfig
    subject: Subject
    """All but the generator's module, which is put in at each evaluation."""

    evaluators: Evaluators
    """Those that can score this run."""

    left_out: Mapping[str, str]
    """The others, and why."""

    images: "TrainingImages"
    best: Best | None = None
    _configs: Mapping[str, Config] = field(init=False)
    _warned: bool = field(init=False, default=False)
    _cautions: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Check the evaluators' settings before anything is trained."""
        self._configs = checked_settings(self.evaluators, self.settings.settings)

    @property
    def is_idle(self) -> bool:
        """Whether there is nobody to score."""
        return not self.evaluators

    @property
    def collapse(self) -> list[Mapping[str, float]]:
        """What each evaluator calls a collapse: ``EvaluatorSpec.collapse``."""
        return [spec.collapse for spec in self.evaluators.values()]

    def score(self, generator: nn.Module, images_seen: int) -> Score:
        """Score a generator in eval mode, and tell whether it is the best so far."""
        figures = self.figures(generator)
        return Score(figures, self.improves(figures, images_seen))

    def keep(self, best: Best) -> None:
        """Hold later scores against this one."""
        self.best = best

    def figures(self, generator: nn.Module) -> Figures:
        """Ask every evaluator; one that fails is reported and left out."""
        frozen = replace(self.subject.generator, module=deepcopy(generator))
        subject = replace(self.subject, generator=frozen)
        found: dict[str, Figure] = {}
        for name, spec in list(self.evaluators.items()):
            try:
                for result in scored(spec, self._configs[name], subject):
                    self._caution(result)
                    # A stranger's number may be of a kind that JSON does not know.
                    for one in result.figures:
                        plain = replace(one, mean=float(one.mean), against=str(one.against))
                        found[f"{result.scope}.{one.name}"] = plain
            except Exception as error:  # noqa: BLE001 - isolation: scores must not end a training
                self._leave_out(name, error)
        return found

    def improves(self, figures: Figures, images_seen: int) -> Best | None:
        """Return what the best checkpoint would be now, if these figures are better than before.

        A score under another judge, or over other draws of noise, is not held against this one.
        """
        name = self._metric(figures)
        if name is None or not math.isfinite(figures[name].mean):
            return None
        now = self._best(images_seen, name, figures[name].mean)
        before = self.best
        if before is None or before.protocol != now.protocol:
            return now
        lower = figures[name].better == "lower"
        better = now.value < before.value if lower else now.value > before.value
        return now if better else None

    def _best(self, images_seen: int, name: str, value: float) -> Best:
        """Describe a checkpoint by its score."""
        selected = name.partition(".")[0]
        judge = self.subject.judge
        return Best(
            images_seen,
            name,
            value,
            select_on=selected if selected in self.subject.prompts else "",
            judge=judge.digest if judge else "",
            seeds=len(self.subject.seeds),
            first_seed=self.subject.seeds[0],
        )

    def _metric(self, figures: Figures) -> str | None:
        """Name the figure that decides; None where no figure can, which is told once."""
        wanted, select_on = self.settings.metric, self.settings.select_on
        if not wanted:
            return next((name for name in figures if name.startswith(f"{select_on}.")), None)
        name = wanted if "." in wanted else f"{select_on}.{wanted}"
        if name in figures:
            return name
        if not self._warned:
            _log.warning(
                "There is no figure %r, so that no best checkpoint is kept. Figures: %s. Name one "
                "in evaluate.metric, and resume.",
                name,
                listed(list(figures)),
            )
            self._warned = True
        return None

    def _caution(self, result: Result) -> None:
        """Tell each caution of a result once, as numbers in a log have no room for it."""
        for caution, titles in result.cautions.items():
            if caution not in self._cautions:
                self._cautions.add(caution)
                _log.warning("%s: %s", ", ".join(titles), caution)

    def _leave_out(self, name: str, error: Exception) -> None:
        """Go on without an evaluator."""
        self.evaluators = {key: spec for key, spec in self.evaluators.items() if key != name}
        _log.warning(
            "The evaluator %r failed with %s: %s Training goes on without its scores.",
            name,
            type(error).__name__,
            error,
        )


def scoring_of(
    setup: Setup, datasets: Mapping[str, DatasetSpec], evaluators: Evaluators, device: torch.device
) -> Scoring:
    """Prepare the scores of a run: its judge, its prompts, and who can score it.

    Raises ``DataError`` and ``RunError`` for a judge that cannot be used, ``PluginError`` for an
    unknown evaluator and ``ConfigError`` for wrong settings and unknown prompts.
    """
    settings, dataset = setup.config.evaluate, setup.dataset
    judge = None
    if settings.evaluators:
        file = Path(settings.judge) if settings.judge else None
        with untouched_randomness():  # a network is built before its weights are read
            judge = judge_for(datasets[setup.config.dataset.name], dataset, file, device)
        if judge and judge.caution:
            _log.warning("%s", judge.caution)
    condition = dataset.interface.condition
    prompts = prompt_sets(condition, setup.distribution, dataset.prompts, settings.prompts)
    _check_selection(settings, prompts)
    images = TrainingImages.of(setup)
    subject = Subject(
        generator=_described(setup),
        prompts=prompts,
        judge=judge,
        reference=Reference("training images", len(images.order), images.read),
        seeds=range(FIRST_SEED, FIRST_SEED + settings.seeds),
        factors=dataset.factors,
    )
    reasons = able(evaluators, settings.evaluators, subject)
    return Scoring(
        settings,
        subject,
        {name: evaluators[name] for name, reason in reasons.items() if not reason},
        {name: reason for name, reason in reasons.items() if reason},
        images,
    )


@dataclass
class TrainingImages:
    """The images that are trained on, for evaluators that compare with real ones."""

    order: NDArray[np.int64]
    store: ImageStore | None = None
    """Put in when the images are prepared, which comes after all else was checked."""

    @classmethod
    def of(cls, setup: Setup) -> Self:
        """Offer them in an order of chance that is always the same."""
        return cls(np.random.default_rng(0).permutation(np.asarray(setup.training_range)))

    def read(self, count: int) -> tuple[Tensor, NDArray[np.float32]]:
        """Return the first so many images and their conditions."""
        assert self.store is not None
        chosen = self.order[:count]
        images = self.store.batch(chosen, "cpu")
        return images, self.store.conditions[chosen].astype(np.float32)


def _described(setup: Setup) -> FrozenGenerator:
    """Describe the run's generator, whose module is replaced at each evaluation."""
    metadata: dict[str, Any] = {
        "distribution": setup.distribution.to_json(),
        "origin": {"model": setup.config.model.to_settings(), "weights": "ema"},
    }
    networks = setup.networks
    return FrozenGenerator(networks.generator, setup.dataset.interface, networks.latent, metadata)


def _check_selection(settings: EvaluateConfig, prompts: Mapping[str, Any]) -> None:
    """Refuse to select on prompts that are not asked for."""
    if prompts and settings.evaluators and settings.select_on not in {VALIDATION, *prompts}:
        raise ConfigError(
            f"evaluate.select_on: {unknown('set of prompts', settings.select_on, prompts)}"
        )
