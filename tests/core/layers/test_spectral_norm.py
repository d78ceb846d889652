import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ganx.layers.spectral_norm import SpectralNorm, bake, spectral_normalise

LAYERS: list[tuple[Callable[[], nn.Module], int, tuple[int, ...]]] = [
    (lambda: nn.Conv2d(6, 10, 3), 0, (2, 6, 5, 5)),
    (lambda: nn.ConvTranspose2d(6, 10, 4, 2, 1), 1, (2, 6, 5, 5)),
    (lambda: nn.Linear(6, 10), 0, (2, 6)),
]
each_layer = pytest.mark.parametrize(("make", "dim", "shape"), LAYERS)


def largest_singular_value(weight: Tensor, dim: int) -> float:
    matrix = weight.movedim(dim, 0).flatten(1)
    return float(torch.linalg.svdvals(matrix.detach())[0])


def normalised(make: Callable[[], nn.Module]) -> nn.Module:
    torch.manual_seed(0)
    return spectral_normalise(make())


def vectors(layer: nn.Module) -> list[Tensor]:
    return [buffer.clone() for buffer in layer.buffers()]


@each_layer
def test_training_brings_the_largest_singular_value_to_one(
    make: Callable[[], nn.Module], dim: int, shape: tuple[int, ...]
) -> None:
    layer = normalised(make)
    for _ in range(200):
        layer(torch.zeros(shape))
    assert largest_singular_value(layer.weight, dim) == pytest.approx(1.0, abs=1e-4)


@each_layer
def test_weights_are_normalised_from_the_first_forward(
    make: Callable[[], nn.Module], dim: int, shape: tuple[int, ...]
) -> None:
    del shape
    assert largest_singular_value(normalised(make).weight, dim) == pytest.approx(1.0, abs=0.1)


@each_layer
def test_one_iteration_a_forward_in_training_and_none_in_evaluation(
    make: Callable[[], nn.Module], dim: int, shape: tuple[int, ...]
) -> None:
    layer = normalised(make)
    parametrization = layer.parametrizations["weight"]
    weight = parametrization.original.detach().movedim(dim, 0)
    inputs_last = weight.dim() == 4 and dim == 0
    matrix = (weight.movedim(1, -1) if inputs_last else weight).flatten(1)
    u, v = vectors(layer)
    layer.eval()(torch.zeros(shape))
    assert all(map(torch.equal, vectors(layer), (u, v)))
    layer.train()(torch.zeros(shape))
    u = nn.functional.normalize(matrix @ v, dim=0)
    v = nn.functional.normalize(matrix.T @ u, dim=0)
    torch.testing.assert_close(vectors(layer), [u, v])


def test_the_gradient_is_that_of_a_weight_divided_by_its_singular_value() -> None:
    layer = normalised(lambda: nn.Linear(4, 3, bias=False))
    for _ in range(300):
        layer(torch.zeros(1, 4))
    layer.eval()
    weight = layer.parametrizations["weight"].original
    target = torch.randn(3, 4)
    (found,) = torch.autograd.grad((layer.weight * target).sum(), weight)
    exact = weight.detach().clone().requires_grad_()
    normal = exact / torch.linalg.svdvals(exact)[0]
    (expected,) = torch.autograd.grad((normal * target).sum(), exact)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("low", [torch.bfloat16, torch.float16])
def test_autocast_does_not_touch_the_singular_value(low: torch.dtype) -> None:
    plain = normalised(lambda: nn.Conv2d(16, 32, 4))
    cast = copy.deepcopy(plain)
    for _ in range(3):
        plain(torch.zeros(1, 16, 4, 4))
        with torch.autocast("cpu", low):
            cast(torch.zeros(1, 16, 4, 4))
            weight = cast.eval().weight
        cast.train()
        assert weight.dtype == torch.float32
    assert all(map(torch.equal, vectors(plain), vectors(cast)))
    assert torch.equal(plain.eval().weight, cast.eval().weight)


def test_two_forwards_before_one_backward_are_allowed() -> None:
    layer = normalised(lambda: nn.Conv2d(3, 4, 3))
    (layer(torch.ones(1, 3, 4, 4)) - layer(torch.randn(1, 3, 4, 4))).sum().backward()
    assert layer.parametrizations["weight"].original.grad is not None


def test_the_singular_vectors_are_in_the_state() -> None:
    layer = normalised(lambda: nn.Linear(4, 3))
    names = {name.rpartition(".")[2] for name in layer.state_dict()}
    assert names == {"bias", "original", "u", "v"}
    other = spectral_normalise(nn.Linear(4, 3))
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other.eval().weight, layer.eval().weight)


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        spectral_normalise(nn.Conv2d(3, 8, 3)),
        nn.BatchNorm2d(8),
        nn.Sequential(spectral_normalise(nn.ConvTranspose2d(8, 3, 3))),
    )


def test_a_baked_network_gives_the_same_output_without_parametrizations() -> None:
    model, images = network(), torch.randn(2, 3, 6, 6)
    model(images)
    expected = model.eval()(images)
    baked = bake(copy.deepcopy(model).train())
    assert torch.equal(baked(images), expected)
    assert not baked.training
    assert not any(parametrize.is_parametrized(module) for module in baked.modules())
    assert not any(isinstance(module, SpectralNorm) for module in baked.modules())
    assert set(baked.state_dict()) >= {"0.weight", "0.bias", "2.0.weight", "2.0.bias"}
    assert type(baked[0]) is nn.Conv2d


def test_baking_a_copy_leaves_the_original_to_train_on() -> None:
    model, images = network(), torch.randn(2, 3, 6, 6)
    bake(copy.deepcopy(model))
    before = vectors(model)
    model.train()(images).sum().backward()
    assert parametrize.is_parametrized(model[0])
    assert not all(map(torch.equal, vectors(model), before))


def test_the_weight_keeps_its_memory_format() -> None:
    layer = normalised(lambda: nn.Conv2d(8, 8, 3)).to(memory_format=torch.channels_last)
    assert layer.weight.is_contiguous(memory_format=torch.channels_last)
