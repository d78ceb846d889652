"""The training that the recipes ``sagan`` and ``dcgan-labels`` share, number by number."""

import pytest

from ganx.host import load_plugins
from ganx.settings.run import RunConfig

LAZY = {"every": 16, "share": 0.5}


def learns_labels(run: RunConfig) -> bool:
    """Assert that a run has the loss, the steps, the rates and the length of these recipes."""
    assert run.loss.sum == "relativistic + auxiliary + 0.25*r1 + 0.25*r2"
    assert run.loss.terms["auxiliary"] == {
        "reduce": "sum",
        "generator_weight": 0.5,
        "on_fake": "absent",
        "fake_weight": 0.1,
        "fake_start": 5_000,
        "fake_rise": 8_000,
    }
    assert run.loss.terms["r1"] == run.loss.terms["r2"] == LAZY
    assert (run.train.images, run.train.batch_size) == (54_000, 16)
    assert (run.ema.half_life, run.ema.warmup, run.evaluate.every) == (2_000, 0.05, 6_000)
    host = load_plugins()
    critic, generator = host.plans[run.plan.name].build(run.plan.config).phases
    assert critic.judge_together
    assert critic.keep_fake
    assert generator.reuse_fake
    for owner in ("generator", "discriminator"):
        one = run.optimizer[owner]
        assert (one.name, one.settings.learning_rate) == ("adam", 7e-4)
        assert one.settings.betas == (0.0, 0.99)
        rate = host.schedules[one.schedule.name].build(one.schedule.config)
        assert [rate(at) for at in (0, 800, 1_600, 35_100)] == [0.0, 0.5, 1.0, 1.0]
        assert rate(44_550) == pytest.approx(0.525, abs=0.01)
        assert rate(54_000) == pytest.approx(0.05)
    return True
