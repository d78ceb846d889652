"""The contracts of schedules and update plans.

A plugin's author writes::

    class TestStep(ScheduleContract):
        spec = STEP
        config = {"drop_at": 500}


    class TestTwoCritics(PlanContract):
        spec = TWO_CRITICS
"""

import math
from collections.abc import Callable, Sequence

from ganx.config import Config, validated
from ganx.contracts.plan import PARTS, Phase, UpdatePlan
from ganx.contracts.specs import ScheduleSpec, UpdatePlanSpec
from ganx.errors import ConfigError
from ganx.testing.settings_contract import SettingsContract
from ganx.training.passes import check_reuse

HORIZON = 1_000


class ScheduleContract(SettingsContract):
    """All that ganx asks of a schedule; inherit it and set ``spec``."""

    spec: ScheduleSpec
    """The schedule under test."""

    moments: Sequence[int] = (0, 1, 499, 500, 999, 1_000, 1_001, 10_000_000)
    """Images seen at which the factor is asked for; a ``horizon`` left open is 1,000."""

    def settings(self) -> Config:
        """Validate the settings; the engine, too, gives a horizon to those that have one."""
        horizon = {"horizon": HORIZON} if "horizon" in self.spec.config.model_fields else {}
        return validated(self.spec.config, {**horizon, **self.config}, self.spec.name)

    def build(self) -> Callable[[int], float]:
        """Build the schedule."""
        return self.spec.build(self.settings())

    def test_the_factor_is_finite_and_not_negative(self) -> None:
        """A learning rate times the factor is one that an optimizer takes."""
        schedule = self.build()
        for moment in self.moments:
            factor = schedule(moment)
            usable = math.isfinite(factor) and factor >= 0
            assert usable, f"The factor after {moment} images is {factor}."

    def test_the_factor_depends_on_images_seen_alone(self) -> None:
        """A resumed run asks a new schedule, from the middle on, and gets the same answers."""
        forward = [self.build()(moment) for moment in self.moments]
        schedule = self.build()
        backward = [schedule(moment) for moment in reversed(self.moments)][::-1]
        again = [schedule(moment) for moment in self.moments]
        assert forward == backward == again, "The factor depends on what was asked before."


class PlanContract(SettingsContract):
    """All that ganx asks of an update plan; inherit it and set ``spec``."""

    spec: UpdatePlanSpec
    """The plan under test."""

    owners: Sequence[str] = ("generator", "discriminator")
    """Owners that the plan may step, for plans made for models with more than these two."""

    def build(self) -> UpdatePlan:
        """Build the plan."""
        return self.spec.build(self.settings())

    def test_the_first_phase_takes_real_images(self) -> None:
        """Time is real images seen; an iteration without any would never end a run."""
        plan = self.build()
        assert plan.phases, "The plan has no phases."
        assert plan.phases[0].fresh_real, "The first phase does not take a fresh real batch."

    def test_phases_belong_to_known_owners(self) -> None:
        """Every phase steps an optimizer that exists."""
        for phase in self.build().phases:
            assert phase.owner in self.owners, f"{phase.owner!r} is none of {self.owners}."

    def test_phases_sum_parts_that_their_owner_minimises(self) -> None:
        """Parts are known and named once; the generator's is never summed with D's."""
        for phase in self.build().phases:
            check_parts(phase)

    def test_a_phase_reuses_only_what_the_one_before_keeps(self) -> None:
        """Else G would have no images to learn from."""
        try:
            check_reuse(self.build(), self.spec.name)
        except ConfigError as error:
            raise AssertionError(str(error)) from None

    def test_no_part_of_a_loss_is_forgotten(self) -> None:
        """A part that no phase sums would silently be left out of every loss."""
        summed = {part for phase in self.build().phases for part in phase.parts}
        missing = sorted(set(PARTS) - summed)
        assert not missing, f"No phase sums the parts {missing}."


def check_parts(phase: Phase) -> None:
    """Refuse a phase whose parts do not go together."""
    assert phase.parts, f"A phase of {phase.owner!r} sums nothing."
    unknown = sorted(set(phase.parts) - set(PARTS))
    assert not unknown, f"There are no parts {unknown}; a loss has {', '.join(PARTS)}."
    assert len(set(phase.parts)) == len(phase.parts), f"A part is named twice: {phase.parts}."
    if phase.owner in {"generator", "discriminator"}:
        wanted = phase.owner == "generator"
        mixed = any((part == "generator") != wanted for part in phase.parts)
        assert not mixed, f"{phase.owner!r} does not minimise all of {phase.parts}."
