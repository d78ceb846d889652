"""Pictures by number: the same bytes however they are asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from ganx_iclevr.render import BLOCK_IMAGES, object_indices, render_images, sample_scenes

SIZE = 32


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return render_images(7, 0, 2 * BLOCK_IMAGES, SIZE)


def test_pictures_are_bytes_in_rows_of_pixels() -> None:
    drawn = render_images(0, 4, 9, 64)
    assert drawn.shape == (5, 64, 64, 3)
    assert drawn.dtype == torch.uint8
    assert drawn.is_contiguous()


@pytest.mark.parametrize("resolution", [16, 50, 256])
def test_pictures_come_in_any_size(resolution: int) -> None:
    drawn = render_images(0, 0, 1, resolution)
    assert drawn.shape == (1, resolution, resolution, 3)
    assert drawn.float().std() > 5


def test_a_seed_gives_the_same_pictures_every_time(pictures: torch.Tensor) -> None:
    assert torch.equal(render_images(7, 0, 2 * BLOCK_IMAGES, SIZE), pictures)


def test_another_seed_gives_other_pictures(pictures: torch.Tensor) -> None:
    other = render_images(8, 0, BLOCK_IMAGES, SIZE)
    differing = (other != pictures[:BLOCK_IMAGES]).flatten(1).any(dim=1)
    assert differing.all()


def test_pictures_of_a_sequence_differ(pictures: torch.Tensor) -> None:
    assert len({picture.numpy().tobytes() for picture in pictures}) == len(pictures)


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 1), (5, 61), (BLOCK_IMAGES - 1, BLOCK_IMAGES + 1), (50, 51), (13, 96)]
)
def test_a_picture_is_the_same_in_whatever_slice(
    pictures: torch.Tensor, start: int, stop: int
) -> None:
    assert torch.equal(render_images(7, start, stop, SIZE), pictures[start:stop])


def test_a_slice_may_be_empty() -> None:
    assert render_images(0, 5, 5, SIZE).shape == (0, SIZE, SIZE, 3)


@pytest.mark.parametrize(("start", "stop"), [(-1, 3), (4, 3)])
def test_a_slice_that_cannot_be_is_refused(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match=f"start is {start} and stop is {stop}"):
        render_images(0, start, stop, SIZE)


def test_the_number_of_threads_does_not_matter(pictures: torch.Tensor) -> None:
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            assert torch.equal(render_images(7, 0, 3, SIZE), pictures[:3])
    finally:
        torch.set_num_threads(before)


def test_blocks_may_be_drawn_at_the_same_time(pictures: torch.Tensor) -> None:
    def draw(block: int) -> torch.Tensor:
        return render_images(7, block * BLOCK_IMAGES, (block + 1) * BLOCK_IMAGES, SIZE)

    with ThreadPoolExecutor(2) as pool:
        drawn = torch.cat(list(pool.map(draw, range(2))))
    assert torch.equal(drawn, pictures)


def test_no_global_state_is_touched() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    render_images(1, 0, 3, SIZE)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_draws_the_same_pictures(pictures: torch.Tensor) -> None:
    drawn = render_images(7, 0, 2 * BLOCK_IMAGES, SIZE, "cuda").cpu()
    apart = (drawn.int() - pictures.int()).abs()
    # An edge may fall on the other side of a sample; all else agrees to rounding.
    assert (apart > 1).float().mean() < 1e-3


def test_a_block_is_whole_scenes() -> None:
    assert BLOCK_IMAGES % 3 == 0


def test_the_labels_name_what_the_scenes_hold() -> None:
    scenes = sample_scenes(7, 0, 20)
    held = (scenes.shape_index * 8 + scenes.colour_index).tolist()
    expected = [tuple(row[:count]) for row in held for count in (1, 2, 3)]
    assert object_indices(7, 60) == expected


def test_fewer_labels_are_the_beginning_of_more() -> None:
    assert object_indices(3, 100)[:11] == object_indices(3, 11)
    assert object_indices(3, 0) == []
