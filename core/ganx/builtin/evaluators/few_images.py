"""What must be said of distances and neighbours that were taken of few images.

N images stand on each side, with F features each.
"""

from ganx.contracts.few_images import FEW

_USUAL = 10_000
"""Images that Frechet distances are usually taken of."""


def of_frechet(images: int, features: int) -> str:
    """Say that a distance of N images is too high, and worthless where there are not more than F.

    The covariance of N images has rank N - 1 at most, so that two samples of one distribution seem
    to spread in different directions, and lie far apart. Heusel et al., arXiv:1706.08500, and the
    notes on their code: more images than the coding layer has units, and 10,000 or more. Up to
    there the bias counts (3,000 against 3,000 real images: 11 on Inception's features), and hangs
    on the number of images and on the generator (Chong and Forsyth, arXiv:1911.07023).
    """
    if images >= _USUAL:
        return ""
    if images > features:
        return (
            f"of {images:,} images: too high by what that number makes of it, even for real "
            f"images. Compare it at the same number only, better at {_USUAL:,}."
        )
    return (
        f"{images:,} images are too few for {features:,} features, so that it is far too high even "
        f"for real images: take more than {features:,}, better {_USUAL:,}."
    )


def of_kernel(images: int) -> str:
    """Say that an estimate of few images scatters, though it is unbiased.

    Binkowski et al., arXiv:1801.01401.
    """
    if images >= FEW:
        return ""
    return f"of {images} images only: right in the mean, but it scatters widely."


def of_neighbours(images: int, k: int) -> str:
    """Say that a ball which reaches to the k-th neighbour holds a large part of few images.

    Shares of fewer than ``FEW`` images are also not known well.
    """
    if images >= FEW and images >= 20 * k:
        return ""
    return (
        f"of {images} images only, of which a neighbourhood (k = {k}) takes {k / images:.0%}: take "
        f"{max(FEW, 20 * k):,} or more."
    )
