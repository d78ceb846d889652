"""All that a plugin's author imports, and where it lies; loaded when it is first asked for."""

import pluggy

from .config import Config as Config
from .contracts.augmentation import Augmentation as Augmentation
from .contracts.condition import (
    UNCONDITIONAL as UNCONDITIONAL,
    Condition as Condition,
    Group as Group,
    Kind as Kind,
)
from .contracts.dataset import (
    RENDERED as RENDERED,
    Dataset as Dataset,
    ImageSource as ImageSource,
    PassedOver as PassedOver,
    without_labels as without_labels,
)
from .contracts.distribution import ConditionDistribution as ConditionDistribution
from .contracts.events import (
    AlarmRaised as AlarmRaised,
    CheckpointSaved as CheckpointSaved,
    Evaluated as Evaluated,
    GridDrawn as GridDrawn,
    RunEnded as RunEnded,
    RunStarted as RunStarted,
    StepEnded as StepEnded,
)
from .contracts.export_config import ExportConfig as ExportConfig
from .contracts.frozen import FrozenGenerator as FrozenGenerator
from .contracts.heads import code_heads as code_heads, condition_error as condition_error
from .contracts.interface import Interface as Interface
from .contracts.judge import Judge as Judge
from .contracts.latent import Latent as Latent, LatentPart as LatentPart
from .contracts.networks import (
    Critique as Critique,
    Networks as Networks,
    critique_of as critique_of,
    generate as generate,
)
from .contracts.plan import PARTS as PARTS, Phase as Phase, UpdatePlan as UpdatePlan
from .contracts.results import Figure as Figure, Result as Result, Table as Table
from .contracts.specs import (
    AugmentationSpec as AugmentationSpec,
    DatasetSpec as DatasetSpec,
    EvaluatorSpec as EvaluatorSpec,
    ExporterSpec as ExporterSpec,
    LossSpec as LossSpec,
    ModelSpec as ModelSpec,
    NoConfig as NoConfig,
    OptimizerSpec as OptimizerSpec,
    RecipeSpec as RecipeSpec,
    ScheduleSpec as ScheduleSpec,
    UpdatePlanSpec as UpdatePlanSpec,
    Wish as Wish,
)
from .contracts.subject import Reference as Reference, Subject as Subject
from .contracts.term import (
    Drawing as Drawing,
    LossContext as LossContext,
    LossTerm as LossTerm,
    Moment as Moment,
    StepBatch as StepBatch,
)
from .data.cache import (
    cache_root as cache_root,
    check_space as check_space,
    writing_cache as writing_cache,
)
from .data.container import (
    Files as Files,
    FolderFiles as FolderFiles,
    Stamp as Stamp,
    readable as readable,
)
from .data.contents import Contents as Contents
from .data.image_files import ImageFiles as ImageFiles
from .data.rendered import RenderedSource as RenderedSource
from .data.rendered_or_folder import RenderedOrFolder as RenderedOrFolder
from .data.zip_files import ZipFiles as ZipFiles, files_of as files_of, is_zip as is_zip
from .errors import (
    ConfigError as ConfigError,
    DataError as DataError,
    GanxError as GanxError,
    RunError as RunError,
    nearest as nearest,
)
from .files import put_in_place as put_in_place
from .layers.attention import SelfAttention as SelfAttention
from .layers.cells import (
    GRID as GRID,
    PlacedCells as PlacedCells,
    blurred as blurred,
    patch_of as patch_of,
    pixels_of as pixels_of,
)
from .layers.checks import (
    check_conditional as check_conditional,
    check_images as check_images,
    refuse_unused as refuse_unused,
)
from .layers.conditioning import (
    ConditionalBatchNorm2d as ConditionalBatchNorm2d,
    ConditionEmbedding as ConditionEmbedding,
    ConditionPlane as ConditionPlane,
    ConditionProjection as ConditionProjection,
    ConditionVector as ConditionVector,
)
from .layers.convolutional import (
    ConvolutionalDiscriminator as ConvolutionalDiscriminator,
    ConvolutionalGenerator as ConvolutionalGenerator,
    LabelHeads as LabelHeads,
)
from .layers.evidence import EvidenceMap as EvidenceMap
from .layers.evidential import (
    EVIDENTIAL_SIDES as EVIDENTIAL_SIDES,
    EvidentialDiscriminator as EvidentialDiscriminator,
)
from .layers.heads import label_heads as label_heads
from .layers.init import (
    he_normal as he_normal,
    initialise_glorot as initialise_glorot,
    initialise_normal as initialise_normal,
)
from .layers.pyramid import channels_at as channels_at, hidden_sides as hidden_sides
from .layers.second_derivative import (
    second_derivative as second_derivative,
    second_derivative_wanted as second_derivative_wanted,
)
from .layers.spectral_norm import spectral_normalise as spectral_normalise
from .layers.styled import (
    STYLED_SIDES as STYLED_SIDES,
    StyledGenerator as StyledGenerator,
    StyledNorm as StyledNorm,
)
from .remedies import Remedy as Remedy
from .sampling.samples import sample_images as sample_images
from .settings.labelled import LABELLED_TRAINING as LABELLED_TRAINING
from .version import __version__ as __version__

hookimpl: pluggy.HookimplMarker
