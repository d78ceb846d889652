"""Rewriting PyTorch's archives: nothing of this machine or process, the same bytes each time."""

import struct
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ganx.exporting.metadata import ARCHIVE_NAME
from ganx_exports.class_names import with_stable_names

LEFT_OUT = (".debug_pkl", "/.data/serialization_id")
"""Files that map code to lines of Python, and a number made of them; loading needs neither."""

COMPRESSED = (".py", "models/model.json")
"""Code, which no program maps into memory; all else is stored as it is."""

ALIGNMENT = 64
"""PyTorch lets the data of stored files begin at multiples of this, so that it can be mapped."""

LOCAL_HEADER = 30
"""Bytes of a zip file's local header before the name and the extra field."""

PADDING_TAG = 0x4246
"""The tag, "FB", of the extra field with which PyTorch itself pads."""


def rewritten(archive: bytes) -> bytes:
    """Return a TorchScript archive without debug files, its classes numbered by their order in it.

    Data are aligned as before. The same generator gives the same bytes, however often and in
    whatever process it is exported.
    """
    return _written(with_stable_names(_files(archive)))


def aligned(archive: bytes) -> bytes:
    """Return an archive of ``torch.export`` without the number made of its content."""
    return _written(_files(archive))


def _files(archive: bytes) -> dict[str, bytes]:
    """Read an archive's files by name, but those that are left out."""
    with ZipFile(BytesIO(archive)) as source:
        kept = [name for name in source.namelist() if not name.endswith(LEFT_OUT)]
        return {name: source.read(name) for name in kept}


def _written(files: Mapping[str, bytes]) -> bytes:
    """Write an archive."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as target:
        for name, content in files.items():
            target.writestr(_aligned(name, written.tell()), content)
    return written.getvalue()


def annotate_archive(path: Path, text: str) -> None:
    """Replace the metadata in an archive that ganx wrote, and nothing else."""
    files = _files(path.read_bytes())
    for name in files:
        if name.endswith(f"/extra/{ARCHIVE_NAME}"):
            files[name] = text.encode()
    path.write_bytes(_written(files))


def _aligned(name: str, offset: int) -> ZipInfo:
    """Describe an entry whose data, written at the offset, begin at an aligned place."""
    # A ZipInfo's own time is that of the first day of zip files.
    aligned = ZipInfo(name)
    aligned.compress_type = ZIP_DEFLATED if name.endswith(COMPRESSED) else ZIP_STORED
    # The padding field's own header of four bytes comes first.
    start = offset + LOCAL_HEADER + len(name.encode()) + 4
    padding = -start % ALIGNMENT
    aligned.extra = struct.pack("<HH", PADDING_TAG, padding) + b"Z" * padding
    return aligned
