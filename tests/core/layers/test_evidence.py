import math

import pytest
import torch

from ganx.layers.evidence import EvidenceMap


def test_a_label_is_as_sure_as_its_places_together() -> None:
    evidence = EvidenceMap(features=2, labels=3, cells=4)
    features = torch.randn(5, 2, 2, 2)
    maps = evidence.maps(features)
    assert torch.allclose(evidence(features), maps.exp().sum(dim=(2, 3)).log(), atol=1e-5)


def test_one_place_with_evidence_is_enough() -> None:
    evidence = EvidenceMap(features=1, labels=1, cells=64)
    with torch.no_grad():
        evidence.maps.weight.fill_(1.0)
        evidence.maps.bias.fill_(0.0)
    features = torch.full((1, 1, 8, 8), -20.0)
    features[0, 0, 3, 5] = 7.0
    assert evidence(features).item() == pytest.approx(7.0, abs=1e-4)


@pytest.mark.parametrize("cells", [16, 256])
def test_every_label_starts_out_as_rare_whatever_the_size_of_the_map(cells: int) -> None:
    side = math.isqrt(cells)
    logits = EvidenceMap(features=4, labels=2, cells=cells)(torch.zeros(1, 4, side, side))
    assert torch.allclose(logits, torch.full((1, 2), -2.5), atol=1e-4)
