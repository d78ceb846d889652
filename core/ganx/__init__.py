"""ganx: a conditional-GAN engine in which everything that varies is a plugin.

What a plugin's author needs is imported from here; ``__init__.pyi`` lists it. A name is loaded
when it is first asked for, so that importing this package loads neither torch nor numpy, and
plugin entry modules can be listed in no time.
"""

import lazy_loader
import pluggy

hookimpl = pluggy.HookimplMarker("ganx")
"""Marks a function of a plugin as the implementation of the hook it is named after."""

__getattr__, _, _later = lazy_loader.attach_stub(__name__, __file__)
__all__ = ["hookimpl", *_later]  # noqa: PLE0604 - checked by a test


def __dir__() -> list[str]:
    return list(__all__)
