"""ganx: a conditional-GAN engine in which everything that varies is a plugin.

Importing this package is cheap: it loads neither torch nor numpy, so that plugin entry modules,
which import their marker from here, can be listed in no time.
"""

import pluggy

from ganx.version import __version__

hookimpl = pluggy.HookimplMarker("ganx")
"""Marks a function of a plugin as the implementation of the hook it is named after."""

__all__ = ["__version__", "hookimpl"]
