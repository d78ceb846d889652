import torch

from ganx.layers.cells import blurred


def test_a_blur_spreads_a_spot_and_keeps_what_is_even() -> None:
    spot = torch.zeros(1, 1, 5, 5)
    spot[0, 0, 2, 2] = 16
    assert blurred(spot)[0, 0, 1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert torch.equal(blurred(torch.ones(1, 2, 4, 4)), torch.ones(1, 2, 4, 4))
