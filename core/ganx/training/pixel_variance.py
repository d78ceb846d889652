"""What decides a generator's pixels: labels, noise, or both together.

Shapes: images [I, J, C, H, W], of I conditions and J latents, each with each.
"""

from torch import Tensor

from ganx.contracts.label_figures import SHARE_OF_BOTH, SHARE_OF_C, SHARE_OF_Z


def variance_shares(images: Tensor) -> dict[str, float]:
    """Part the variance of pixels by a two-way analysis with one image in each cell.

    The random-effects model (Searle, Casella and McCulloch, "Variance Components", 1992, section
    4.2): mean squares are summed over pixels, and the components of variance found from what is
    expected of them, so that the interaction inflates neither share; less than nothing counts as
    nothing. Empty where all images are the same.
    """
    cells = images.float().flatten(2)
    rows, columns = cells.shape[:2]
    by_row, by_column = cells.mean(1, keepdim=True), cells.mean(0, keepdim=True)
    mean = by_row.mean(0, keepdim=True)
    rest = cells - by_row - by_column + mean
    of_rows = columns * _squares(by_row - mean) / (rows - 1)
    of_columns = rows * _squares(by_column - mean) / (columns - 1)
    of_both = _squares(rest) / ((rows - 1) * (columns - 1))
    components = {
        SHARE_OF_C: max(0.0, (of_rows - of_both) / columns),
        SHARE_OF_Z: max(0.0, (of_columns - of_both) / rows),
        SHARE_OF_BOTH: of_both,
    }
    total = sum(components.values())
    return {name: one / total for name, one in components.items()} if total else {}


def _squares(deviations: Tensor) -> float:
    return float(deviations.square().sum())
