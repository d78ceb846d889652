"""Which files of a list can be decoded: found out once, and remembered in the cache by contents.

A record is a file in the cache that can be thrown away at any time.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import PIL
from PIL import Image

from ganx.data.cache import cache_root
from ganx.data.damaged import Cause, Damage
from ganx.data.decode import DECODER_VERSION
from ganx.files import written_whole

Verdicts = Mapping[str, tuple[Cause, str]]
"""The digests of contents that cannot be decoded, with the cause and the reason."""


def load_verdicts(digests: Sequence[str], *, floats: bool) -> Verdicts | None:
    """Read what is known of contents; None where they were not all decoded before."""
    try:
        found = json.loads(_record(digests, floats=floats).read_text(encoding="utf-8"))
        return {digest: (Cause[cause], reason) for digest, (cause, reason) in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save_verdicts(digests: Sequence[str], damages: Mapping[str, Damage], *, floats: bool) -> None:
    """Remember what is wrong with contents all of which were decoded, where that is possible.

    Nothing is where a fault was not one of contents, such as that of a disk.
    """
    if not all(damage.lasts for damage in damages.values()):
        return
    told = {digest: (damage.cause.name, damage.reason) for digest, damage in damages.items()}
    path = _record(digests, floats=floats)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as aside:
            aside.write_text(json.dumps(told), encoding="utf-8")


def _record(digests: Sequence[str], *, floats: bool) -> Path:
    """Return where the record of contents lies, in whatever order they come."""
    decoder = f"{DECODER_VERSION} {PIL.__version__} {Image.MAX_IMAGE_PIXELS} {floats}"
    words = "\n".join([decoder, *sorted(set(digests))])
    return cache_root() / "damaged" / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.json"
