import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganx.builtin.plugin import ganx_schedules
from ganx.builtin.schedules import ConstantConfig, DecayConfig, constant, cosine, linear
from ganx.config import validated
from ganx.contracts.specs import ScheduleSpec, UpdatePlanSpec
from ganx.errors import ConfigError

DECAYS = [linear, cosine]


def test_constant_is_one_from_the_first_image() -> None:
    schedule = constant(ConstantConfig())
    assert [schedule(images) for images in (0, 1, 10**9)] == [1.0, 1.0, 1.0]


def test_warmup_rises_in_a_straight_line() -> None:
    schedule = constant(ConstantConfig(warmup=200))
    assert [schedule(images) for images in (0, 50, 100, 200, 300)] == [0, 0.25, 0.5, 1, 1]


def test_linear_falls_from_the_warmups_end_to_the_horizon() -> None:
    schedule = linear(DecayConfig(warmup=100, horizon=300, final=0.2))
    points = [schedule(images) for images in (0, 50, 100, 200, 300, 400)]
    assert points == pytest.approx([0, 0.5, 1, 0.6, 0.2, 0.2])


def test_cosine_is_halfway_in_the_middle_and_slow_at_both_ends() -> None:
    schedule = cosine(DecayConfig(warmup=100, horizon=300, final=0.2))
    points = [schedule(images) for images in (100, 150, 200, 250, 300, 10**9)]
    half = 0.5**0.5
    expected = [1, 0.2 + 0.4 * (1 + half), 0.6, 0.2 + 0.4 * (1 - half), 0.2, 0.2]
    assert points == pytest.approx(expected)


@pytest.mark.parametrize("decay", DECAYS)
@given(
    warmup=st.integers(0, 1000),
    length=st.integers(1, 1000),
    final=st.floats(0, 1),
    images=st.integers(0, 3000),
)
def test_a_decay_never_leaves_its_bounds_and_ends_at_final(
    decay: type, warmup: int, length: int, final: float, images: int
) -> None:
    schedule = decay(DecayConfig(warmup=warmup, horizon=warmup + length, final=final))
    assert 0.0 <= schedule(images) <= 1.0
    assert schedule(warmup) == pytest.approx(1.0)
    assert schedule(warmup + length + images) == pytest.approx(final)
    if images >= warmup:
        assert schedule(images) >= schedule(images + 1) - 1e-12


@pytest.mark.parametrize("decay", DECAYS)
def test_a_start_puts_off_the_rise(decay: Any) -> None:
    late = {"start": 1000, "warmup": 200}
    for schedule in (
        constant(ConstantConfig(**late)),
        decay(DecayConfig(horizon=2000, hold=0.9, **late)),
    ):
        points = [schedule(images) for images in (0, 999, 1000, 1050, 1200, 1500)]
        assert points == [0, 0, 0, 0.25, 1, 1]
    assert constant(ConstantConfig(start=10))(9) == 0
    assert constant(ConstantConfig(start=10))(10) == 1


def test_a_hold_keeps_the_factor_to_a_share_of_the_horizon_and_then_it_falls() -> None:
    """A rise over 6,400 images, constant to 65 % of the run, then a line down to 0.05."""
    schedule = linear(DecayConfig(warmup=6_400, hold=0.65, horizon=40_000, final=0.05))
    moments = (0, 3_200, 6_400, 26_000, 33_000, 40_000, 50_000)
    points = [schedule(images) for images in moments]
    assert points == pytest.approx([0, 0.5, 1, 1, 0.525, 0.05, 0.05])


@pytest.mark.parametrize("decay", DECAYS)
def test_a_hold_of_the_whole_horizon_ends_in_a_step(decay: Any) -> None:
    schedule = decay(DecayConfig(hold=1.0, horizon=300, final=0.2))
    assert [schedule(images) for images in (0, 299)] == [1, 1]
    assert [schedule(images) for images in (300, 400)] == pytest.approx([0.2, 0.2])


def test_a_hold_that_ends_within_the_warmup_changes_nothing() -> None:
    settings = {"warmup": 100, "horizon": 300, "final": 0.2}
    plain, held = linear(DecayConfig(**settings)), linear(DecayConfig(hold=0.1, **settings))
    assert [plain(images) for images in range(400)] == [held(images) for images in range(400)]


@pytest.mark.parametrize("decay", DECAYS)
def test_a_decay_without_a_horizon_says_what_to_set(decay: type) -> None:
    with pytest.raises(ConfigError, match="'horizon'"):
        decay(DecayConfig())


def test_a_horizon_inside_the_warmup_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"100 images \(horizon\).*more than the 100 images"):
        validated(DecayConfig, {"warmup": 100, "horizon": 100}, "schedule")
    with pytest.raises(ConfigError, match=r"the 50 images of start and 60 images of warmup"):
        validated(DecayConfig, {"start": 50, "warmup": 60, "horizon": 100}, "schedule")


@pytest.mark.parametrize(
    "values", [{"warmup": -1}, {"final": 1.5}, {"final": -0.1}, {"hold": 1.5}, {"end": 3}]
)
def test_wrong_settings_are_named(values: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=rf"'schedule\.{next(iter(values))}'"):
        validated(DecayConfig, dict(values), "schedule")


def test_the_core_provides_its_schedules_and_plans_by_name() -> None:
    specs = list(ganx_schedules())
    schedules = [spec.name for spec in specs if isinstance(spec, ScheduleSpec)]
    plans = [spec.name for spec in specs if isinstance(spec, UpdatePlanSpec)]
    assert schedules == ["constant", "linear", "cosine"]
    assert plans == ["joint", "split", "separate-penalty"]


@pytest.mark.parametrize("module", ["ganx.builtin.plugin", "ganx.builtin.losses.settings"])
def test_declaring_what_exists_loads_neither_torch_nor_numpy(module: str) -> None:
    program = (
        f"import sys; sys.path[:0] = {sys.path!r}; import {module}; "
        "print(sorted({'torch', 'numpy'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
