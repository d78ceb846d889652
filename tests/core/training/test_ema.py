import pytest
import torch
from torch import Tensor, nn

from ganx.settings.tables import EmaConfig
from ganx.training.ema import Ema, ema_decay


def test_a_weights_part_halves_in_a_half_life() -> None:
    settings = EmaConfig(half_life=1000)

    assert ema_decay(settings, images_seen=10**9, advance=1000) == pytest.approx(0.5)
    assert ema_decay(settings, 10**9, 64) ** (1000 / 64) == pytest.approx(0.5)


def test_early_the_half_life_is_a_share_of_what_was_seen() -> None:
    settings = EmaConfig(half_life=10_000, warmup=0.05)

    assert ema_decay(settings, images_seen=2000, advance=100) == pytest.approx(0.5)
    assert ema_decay(settings, images_seen=0, advance=64) == 0


def test_the_average_follows_the_recursion() -> None:
    net = nn.Linear(1, 1, bias=False)
    ema = Ema(net, EmaConfig(half_life=100, warmup=1))
    expected = net.weight.item()
    for step in range(1, 6):
        nn.init.constant_(net.weight, step)
        ema.update(images_seen=1000 * step, advance=100)
        expected = 0.5 * expected + 0.5 * step

    assert ema.generator.weight.item() == pytest.approx(expected)


def test_a_short_run_is_not_dominated_by_its_first_weights() -> None:
    net = nn.Linear(1, 1, bias=False)
    nn.init.constant_(net.weight, -100)
    ema = Ema(net, EmaConfig())
    nn.init.constant_(net.weight, 1)
    for step in range(1, 157):
        ema.update(64 * step, 64)

    assert ema.generator.weight.item() == pytest.approx(1, abs=1e-3)


def test_the_statistics_belong_to_the_averaged_weights_after_a_refresh() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
    ema = Ema(net, EmaConfig(half_life=1, warmup=1))
    nn.init.constant_(net[0].weight, 2)
    net[1].running_mean.fill_(99)
    ema.update(10, 10)
    batches = [torch.randn(8, 3, 5, 5) for _ in range(4)]

    def forward_of(batch: Tensor):  # noqa: ANN202 - a closure for one test
        return lambda generator: generator(batch)

    ema.refresh([forward_of(batch) for batch in batches])

    hidden = ema.generator[0](torch.cat(batches))
    torch.testing.assert_close(ema.generator[1].running_mean, hidden.mean((0, 2, 3)))
    whitened = ema.generator(torch.cat(batches))
    assert whitened.mean().abs() < 1e-3
    assert not ema.generator[1].training
    assert ema.generator[1].momentum == 0.1


def test_refreshing_twice_changes_nothing() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
    ema = Ema(net, EmaConfig())
    batch = torch.randn(8, 3, 5, 5)
    ema.refresh([lambda generator: generator(batch)])
    first = {name: value.clone() for name, value in ema.generator.state_dict().items()}

    ema.refresh([lambda generator: generator(batch)])

    for name, value in ema.generator.state_dict().items():
        assert torch.equal(value, first[name]), name
