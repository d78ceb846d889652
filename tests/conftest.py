"""Settings of every test: small work on one thread, a cache of its own, no user's settings."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakePlugins

# Before torch is loaded: threads that wait for each other make tiny tests many times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# No logs for TensorBoard but where a test is about them.
os.environ.setdefault("GANX_TENSORBOARD", "0")
# Nothing is measured but where a test is about that: it takes seconds and depends on the machine.
os.environ["GANX_MEASURE"] = "0"


@pytest.fixture(autouse=True)
def _own_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep every test away from the user's cache and plugin settings."""
    cache: Path = tmp_path_factory.getbasetemp() / "ganx-cache"
    monkeypatch.setenv("GANX_CACHE", str(cache))
    for name in ("GANX_PLUGINS", "GANX_STRICT_PLUGINS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePlugins]:
    """Offer a folder of fake distributions that this process finds."""
    from ganx.host import _cached_host

    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    modules = set(sys.modules)
    _cached_host.cache_clear()
    yield FakePlugins(folder)
    _cached_host.cache_clear()
    for name in set(sys.modules) - modules:
        if getattr(sys.modules[name], "__file__", None) and str(folder) in str(
            sys.modules[name].__file__
        ):
            del sys.modules[name]
