"""The configuration of a run, apart from what plugins declare themselves."""

import re
from typing import Any, Literal

from pydantic import Field, field_validator

from ganx.config import Config

Precision = Literal["auto", "float32", "bfloat16", "float16"]
Compile = Literal["auto", "on", "off"]
ChannelsLast = bool | Literal["auto"]


class EmaConfig(Config):
    """The exponential moving average of the generator's weights."""

    half_life: int = Field(default=10_000, gt=0)
    """Images seen after which a weight's part in the average has halved."""

    warmup: float = Field(default=0.05, gt=0, le=1)
    """The half-life is at most this share of the images seen so far, so short runs are not grey."""


class TrainConfig(Config):
    """How long, how fast and where a run trains, and what it keeps."""

    images: int = Field(default=1_000_000, gt=0)
    """Real images that the discriminator sees in all; the iteration that gets there is the last."""

    batch_size: int = Field(default=64, gt=0)
    """Images in one optimizer step."""

    accumulate: int = Field(default=1, gt=0)
    """Split each batch into this many parts whose gradients are summed; saves memory."""

    seed: int = Field(default=0, ge=0, lt=2**63)
    """Decides weights, data order and noise: same seed, settings and machine, same weights."""

    diff_augment: tuple[str, ...] = ()
    """Augmentations: how real and generated images are changed before D sees them, such as
    ``["translation", "cutout"]``, DiffAugment's; it helps where images are few. Leave out ``color``
    where labels are colours, which it would change."""

    augmentations: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Settings by augmentation, such as ``augmentations.cutout.hole = 0.25``."""

    init_from: str = ""
    """The checkpoint whose weights training starts from (``--init-from``); empty: fresh ones. Its
    labels may be others: those of the same name are known, new ones start afresh."""

    freeze: int = Field(default=0, ge=0)
    """How many of D's first layers are held at the weights of ``init_from`` (FreezeD, Mo et al.
    2020, arXiv:2002.10964); 0: none. Layers are counted from the image on: convolutions, linear
    layers, whole blocks or attentions, each with its norm, without those that depend on labels.
    Their parameters stay; batch statistics and power iterations go on."""

    device: str = "auto"
    """Where to train: auto, cpu, cuda or cuda:N. Auto takes CUDA when there is one."""

    precision: Precision = "auto"
    """Autocast type. Auto measures: another than float32 where it is clearly faster here."""

    compile: Compile = "auto"
    """torch.compile of both networks. Auto: on for CUDA."""

    channels_last: ChannelsLast = "auto"
    """Keep convolution weights in channels-last memory order: auto, true or false. Auto: true,
    unless an automatic precision was measured to be clearly faster without."""

    log_every: int = Field(default=10, gt=0)
    """Iterations between two readings of the losses."""

    grid_every: int = Field(default=0, ge=0)
    """Images seen between two sample grids; 0 means one pass over the training set."""

    checkpoint_minutes: float = Field(default=5.0, gt=0)
    """Minutes between two checkpoints; one is always saved at the end or when interrupted."""

    keep_checkpoints: int = Field(default=2, gt=0)
    """How many of the newest checkpoints are kept."""

    @field_validator("diff_augment")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) != len(names):
            raise ValueError("name each augmentation once")
        return names

    @field_validator("channels_last", mode="before")
    @classmethod
    def _auto_or_a_choice(cls, channels_last: Any) -> Any:
        if channels_last != "auto" and not isinstance(channels_last, bool):
            raise ValueError("give auto, true or false")
        return channels_last

    @field_validator("device")
    @classmethod
    def _known_device(cls, device: str) -> str:
        if not re.fullmatch(r"auto|cpu|cuda(:[0-9]+)?", device):
            raise ValueError("give auto, cpu, cuda or cuda:N")
        return device


class DrawingConfig(Config):
    """How training images are drawn: in the table ``dataset``, whatever the data set."""

    balance: float = Field(default=0.0, ge=0, le=1)
    """For data in which labels are rare: 0 draws the images as they come, 1 every label equally
    often as far as possible, 0.5 is square-root sampling. Images of rare labels are repeated."""


class EvaluateConfig(Config):
    """When and how a run is scored while it trains. None of it changes the weights."""

    every: int = Field(default=0, ge=0)
    """Images seen between two evaluations; 0 means one pass over the training set."""

    evaluators: tuple[str, ...] = ("prompt-accuracy", "codes", "diversity")
    """Who scores; one that cannot, such as for want of a judge, is left out. Empty: nobody."""

    prompts: tuple[str, ...] = ()
    """Which sets of prompts are asked for, such as ``["validation"]``; empty: all of them."""

    seeds: int = Field(default=2, gt=0)
    """How many draws of noise each score is the mean of."""

    judge: str = ""
    """The file of a judge; empty: the one that comes with the data set, if there is one."""

    metric: str = ""
    """What the best checkpoint is kept by, such as ``top-k``; empty: the first figure of the
    first evaluator that asks the judge."""

    select_on: str = "validation"
    """The prompts whose score selects the best checkpoint. Selecting on ``test`` reproduces the
    reports, and is stamped on every score of that checkpoint."""

    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Settings of evaluators, by their names."""

    label_learning: bool = True
    """Measure whether labels are being learned, where there are any; it needs no judge."""

    alarms: bool = True
    """Say so in the log when G collapses, D saturates, or labels are not learned."""
