"""Where TF32 is allowed: one rule for training, scores, samples and judges.

PyTorch keeps the switches without CUDA too, so that they can be watched on a CPU.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch
from lab import Lab
from tiny_judge import tiny_judge_file

from ganx.contracts.specs import EvaluatorSpec
from ganx.device import Execution, matmul_policy
from ganx.judging import training as judging
from ganx.judging.network import JudgeNetwork
from ganx.judging.saved import load_judge
from ganx.sampling.generator import load_generator
from ganx.sampling.samples import generate_all
from ganx.sessions.race import Candidate
from ganx.sessions.trial import Trial

BACKENDS = torch.backends
PLACES = (
    *(BACKENDS.cuda.matmul, BACKENDS.cudnn.conv, BACKENDS.cudnn.rnn),
    *(BACKENDS.mkldnn.matmul, BACKENDS.mkldnn.conv),
)


def switches() -> tuple[object, ...]:
    """Read all that the policy might touch; an older switch at odds with newer ones is unread."""
    return (
        *(place.fp32_precision for place in PLACES),
        BACKENDS.cudnn.benchmark,
        *(
            _read(lambda: BACKENDS.cuda.matmul.allow_tf32),
            _read(torch.get_float32_matmul_precision),
        ),
        _read(lambda: BACKENDS.cudnn.allow_tf32),
    )


def _read(switch: Callable[[], object]) -> object:
    try:
        return switch()
    except RuntimeError:
        return "at odds"


def tf32() -> bool:
    """Tell whether TF32 is allowed now; it must be for all products or for none."""
    allowed = {place.fp32_precision == "tf32" for place in PLACES[:3]}
    allowed |= {BACKENDS.cuda.matmul.allow_tf32, BACKENDS.cudnn.allow_tf32}
    assert len(allowed) == 1
    return allowed.pop()


@pytest.fixture(autouse=True)
def _untouched() -> Iterator[None]:
    """Start from PyTorch's defaults, and leave them behind."""
    before = switches()
    yield
    torch.set_float32_matmul_precision("highest")
    BACKENDS.cudnn.allow_tf32 = True
    for place in (BACKENDS.cuda.matmul, *PLACES[3:]):
        place.fp32_precision = "none"
    assert switches() == before


def execution(device: str, precision: str) -> Execution:
    return Execution(torch.device(device), precision, compile=False, channels_last=True)


@pytest.mark.parametrize(
    ("chosen", "allowed"),
    [
        (execution("cuda", "bfloat16"), True),
        (execution("cuda:1", "float16"), True),
        (execution("cuda", "float32"), False),
        (execution("cpu", "bfloat16"), False),
        (None, False),
    ],
)
@pytest.mark.parametrize("usual", ["highest", "high"])
def test_tf32_is_for_executions_in_16_bits_on_cuda_alone(
    chosen: Execution | None, *, allowed: bool, usual: str
) -> None:
    torch.set_float32_matmul_precision(usual)
    with matmul_policy(chosen):
        assert tf32() is allowed


def _as_it_is() -> None:
    pass


def _medium() -> None:
    torch.set_float32_matmul_precision("medium")


def _newer_switch() -> None:
    BACKENDS.cuda.matmul.fp32_precision = "tf32"


def _no_tf32_in_cudnn() -> None:
    BACKENDS.cudnn.allow_tf32 = False


@pytest.mark.parametrize("choose", [_as_it_is, _medium, _newer_switch, _no_tf32_in_cudnn])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_what_the_program_around_had_chosen_is_put_back(
    choose: Callable[[], None], precision: str
) -> None:
    choose()
    before = switches()
    with matmul_policy(execution("cuda", precision), try_kernels=True):
        assert BACKENDS.cudnn.benchmark
        with pytest.raises(ZeroDivisionError), matmul_policy():
            raise ZeroDivisionError
    assert switches() == before


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What each pass through G was for, and whether in it TF32 was allowed; a CPU is a GPU here."""
    passes: list[tuple[str, bool]] = []
    forward = tiny.TinyGenerator.forward

    def watched(self: tiny.TinyGenerator, *inputs: torch.Tensor) -> torch.Tensor:
        passes.append(("learning" if self.norm.training else "showing", tf32()))
        return forward(self, *inputs)

    monkeypatch.setattr(tiny.TinyGenerator, "forward", watched)
    in_16_bits = property(lambda self: self.precision != "float32")
    monkeypatch.setattr(Execution, "allows_tf32", in_16_bits)
    return passes


@pytest.mark.parametrize(("precision", "allowed"), [("float32", False), ("bfloat16", True)])
def test_training_follows_its_precision_and_grids_are_float32(
    tmp_path: Path, seen: list[tuple[str, bool]], precision: str, *, allowed: bool
) -> None:
    BACKENDS.cuda.matmul.allow_tf32 = not allowed
    before = switches()

    with Lab(tmp_path).start(train={"precision": precision}) as trainer:
        trainer.iterate()
        assert {*seen} == {("learning", allowed)}
        trainer.train()

    assert {*seen} == {("learning", allowed), ("showing", False)}
    assert switches() == before


def test_an_evaluator_computes_in_float32(tmp_path: Path) -> None:
    asked: list[bool] = []
    asking = EvaluatorSpec("asking", "Looks", lambda *_: asked.append(tf32()) or [])
    BACKENDS.cuda.matmul.allow_tf32 = True
    host = Lab(tmp_path).host
    host.evaluators["asking"] = asking

    Lab(tmp_path, host).run(evaluate={"evaluators": ["asking"]})

    assert {*asked} == {False}


@pytest.mark.parametrize(("precision", "allowed"), [("float32", False), ("bfloat16", True)])
def test_a_judge_learns_by_the_rule_of_runs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seen: list[tuple[str, bool]],
    precision: str,
    *,
    allowed: bool,
) -> None:
    del seen  # a CPU is a GPU
    passes: list[tuple[bool, bool]] = []
    forward = JudgeNetwork.features

    def watched(self: JudgeNetwork, images: torch.Tensor) -> torch.Tensor:
        passes.append((self.training, tf32()))
        return forward(self, images)

    monkeypatch.setattr(JudgeNetwork, "features", watched)
    monkeypatch.setattr(judging, "decide", lambda **_: execution("cpu", precision))
    BACKENDS.cuda.matmul.allow_tf32 = not allowed

    tiny_judge_file(tmp_path)

    assert {*passes} == {(True, allowed), (False, False)}


def test_cudnn_tries_kernels_in_training_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[bool] = []
    forward = tiny.TinyDiscriminator.forward

    def watched(self: tiny.TinyDiscriminator, *inputs: torch.Tensor) -> object:
        tries.append(BACKENDS.cudnn.benchmark)
        return forward(self, *inputs)

    monkeypatch.setattr(tiny.TinyDiscriminator, "forward", watched)
    with Lab(tmp_path).start() as trainer:
        trial = Trial(trainer.setup, torch.device("cpu"))
        BACKENDS.cudnn.benchmark = True
        trial.work(Candidate("float32", channels_last=True), 4, learning=True)
        BACKENDS.cudnn.benchmark = False
        assert {*tries} == {False}
        tries.clear()
        trainer.iterate()

    assert {*tries} == {True}
    assert not BACKENDS.cudnn.benchmark


def test_measuring_is_done_as_training_would_be(
    tmp_path: Path, seen: list[tuple[str, bool]]
) -> None:
    lab = Lab(tmp_path)
    with lab.start() as trainer:
        trial = Trial(trainer.setup, torch.device("cpu"))
    for precision in ("float32", "bfloat16"):
        trial.work(Candidate(precision, channels_last=True), 4, learning=True)
    assert seen == [("learning", False)] * 2 + [("learning", True)] * 2


def test_samples_and_answers_of_judges_are_float32(
    tmp_path: Path, seen: list[tuple[str, bool]]
) -> None:
    host = Lab(tmp_path).host
    frozen = load_generator(Lab(tmp_path).run().path, registries=host)
    judge = load_judge(tiny_judge_file(tmp_path))
    seen.clear()
    answers: list[bool] = []
    judge.network.register_forward_hook(lambda *_: answers.append(tf32()))
    BACKENDS.cuda.matmul.allow_tf32 = True

    images = generate_all(frozen, np.zeros((2, 4), np.float32), np.eye(3, dtype=np.float32)[:2])
    judge.probabilities(images)

    assert seen == [("showing", False)]
    assert answers == [False]
