"""Keeping what the tools say while they export off the user's screen."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

JIT_IS_DEPRECATED = r"`torch\.jit\.\w+` is (deprecated|not supported)"
"""What PyTorch says of each call; TorchScript was asked for by name, so the user knows."""


@contextmanager
def quiet() -> Iterator[None]:
    """Swallow prints, log records and warnings; exceptions pass."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextmanager
def without_jit_deprecation() -> Iterator[None]:
    """Silence nothing but the notice that TorchScript is deprecated."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=JIT_IS_DEPRECATED)
        yield
