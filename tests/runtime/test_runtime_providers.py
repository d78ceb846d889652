"""A provider that is asked for is the one that runs; a GPU's work is held to a stand-in and a CPU.

No machine with a GPU has run this. Buffers and bindings are onnxruntime's own, on the CPU; what
loads is told by a stand-in for onnxruntime.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from small_onnx import metadata_of, model_of, write_small

from ganx_runtime import Generator, GeneratorError, generator, providers
from ganx_runtime.description import described
from ganx_runtime.providers import LARGEST_ENGINE_BATCH, Opened, open_session
from ganx_runtime.runners import MOST_SIZES, BoundRunner, PlainRunner

CPU, CUDA, TENSORRT = (
    "CPUExecutionProvider",
    "CUDAExecutionProvider",
    "TensorrtExecutionProvider",
)
MODEL = model_of(metadata_of()).SerializeToString()


class FakeRuntime:
    """An onnxruntime on which only some providers load."""

    __version__ = "1.99"
    SessionOptions = onnxruntime.SessionOptions
    RunOptions = onnxruntime.RunOptions

    def __init__(self, loads: tuple[str, ...], available: tuple[str, ...] | None = None) -> None:
        self.loads = loads
        self.available = (TENSORRT, CUDA, CPU) if available is None else available
        self.asked: list[dict[str, dict[str, str]]] = []
        self.severities: list[int] = []
        self.no_graphs = False
        self.no_runs = False

    def get_available_providers(self) -> list[str]:
        return list(self.available)

    def preload_dlls(self) -> None:
        if CUDA not in self.loads:
            print("Failed to load libx.so.1: libx.so.1: cannot open it")  # noqa: T201
            print("Please follow a page.")  # noqa: T201

    def set_default_logger_severity(self, severity: int) -> None:
        self.severities.append(severity)

    def InferenceSession(self, content: bytes, _: Any, wanted: list[Any], **rest: Any) -> Any:  # noqa: N802
        options = dict(one if isinstance(one, tuple) else (one, {}) for one in wanted)
        self.asked.append(options)
        assert rest == {"enable_fallback": 0, "read_config_from_model": 0}
        if self.no_graphs and options.get(CUDA, {}).get("enable_cuda_graph") == "1":
            raise RuntimeError("This session cannot use the CUDA Graph feature\nas requested")
        session = onnxruntime.InferenceSession(content, providers=[CPU])
        names = [one for one in options if one in (*self.loads, CPU)]
        return FakeSession(session, names, fails=self.no_runs and options.keys() != {CPU})


class FakeSession:
    """A session on the CPU that says that others run it."""

    def __init__(
        self, session: onnxruntime.InferenceSession, names: list[str], *, fails: bool
    ) -> None:
        self._session = session
        self._names = names
        self._fails = fails

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def get_providers(self) -> list[str]:
        return self._names

    def run(self, names: list[str], given: dict[str, Any], options: Any) -> Any:
        assert options.get_run_config_entry("gpu_graph_id") == "-1"
        if self._fails:
            raise RuntimeError("no kernel image is available")
        return self._session.run(names, given, options)


@pytest.fixture(autouse=True)
def _driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a driver here, as far as can be seen."""
    monkeypatch.setattr(providers, "_may_have_gpu", lambda: True)


def test_where_there_is_no_driver_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FakeRuntime((CUDA,))
    monkeypatch.setattr(providers, "_may_have_gpu", lambda: False)
    found = opened(runtime, "auto", monkeypatch)
    assert (found.provider, found.reason) == ("cpu", "there is no driver of NVIDIA here")
    assert [list(asked) for asked in runtime.asked] == [[CPU]]
    with pytest.raises(GeneratorError, match="there is no driver of NVIDIA here"):
        opened(runtime, "cuda", monkeypatch)


def opened(runtime: FakeRuntime, wish: str, patch: pytest.MonkeyPatch, **file: Any) -> Opened:
    patch.setattr(providers, "imported", lambda: runtime)
    return open_session(MODEL, described(metadata_of(**file)), wish)


def test_auto_takes_cuda_where_it_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    found = opened(FakeRuntime((CUDA,)), "auto", monkeypatch)
    assert (found.provider, found.graphs, found.reason) == ("cuda", True, "")


def test_auto_takes_the_cpu_where_cuda_does_not_load_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    runtime = FakeRuntime(())
    found = opened(runtime, "auto", monkeypatch)
    assert (found.provider, found.graphs) == ("cpu", False)
    assert found.reason == "libx.so.1: cannot open it"
    assert [list(asked) for asked in runtime.asked] == [[CUDA, CPU], [CPU]]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("wish", ["cuda", "tensorrt"])
def test_a_provider_that_was_asked_for_is_never_replaced(
    wish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GeneratorError, match=rf"{wish} was asked for .*: libx.so.1: cannot open"):
        opened(FakeRuntime(()), wish, monkeypatch)
    with pytest.raises(GeneratorError, match=r"1\.99 that is installed comes without it"):
        opened(FakeRuntime((), (CPU,)), wish, monkeypatch)


def test_a_gpu_that_loads_a_model_and_cannot_run_it_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runtime = FakeRuntime((CUDA,))
    runtime.no_runs = True
    found = opened(runtime, "auto", monkeypatch, batch=3)
    assert (found.provider, found.reason) == ("cpu", "no kernel image is available")
    with pytest.raises(GeneratorError, match="did not load: no kernel image is available"):
        opened(runtime, "cuda", monkeypatch)


def test_tensorrt_is_not_there_because_cuda_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        GeneratorError, match="tensorrt was asked for and did not load: there is no GPU"
    ):
        opened(FakeRuntime((CUDA,)), "tensorrt", monkeypatch)


def test_a_model_that_cannot_be_captured_runs_on_cuda_without_graphs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runtime = FakeRuntime((CUDA,))
    runtime.no_graphs = True
    found = opened(runtime, "cuda", monkeypatch)
    assert (found.provider, found.graphs) == ("cuda", False)
    assert [asked[CUDA]["enable_cuda_graph"] for asked in runtime.asked] == ["1", "0"]


def test_cuda_computes_in_whole_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    for wish, loads in (("cuda", (CUDA,)), ("tensorrt", (TENSORRT, CUDA))):
        runtime = FakeRuntime(loads)
        opened(runtime, wish, monkeypatch)
        assert runtime.asked[-1][CUDA]["use_tf32"] == "0"


def test_tensorrt_falls_back_to_cuda_alone_and_builds_one_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runtime = FakeRuntime((TENSORRT, CUDA))
    found = opened(runtime, "tensorrt", monkeypatch)
    assert (found.provider, found.graphs) == ("tensorrt", False)
    (asked,) = runtime.asked
    assert list(asked) == [TENSORRT, CUDA]
    assert asked[TENSORRT]["trt_profile_min_shapes"] == "z:1x6,c:1x4"
    assert asked[TENSORRT]["trt_profile_max_shapes"] == "z:64x6,c:64x4"
    opened(runtime, "tensorrt", monkeypatch, batch=3)
    assert runtime.asked[-1][TENSORRT] == {}


def on_cpu(found: Opened) -> BoundRunner:
    """Keep buffers in the machine's memory."""
    return BoundRunner(onnxruntime, found.session, graphs=found.graphs, device="cpu")


def test_no_batch_is_larger_than_tensorrt_s_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(providers, "imported", lambda: FakeRuntime((TENSORRT, CUDA)))
    monkeypatch.setattr(generator, "_runner", on_cpu)
    loaded = Generator.load(write_small(tmp_path / "model.onnx"), "tensorrt")
    sizes = [len(one) for one in loaded.batches(n=200, batch=200)]
    assert max(sizes) == LARGEST_ENGINE_BATCH
    assert sum(sizes) == 200


def test_the_log_is_quiet_while_a_session_opens_and_tells_errors_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runtime = FakeRuntime((CUDA,))
    opened(runtime, "auto", monkeypatch)
    assert runtime.severities == [4, 3]


@pytest.mark.skipif(CUDA not in onnxruntime.get_available_providers(), reason="no CUDA in it")
def test_onnxruntime_itself_prints_nothing_when_cuda_does_not_load(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded = Generator.load(write_small(tmp_path / "model.onnx"))
    assert capfd.readouterr() == ("", "")
    assert (loaded.provider == "cpu") == bool(loaded.why_not_cuda)


class Recorded:
    """A session on the CPU that notes with which graph each run was asked for."""

    def __init__(self) -> None:
        self.session = onnxruntime.InferenceSession(MODEL, providers=[CPU])
        self.graphs: list[tuple[str, str]] = []
        self.bindings: list[Any] = []

    def run(self, names: list[str], inputs: dict[str, Any], options: Any) -> Any:
        self.graphs.append(("copied", options.get_run_config_entry("gpu_graph_id")))
        return self.session.run(names, inputs, options)

    def io_binding(self) -> Any:
        return self.session.io_binding()

    def run_with_iobinding(self, binding: Any, options: Any) -> None:
        self.graphs.append(("bound", options.get_run_config_entry("gpu_graph_id")))
        self.bindings.append(binding)
        self.session.run_with_iobinding(binding, options)


def inputs(size: int, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {name: rng.random((size, many), np.float32) for name, many in (("z", 6), ("c", 4))}


@pytest.fixture
def plain() -> PlainRunner:
    return PlainRunner(onnxruntime.InferenceSession(MODEL, providers=[CPU]))


def test_a_size_that_comes_again_keeps_its_buffers_and_its_graph(plain: PlainRunner) -> None:
    recorded = Recorded()
    bound = BoundRunner(onnxruntime, recorded, graphs=True, device="cpu")
    for seed in range(4):
        for size in (5, 3):
            images = bound(inputs(size, seed))
            np.testing.assert_array_equal(images, plain(inputs(size, seed)))
    assert recorded.graphs == [("copied", "-1")] * 2 + [("bound", "5"), ("bound", "3")] * 3
    five, three = recorded.bindings[0::2], recorded.bindings[1::2]
    assert len(set(map(id, five))) == len(set(map(id, three))) == 1


def test_few_sizes_have_buffers_and_none_is_ever_given_to_another(plain: PlainRunner) -> None:
    recorded = Recorded()
    bound = BoundRunner(onnxruntime, recorded, graphs=True, device="cpu")
    for seed in range(3):
        for size in range(1, MOST_SIZES + 3):
            images = bound(inputs(size, seed))
            np.testing.assert_array_equal(images, plain(inputs(size, seed)))
    captured = {graph for how, graph in recorded.graphs if how == "bound"}
    assert captured == {str(size) for size in range(1, MOST_SIZES + 1)}


def test_without_graphs_buffers_are_kept_all_the_same() -> None:
    recorded = Recorded()
    bound = BoundRunner(onnxruntime, recorded, graphs=False, device="cpu")
    for _ in range(2):
        bound(inputs(2))
    assert recorded.graphs == [("copied", "-1"), ("bound", "-1")]


def test_rows_of_a_larger_array_are_bound_whole(plain: PlainRunner) -> None:
    bound = BoundRunner(onnxruntime, Recorded(), graphs=True, device="cpu")
    rows = {name: np.repeat(value, 2, axis=1)[:, ::2] for name, value in inputs(2).items()}
    images = [bound(rows) for _ in range(2)][-1]
    np.testing.assert_array_equal(images, plain(inputs(2)))


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    yield
    onnxruntime.set_default_logger_severity(2)
