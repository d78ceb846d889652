"""Files of every form give the images that their metadata promise."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_onnx import EXAMPLES, SIDE, metadata_of, model_of, write_small

from ganx.pictures.grid import to_uint8
from ganx_runtime import Generator, GeneratorError
from ganx_runtime.generator import BATCH

FORMS: list[dict[str, Any]] = [
    {"output": "float"},
    {"output": "uint8"},
    {"output": "float", "precision": "float16"},
    {"output": "uint8", "precision": "float16", "batch": 3},
    {"output": "float", "batch": 3},
]


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("kind", ["none", *EXAMPLES])
def test_images_are_pixels_of_the_size_that_the_file_says(
    small: Any, kind: str, form: dict[str, Any]
) -> None:
    generator = small(kind, **form)
    drawn = generator.sample(n=7, seed=3)
    assert (drawn.shape, drawn.dtype) == ((7, SIDE, SIDE, 3), np.uint8)
    assert len({image.tobytes() for image in drawn}) == 7
    if kind != "none":
        asked = generator.sample([EXAMPLES[kind]] * 2, n=7, seed=3)
        assert asked.shape == (14, SIDE, SIDE, 3)
        np.testing.assert_array_equal(asked[:7], asked[7:])


@pytest.mark.parametrize("kind", ["none", *EXAMPLES])
def test_every_form_of_a_file_gives_the_same_pixels_to_one_level(small: Any, kind: str) -> None:
    first, *others = (small(kind, **form).sample(n=7, seed=3).astype(int) for form in FORMS)
    for form, other in zip(FORMS[1:], others, strict=True):
        assert abs(other - first).max() <= (4 if "precision" in form else 1), form


def test_an_image_depends_on_its_number_alone(small: Any) -> None:
    generator = small()
    few, many = generator.sample(n=8, seed=3), generator.sample(n=BATCH + 20, seed=3)
    np.testing.assert_array_equal(many[:8], few)
    one_by_one = np.concatenate(list(generator.batches(n=8, seed=3, batch=1)))
    np.testing.assert_array_equal(one_by_one, few)
    assert (generator.sample(n=8, seed=4) != few).any()


def test_texts_share_their_noise_and_keep_their_order(small: Any) -> None:
    generator = small()
    cube, sphere = generator.sample("red cube", n=5), generator.sample(["blue sphere"], n=5)
    both = generator.sample(["red cube", "blue sphere"], n=5)
    np.testing.assert_array_equal(both, np.concatenate([cube, sphere]))
    z, c = generator.inputs(["red cube", "blue sphere"], n=5)
    np.testing.assert_array_equal(z[:5], z[5:])
    assert c.tolist() == [[1, 0, 0, 0]] * 5 + [[0, 0, 1, 0]] * 5


def test_batches_are_no_larger_than_asked_and_keep_nothing(small: Any) -> None:
    generator = small()
    sizes = [len(one) for one in generator.batches(["red cube", "gray cone"], n=5, batch=4)]
    assert sizes == [4, 4, 2]
    endless = generator.batches(n=10**12, batch=2)
    assert next(endless).shape == (2, SIDE, SIDE, 3)


def test_a_file_of_a_fixed_batch_gets_whole_batches(small: Any) -> None:
    generator = small(batch=3)
    assert generator.batch == 3
    np.testing.assert_array_equal(generator.sample(n=7), small().sample(n=7))
    assert [len(one) for one in generator.batches(n=7, batch=64)] == [3, 3, 1]


def test_the_file_s_own_call_takes_vectors_of_one_s_own(small: Any) -> None:
    generator = small()
    z, c = generator.inputs("red cube", n=4, seed=2)
    images = generator.images(z, c)
    assert (images.shape, images.dtype) == ((4, 3, SIDE, SIDE), np.float32)
    pixels = generator.sample("red cube", n=4, seed=2)
    as_ganx = to_uint8(torch.from_numpy(images)).permute(0, 2, 3, 1).numpy()
    np.testing.assert_array_equal(pixels, as_ganx)
    np.testing.assert_array_equal(small(output="uint8").images(z, c), pixels)
    for wrong in ((z[:, 1:], c), (z, None), (z, c[:2]), (z[0], c)):
        with pytest.raises(GeneratorError, match=r"takes z of \[B, 6\] and c of \[B, 4\]"):
            generator.images(*wrong)


@pytest.mark.parametrize("batch", [None, 3])
def test_many_vectors_of_one_s_own_are_run_in_batches(small: Any, batch: int | None) -> None:
    generator = small(batch=batch)
    z, c = generator.inputs(n=BATCH + 5)
    whole = generator.images(z, c)
    assert len(whole) == BATCH + 5
    np.testing.assert_array_equal(whole[BATCH:], generator.images(z[BATCH:], c[BATCH:]))


def test_halves_are_rounded_to_even_as_ganx_does(small: Any) -> None:
    halves = (np.arange(255, dtype=np.float32) + np.float32(0.5)) / np.float32(127.5) - 1
    images = np.resize(halves, (4, 3, SIDE, SIDE))
    wanted = to_uint8(torch.from_numpy(images)).permute(0, 2, 3, 1).numpy()
    np.testing.assert_array_equal(small()._pictures(images), wanted)


def test_pixels_that_are_no_numbers_are_refused(small: Any) -> None:
    with pytest.raises(GeneratorError, match="no numbers"):
        small()._pictures(np.full((1, 3, SIDE, SIDE), np.nan, np.float32))


def test_a_generator_says_what_it_is(small: Any) -> None:
    generator = small("attributes")
    assert generator.vocabulary == {"hair": ("pink", "blue"), "eyes": ("blue", "red", "gray")}
    assert (generator.resolution, generator.channels, generator.batch) == (SIDE, 3, None)
    assert (generator.provider, generator.why_not_cuda) == ("cpu", "")
    assert generator.example == "hair=pink, eyes=red"
    assert generator.metadata["origin"]["images_seen"] == 50_000
    assert (small("none").vocabulary, small("none").example) == ({}, "")


def test_without_a_distribution_labels_are_asked_for(tmp_path: Path) -> None:
    metadata = metadata_of()
    del metadata["distribution"]
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of(metadata).SerializeToString())
    generator = Generator.load(path, "cpu")
    with pytest.raises(GeneratorError, match='such as "red cube, blue sphere"'):
        generator.sample()
    assert len(generator.sample("red cube", n=2)) == 2


def test_without_a_condition_no_distribution_is_needed(tmp_path: Path) -> None:
    metadata = metadata_of("none")
    del metadata["distribution"]
    path = tmp_path / "model.onnx"
    path.write_bytes(model_of(metadata).SerializeToString())
    assert len(Generator.load(path, "cpu").sample(n=2)) == 2


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"labels": ["red cube", " "]}, "text of labels is empty"),
        ({"labels": "red cub"}, "Did you mean 'red cube'"),
        ({"labels": "red cube, blue cube, blue sphere, gray cone"}, "can show 3 at once"),
        ({"n": 0}, "at least 1"),
        ({"n": "3"}, "are whole numbers, not '3' and 0"),
        ({"seed": 1.5}, "are whole numbers, not 16 and 1.5"),
        ({"labels": []}, "The list of labels is empty"),
        ({"labels": ["red cube", 3]}, "Labels are texts, and 3 is none"),
        ({"seed": -1}, "from 0 to 2"),
        ({"seed": 2**64}, "from 0 to 2"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_refused_before_anything_is_drawn(
    small: Any, wish: dict[str, Any], told: str
) -> None:
    with pytest.raises(GeneratorError, match=told):
        small().batches(**wish)
    with pytest.raises(GeneratorError, match=told):
        small().sample(**wish)


@pytest.mark.parametrize(
    "change",
    [
        lambda metadata: metadata["latent"][0].update(size=7),
        lambda metadata: metadata["file"].update(batch=2),
        lambda metadata: (
            metadata["interface"].update(condition={"kind": "none", "groups": []})
            or metadata.pop("distribution")
        ),
    ],
)
def test_a_graph_that_is_not_what_the_file_says_is_refused(tmp_path: Path, change: Any) -> None:
    metadata = metadata_of()
    model = model_of(metadata)
    change(metadata)
    path = tmp_path / "model.onnx"
    del model.metadata_props[:]
    model.metadata_props.add(key="ganx", value=json.dumps(metadata))
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match="It is damaged, or was changed"):
        Generator.load(path, "cpu")


def test_images_of_another_size_than_the_file_says_are_refused(tmp_path: Path) -> None:
    metadata = metadata_of()
    model = model_of(metadata)
    metadata["interface"]["resolution"] *= 2
    path = tmp_path / "model.onnx"
    del model.metadata_props[:]
    model.metadata_props.add(key="ganx", value=json.dumps(metadata))
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match=r"makes float32 \[2, 3, 16, 16\] and made"):
        Generator.load(path, "cpu").sample(n=2)


def test_what_onnxruntime_refuses_is_told(tmp_path: Path) -> None:
    model = model_of(metadata_of())
    model.graph.node[0].op_type = "Unheard"
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(GeneratorError, match=r"refuses the model: .*Unheard"):
        Generator.load(path, "cpu")


def test_a_provider_that_is_unknown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="Choose from: auto, cpu, cuda, tensorrt"):
        Generator.load(write_small(tmp_path / "model.onnx"), "gpu")
