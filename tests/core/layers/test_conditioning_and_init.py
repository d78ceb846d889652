import pytest
import torch
from torch import nn

from ganx.layers.conditioning import ConditionPlane, ConditionVector
from ganx.layers.init import he_normal, initialise_normal
from ganx.layers.spectral_norm import spectral_normalise


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.2])
def test_a_condition_vector_is_a_linear_map_through_a_leaky_relu(slope: float) -> None:
    layer, condition = ConditionVector(3, 5, slope), torch.randn(4, 3)
    linear = condition @ layer.linear.weight.T + layer.linear.bias
    torch.testing.assert_close(layer(condition), torch.where(linear > 0, linear, slope * linear))


def test_a_condition_plane_fills_the_image_row_by_row() -> None:
    layer, condition = ConditionPlane(3, 4, 0.2), torch.randn(2, 3)
    plane = layer(condition)
    assert plane.shape == (2, 1, 4, 4)
    linear = condition @ layer.linear.weight[6] + layer.linear.bias[6]
    torch.testing.assert_close(plane[:, 0, 1, 2], torch.where(linear > 0, linear, 0.2 * linear))


def test_weights_start_as_in_dcgan() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(32, 64, 4), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 32, 4))
    bias = network[0].bias.clone()
    initialise_normal(network, 0.02)
    for layer in (network[0], network[2]):
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.05)
        assert layer.weight.mean().item() == pytest.approx(0.0, abs=1e-3)
    assert network[1].weight.mean().item() == pytest.approx(1.0, abs=0.01)
    assert network[1].weight.std().item() == pytest.approx(0.02, rel=0.3)
    assert torch.equal(network[1].bias, torch.zeros(64))
    assert torch.equal(network[0].bias, bias)


def test_a_normalised_network_is_refused_because_it_would_not_change() -> None:
    with pytest.raises(ValueError, match="before spectral_normalise"):
        initialise_normal(nn.Sequential(spectral_normalise(nn.Conv2d(2, 2, 3))))


@pytest.mark.parametrize(
    ("layer", "fan_in"),
    [
        (nn.Linear(50, 400), 50),
        (nn.Conv2d(20, 60, 3), 20 * 9),
        (nn.Conv2d(20, 60, 4, 2, groups=2), 10 * 16),
        (nn.ConvTranspose2d(40, 20, 4, 2, 1), 40 * 4),
        (nn.ConvTranspose2d(40, 20, 3, 1, 1), 40 * 9),
        (nn.ConvTranspose2d(40, 20, 4, (2, 1), 1), 40 * 8),
    ],
    ids=repr,
)
@pytest.mark.parametrize("gain", [1.0, 0.3])
def test_hes_weights_have_a_variance_of_two_over_the_inputs_of_an_output(
    layer: nn.Linear | nn.Conv2d | nn.ConvTranspose2d, fan_in: int, gain: float
) -> None:
    torch.manual_seed(0)
    assert he_normal(layer, gain) is layer
    weights = layer.weight.detach()
    assert float(weights.std()) == pytest.approx(gain * (2 / fan_in) ** 0.5, rel=0.03)
    assert float(weights.mean()) == pytest.approx(0, abs=float(weights.std()) / 20)
    assert layer.bias is not None
    assert not layer.bias.detach().any()


def test_features_keep_their_size_through_a_transposed_convolution_by_he() -> None:
    torch.manual_seed(0)
    layer = he_normal(nn.ConvTranspose2d(64, 64, 4, 2, 1, bias=False))
    given = torch.randn(8, 64, 16, 16)
    made = layer(torch.relu(given)).detach()[:, :, 2:-2, 2:-2]
    assert float(made.square().mean()) == pytest.approx(1, rel=0.1)


def test_he_refuses_a_normalised_layer_because_it_would_not_change() -> None:
    with pytest.raises(ValueError, match="before spectral_normalise"):
        he_normal(spectral_normalise(nn.Conv2d(2, 2, 3)))
