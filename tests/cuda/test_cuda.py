"""What only a GPU can show. Run with ``pytest tests/cuda``; without CUDA everything is skipped."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from ganx.data.images import upload
from ganx.data.store import prepare
from ganx.device import Execution, decide, matmul_policy
from ganx.host import default_host
from ganx.remedies import Notice
from ganx.runs.directory import RunDirectory
from ganx.sampling.generator import load_generator
from ganx.scoring.opening import Request, open_run
from ganx.scoring.running import evaluate
from ganx.sessions.session import resumed, started
from ganx.settings.merging import merge
from ganx.settings.run import resolve
from ganx.training import trainer as training

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    # Compilers and kernels warn of their own doings.
    pytest.mark.filterwarnings("default"),
]

SILENT: dict[str, Any] = {"notify": lambda *_: None, "progress": lambda *_: None}
SMALL = {
    "recipe": "sagan-bce",
    "model": {"width": 16},
    "dataset": {"size": 96, "source": "rendered"},
    "train": {"images": 128, "batch_size": 16, "device": "cuda", "log_every": 2},
}


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[dict[str, Path]]:
    yield {"runs": tmp_path / "runs", "cache": tmp_path / "cache"}
    torch.cuda.synchronize()


def train(folders: dict[str, Path], settings: dict[str, Any], stop_at: int = 0) -> RunDirectory:
    config = resolve(default_host(), merge(SMALL, settings))
    with started(
        default_host(), config, **folders, notify=lambda *_: None, progress=lambda *_: None
    ) as trainer:
        trainer.train(lambda: 0 < stop_at <= trainer.images_seen)
    return trainer.run


def losses(run: RunDirectory) -> list[float]:
    rows = [json.loads(line) for line in run.metrics.read_text().splitlines()]
    return [row[name] for row in rows for name in row if name.endswith((".bce", ".wasserstein"))]


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("compiled", ["off", "on"])
def test_every_precision_trains_with_and_without_compilation(
    folders: dict[str, Path], precision: str, compiled: str
) -> None:
    run = train(folders, {"train": {"precision": precision, "compile": compiled}})

    assert len(losses(run)) == 24
    assert all(abs(loss) < 100 for loss in losses(run))


def test_a_gradient_penalty_trains_beside_a_compiled_discriminator(
    folders: dict[str, Path],
) -> None:
    loss = {"loss": {"sum": "wasserstein + 10*gradient-penalty"}, "plan": {"name": "joint"}}

    run = train(folders, {**loss, "train": {"compile": "on"}})

    assert "penalty.gradient-penalty" in run.metrics.read_text()


@pytest.mark.parametrize("recipe", list(default_host().recipes))
def test_every_recipe_trains_as_it_would_by_default(folders: dict[str, Path], recipe: str) -> None:
    """At reduced width, compiled and in 16 bits, with DiffAugment on top."""
    model = resolve(default_host(), {"recipe": recipe}).model.config
    narrow = {name: 8 for name in type(model).model_fields if name.endswith("width")}
    settings = {
        "recipe": recipe,
        "model": narrow,
        "dataset": {"size": 96, "source": "rendered"},
        "train": {
            **SMALL["train"],
            "diff_augment": ["color", "translation", "cutout"],
        },
    }
    config = resolve(default_host(), settings)
    with started(
        default_host(), config, **folders, notify=lambda *_: None, progress=lambda *_: None
    ) as trainer:
        assert trainer.train() == "finished"


def test_auto_compiles_and_takes_16_bits(folders: dict[str, Path]) -> None:
    settings = train(folders, {}).read_config()["train"]

    assert settings["compile"] == "on"
    assert settings["precision"] in {"bfloat16", "float16"}


def test_a_resumed_run_ends_close_to_an_uninterrupted_one(folders: dict[str, Path]) -> None:
    """Not to the same bits: cuDNN may choose other kernels in the second process."""
    exact = {"train": {"precision": "float32", "compile": "off"}}
    whole = train(folders, exact)
    part = train(folders, exact, stop_at=64)
    with resumed(
        default_host(),
        part.path,
        {},
        cache=folders["cache"],
        notify=lambda *_: None,
        progress=lambda *_: None,
    ) as trainer:
        trainer.train()

    weights = [load_generator(run.path, "raw").module.state_dict() for run in (whole, part)]
    for name, value in weights[0].items():
        torch.testing.assert_close(weights[1][name], value, rtol=1e-2, atol=1e-2)


def test_a_resumed_run_ends_at_the_same_bits_where_kernels_are_held_to_exact_ones(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def untried(execution: Execution, *, try_kernels: bool) -> AbstractContextManager[None]:
        return matmul_policy(execution, try_kernels=not try_kernels)

    monkeypatch.setattr(training, "matmul_policy", untried)
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    exact = {"train": {"precision": "float32", "compile": "off"}}
    # The backward of attention's fused kernels may add in any order.
    with sdpa_kernel(SDPBackend.MATH):
        whole = train(folders, exact)
        part = train(folders, exact, stop_at=64)
        with resumed(default_host(), part.path, {}, cache=folders["cache"], **SILENT) as trainer:
            trainer.train()

    weights = [load_generator(run.path, "raw").module.state_dict() for run in (whole, part)]
    assert [name for name, one in weights[0].items() if not one.equal(weights[1][name])] == []


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_run_in_float32_goes_on_in_float16(folders: dict[str, Path], device: str) -> None:
    exact = {"device": device, "precision": "float32", "compile": "off"}
    begun = train(folders, {"train": exact}, stop_at=64)
    changes = {"train": {"device": "cuda", "precision": "float16"}}
    told: list[Notice] = []

    with resumed(
        default_host(), begun.path, changes, cache=folders["cache"], notice=told.append, **SILENT
    ) as trainer:
        assert trainer.train() == "finished"

    assert any("not made in float16" in notice.text for notice in told)
    assert all(abs(loss) < 100 for loss in losses(begun))


def test_a_pass_that_overflows_in_float16_costs_its_steps_alone(folders: dict[str, Path]) -> None:
    half = {"precision": "float16", "compile": "off"}
    config = resolve(default_host(), merge(SMALL, {"train": half}))
    with started(default_host(), config, **folders, **SILENT) as trainer:
        network = trainer.networks.generator
        trainer.iterate()
        before = [value.clone() for value in network.state_dict().values()]
        overflow = network.register_forward_pre_hook(
            lambda _, inputs: (inputs[0] * torch.inf, *inputs[1:])
        )
        trainer.iterate()
        overflow.remove()
        same = [a.equal(b) for a, b in zip(before, network.state_dict().values(), strict=True)]
        row = trainer.upkeep.read().rows[-1]

        assert row["skipped_steps"] > 0
        assert trainer.train() == "finished"
    moved = [name for name, kept in zip(network.state_dict(), same, strict=True) if not kept]
    assert moved == []


@pytest.mark.parametrize(
    "other", [{"device": "cpu", "compile": "off"}, {"device": "cuda", "compile": "on"}]
)
def test_the_first_steps_are_those_of_the_cpu_and_of_compiled_networks(
    folders: dict[str, Path], other: dict[str, str]
) -> None:
    """In float32; later steps differ by what the first ones' rounding grows to."""
    exact = {"precision": "float32", "compile": "off", "images": 16}
    here = losses(train(folders, {"train": exact}))
    there = losses(train(folders, {"train": {**exact, **other}}))

    assert len(here) == 3
    assert there == pytest.approx(here, rel=1e-3, abs=1e-4)


def test_a_run_is_scored_on_the_device_while_it_trains_and_afterwards(
    folders: dict[str, Path],
) -> None:
    names = ["prompt-accuracy", "diversity", "distribution"]
    few = {"distribution": {"images": 32}}
    scored = {"seeds": 1, "evaluators": names, "settings": few}
    run = train(folders, {"evaluate": scored})
    in_training = [json.loads(line) for line in run.metrics.read_text().splitlines()][-1]
    opened = open_run(
        default_host(),
        run.path,
        Request(seeds=1, device="cuda"),
        cache=folders["cache"],
        progress=lambda *_: None,
    )
    found = evaluate(default_host().evaluators, names, opened.subject, opened.protocol, few)

    assert opened.subject.judge is not None
    assert opened.subject.judge.device.type == "cuda"
    assert {"validation.top-k", "images.pixel diversity", "images.judge-FID"} <= in_training.keys()
    assert found.scores()["test.top-k"] == pytest.approx(in_training["test.top-k"], abs=0.1)


def test_the_images_live_on_the_device_and_equal_those_rendered_on_the_cpu(
    folders: dict[str, Path],
) -> None:
    config = resolve(default_host(), SMALL)
    dataset = default_host().datasets["iclevr"].open(config.dataset.config)
    there = prepare(dataset, "iclevr", folders["cache"], "cuda").to("cuda")
    here = prepare(dataset, "iclevr", folders["cache"], "cpu")

    indices = torch.arange(96).numpy()
    batch = there.batch(indices, "cuda")

    assert batch.is_cuda
    assert there.path != here.path
    difference = (batch.cpu() - here.batch(indices, "cpu")).abs().max()
    assert difference <= 2 / 127.5


def test_the_host_does_not_wait_for_what_it_sends() -> None:
    device = torch.device("cuda")
    numbers = torch.randn(8192, 8192, device=device)
    sent = np.ones(1 << 20, np.float32)
    for _ in range(2):  # the first time memory is pinned and kernels are loaded
        torch.cuda.synchronize()
        for _ in range(20):
            numbers @ numbers
        there = upload(sent, device)
        busy = not torch.cuda.current_stream().query()

    assert busy
    assert there.sum() == 1 << 20


@pytest.mark.skipif(
    torch.cuda.is_available() and torch.cuda.get_device_capability() < (8, 0),
    reason="needs a GPU that has TF32",
)
def test_float32_is_tf32_in_16_bit_training_alone() -> None:
    generator = torch.Generator("cuda").manual_seed(0)
    images = torch.randn(8, 64, 32, 32, device="cuda", generator=generator)
    kernels = torch.randn(64, 64, 3, 3, device="cuda", generator=generator)
    exact = torch.nn.functional.conv2d(images.double(), kernels.double())
    product = images.flatten(1).double() @ images.flatten(1).double().T

    def error() -> float:
        convolved = torch.nn.functional.conv2d(images, kernels) - exact
        multiplied = images.flatten(1) @ images.flatten(1).T - product
        shares = convolved.std() / exact.std(), multiplied.std() / product.std()
        return float(max(shares))

    with matmul_policy(decide("cuda", "float32")):
        assert error() < 5e-5
    with matmul_policy():
        assert error() < 5e-5
    with matmul_policy(decide("cuda", "bfloat16")):
        assert error() > 5e-5


def test_a_generator_trained_there_is_sampled_here(folders: dict[str, Path]) -> None:
    frozen = load_generator(train(folders, {}).path)

    images = frozen.module(*frozen.example_inputs(3))

    assert not images.is_cuda
    assert images.isfinite().all()
