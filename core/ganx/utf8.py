"""Names of files and folders that are no UTF-8: found before any work, and told in plain letters.

The system's names are bytes. Those that are no text reach Python as lone surrogates (PEP 383),
which neither settings in TOML, nor pages, nor files of weights can hold.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BYTES = 0xDC00
_BYTE = re.compile("[\udc80-\udcff]")
"""What stands for a byte that is no text: that byte above ``_BYTES``."""


def is_utf8(name: str) -> bool:
    """Tell whether a name can be written as text."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(name: str) -> str:
    r"""Write a text so that it is UTF-8: other bytes of names as ``\xff``."""
    if is_utf8(name):
        return name
    shown = _BYTE.sub(lambda found: f"\\x{ord(found[0]) - _BYTES:02x}", name)
    return shown.encode("utf-8", "backslashreplace").decode()


def not_text(name: str) -> str:
    """Say what is wrong with a name, and what to do."""
    return (
        f"'{printable(name)}' has bytes that are no UTF-8, so that settings, pages and files of "
        "weights cannot hold it. Rename that file or folder, or make a link to it with a plain "
        "name and give that."
    )


def not_texts(values: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield what is no text among nested settings: its dotted key below ``where``, and itself."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from not_texts(value, f"{where}.{key}" if where else str(key))
    elif isinstance(values, list | tuple):
        for value in values:
            yield from not_texts(value, where)
    elif isinstance(values, str | os.PathLike) and not is_utf8(str(values)):
        yield where, str(values)
