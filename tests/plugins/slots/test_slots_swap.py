"""The measurement of what a swapped label changes, on weights that were never trained."""

from pathlib import Path

import numpy as np
import pytest
import slot_swap
import torch
from PIL import Image

from ganx.contracts.frozen import FrozenGenerator
from ganx.errors import ConfigError
from ganx.host import default_host
from ganx.settings.run import resolve
from ganx_slots.config import SlotsConfig
from ganx_slots.networks import build


def frozen(kind: str) -> FrozenGenerator:
    torch.manual_seed(0)
    host = default_host()
    data = {"name": "iclevr", "size": 3}
    config = resolve(host, {"recipe": "slots", "dataset": data})
    interface = host.datasets["iclevr"].open(config.dataset.config).interface
    networks = build(interface, SlotsConfig.model_validate({"width": 8, "generator": kind}))
    return FrozenGenerator(networks.generator.eval(), interface, networks.latent, {})


@torch.inference_mode()
def test_a_swapped_label_changes_its_object_and_nothing_else() -> None:
    found = slot_swap.measured(frozen("slots"), count=16, seed=0)
    assert found["inside, levels"] > 0.01
    assert found["outside, levels"] < 1e-3
    assert found["outside, largest"] < 0.1  # what alphas below the bound still paint
    assert 0.2 < found["area outside"] < 0.95


@torch.inference_mode()
def test_the_new_label_takes_the_noise_of_the_old() -> None:
    one = frozen("slots")
    c = torch.zeros(1, 24)
    c[0, [3, 5]] = 1
    z = torch.from_numpy(one.latent.draw(1, np.random.default_rng(0)))
    swap = slot_swap.swapped(one, c, torch.tensor([3]), torch.tensor([7]), z)
    other_c, other_z = torch.zeros(1, 24), z.clone()
    other_c[0, [5, 7]] = 1
    other_z[:, 56:64] = z[:, 24:32]
    assert torch.equal(swap.after, one.module(other_z, other_c))
    assert torch.equal(swap.before, one.module(z, c))


@torch.inference_mode()
def test_the_picture_has_a_row_before_and_after_each_swap(tmp_path: Path) -> None:
    slot_swap.picture(frozen("slots"), columns=2, seed=0, path=tmp_path / "swap.png")
    with Image.open(tmp_path / "swap.png") as picture:
        assert picture.height > 2 * len(slot_swap.SHOWN) * 64


def test_a_generator_without_slots_is_refused() -> None:
    plain, none = frozen("plain"), torch.zeros(1, dtype=torch.long)
    with pytest.raises(ConfigError, match="Only a generator with slots"):
        slot_swap.swapped(plain, torch.zeros(1, 24), none, none, torch.zeros(1, 64))
