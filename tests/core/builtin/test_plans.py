from dataclasses import replace
from typing import Any

import pytest

from ganx.builtin.plugin import ganx_schedules
from ganx.config import validated
from ganx.contracts.plan import PARTS, Phase, UpdatePlan
from ganx.contracts.specs import UpdatePlanSpec
from ganx.errors import ConfigError

SPECS = {spec.name: spec for spec in ganx_schedules() if isinstance(spec, UpdatePlanSpec)}


def plan(name: str, **settings: Any) -> UpdatePlan:
    spec = SPECS[name]
    return spec.build(validated(spec.config, settings, "plan"))


def outline(name: str, **settings: Any) -> list[tuple[str, tuple[str, ...], bool, bool]]:
    """List owner, parts, fresh real, fresh latent of each phase."""
    phases = plan(name, **settings).phases
    return [(phase.owner, phase.parts, phase.fresh_real, phase.fresh_latent) for phase in phases]


GENERATOR = ("generator", ("generator",), False, True)


def test_split_steps_d_on_real_then_on_fake_then_g_twice() -> None:
    assert outline("split", generator_steps=2) == [
        ("discriminator", ("real",), True, True),
        ("discriminator", ("fake", "pair", "penalty"), False, True),
        GENERATOR,
        GENERATOR,
    ]


def test_joint_steps_d_on_everything_at_once() -> None:
    critic = ("discriminator", ("real", "fake", "pair", "penalty"), True, True)
    assert outline("joint") == [critic, GENERATOR]
    assert outline("joint", discriminator_steps=5) == [critic] * 5 + [GENERATOR]
    assert outline("joint", generator_steps=4) == [critic] + [GENERATOR] * 4


def test_separate_penalty_repeats_the_images_of_the_step_before() -> None:
    assert outline("separate-penalty") == [
        ("discriminator", ("real", "fake", "pair"), True, True),
        ("discriminator", ("penalty",), False, False),
        GENERATOR,
    ]


def test_images_seen_advance_by_the_real_batches_of_the_discriminator() -> None:
    assert plan("split", generator_steps=3).real_batches == 1
    assert plan("separate-penalty").real_batches == 1
    assert plan("joint", discriminator_steps=5).real_batches == 5


@pytest.mark.parametrize("name", SPECS)
def test_every_part_of_a_loss_has_its_place_exactly_once(name: str) -> None:
    parts = [part for phase in plan(name).phases for part in phase.parts]
    assert sorted(parts) == sorted(PARTS)


@pytest.mark.parametrize("name", SPECS)
def test_the_first_phase_takes_a_real_batch_and_a_latent(name: str) -> None:
    first = plan(name).phases[0]
    assert first.fresh_real
    assert first.fresh_latent


@pytest.mark.parametrize("name", SPECS)
def test_an_iteration_has_at_least_one_generator_step(name: str) -> None:
    with pytest.raises(ConfigError, match=r"'plan\.generator_steps'"):
        plan(name, generator_steps=0)


def test_joint_has_at_least_one_discriminator_step() -> None:
    with pytest.raises(ConfigError, match=r"'plan\.discriminator_steps'"):
        plan("joint", discriminator_steps=0)


def test_a_phase_without_work_is_left_out_and_its_real_batch_goes_to_the_next() -> None:
    real, fake = Phase("d", ("real",), fresh_real=True), Phase("d", ("fake", "pair"))
    learn = Phase("g", ("generator",))
    plan = UpdatePlan((real, fake, learn))

    kept = plan.keeping(lambda phase: phase is not real)

    assert kept.phases == (replace(fake, fresh_real=True), learn)
    assert plan.keeping(lambda _: True) == plan


def test_what_joint_spares_is_data_of_its_phases_and_off_unless_it_is_asked_for() -> None:
    plain = plan("joint", discriminator_steps=2, generator_steps=2).phases
    assert not any(one.judge_together or one.keep_fake or one.reuse_fake for one in plain)
    reusing = plan("joint", discriminator_steps=2, generator_steps=2, reuse_fakes=True).phases
    assert [one.keep_fake for one in reusing] == [False, True, False, False]
    assert [one.reuse_fake for one in reusing] == [False, False, True, False]
    together = plan("joint", judge_together=True).phases
    assert [one.judge_together for one in together] == [True, False]


def test_a_phase_that_keeps_the_latent_of_one_left_out_draws_its_own() -> None:
    first = Phase("d", ("real",), fresh_real=True)
    again, learn = Phase("d", ("penalty",), fresh_latent=False), Phase("g", ("generator",))
    plan = UpdatePlan((first, again, learn))

    found = list(plan.needed(lambda phase: phase is not first))

    assert found == [(1, replace(again, fresh_real=True, fresh_latent=True)), (2, learn)]
