"""Plans that spare passes through the networks, and what they ask of these."""

from itertools import pairwise

from torch import nn

from ganx.contracts.plan import Part, UpdatePlan
from ganx.errors import ConfigError

_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)

_ON_FAKE: frozenset[Part] = frozenset({"fake", "pair", "penalty"})


def check_passes(plan: UpdatePlan, discriminator: nn.Module, name: str) -> None:
    """Refuse a plan that would let D see together what D normalises together, or reuse nothing.

    Raises ``ConfigError`` with the name of the plan.
    """
    together = any(phase.judge_together for phase in plan.phases)
    if together and any(isinstance(module, _BATCH_NORMS) for module in discriminator.modules()):
        raise ConfigError(
            f"The plan {name!r} lets D see real and generated images in one batch, but this D "
            "has BatchNorm, whose statistics would mix the two. Set plan.judge_together=false, or "
            "choose a model without BatchNorm in D."
        )
    check_reuse(plan, name)


def check_reuse(plan: UpdatePlan, name: str) -> None:
    """Refuse a phase that is to take over what the one before does not keep.

    Raises ``ConfigError`` with the name of the plan.
    """
    if plan.phases and plan.phases[0].reuse_fake:
        raise _nothing_kept(plan.phases[0].owner, name)
    for before, phase in pairwise(plan.phases):
        keeps = before.keep_fake and _ON_FAKE & set(before.parts)
        if phase.reuse_fake and not keeps:
            raise _nothing_kept(phase.owner, name)
        if phase.reuse_fake and phase.parts != ("generator",):
            raise ConfigError(
                f"A phase of {phase.owner!r} in the plan {name!r} reuses generated images, and "
                "what D said of the real ones, which carries no gradients: only a phase with "
                "nothing but the part 'generator' can learn from that. Drop reuse_fake there."
            )


def _nothing_kept(owner: str, name: str) -> ConfigError:
    """Explain what a phase with ``reuse_fake`` comes after."""
    return ConfigError(
        f"A phase of {owner!r} in the plan {name!r} reuses generated images, but no phase of D "
        "right before it makes and keeps any: give that one keep_fake=True, or drop reuse_fake."
    )
