"""Rewriting a TorchScript archive without the debug files in which it names source paths."""

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from ganx.exporting.metadata import ARCHIVE_NAME

DEBUG_SUFFIX = ".debug_pkl"
"""Files that map TorchScript code to lines of Python; loading works without them."""

ALIGNMENT = 64
"""PyTorch lets the data of stored files begin at multiples of this, so that it can be mapped."""

LOCAL_HEADER = 30
"""Bytes of a zip file's local header before the name and the extra field."""

PADDING_TAG = 0x4246
"""The tag, "FB", of the extra field with which PyTorch itself pads."""


def without_debug_files(archive: bytes) -> bytes:
    """Return the archive without its debug files, other files unchanged and still aligned."""
    written = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(written, "w", ZIP_STORED) as target:
        for entry in source.infolist():
            if not entry.filename.endswith(DEBUG_SUFFIX):
                target.writestr(_aligned(entry, written.tell()), source.read(entry))
    return written.getvalue()


def annotate_archive(path: Path, text: str) -> None:
    """Replace the metadata in an archive that ganx wrote, and nothing else."""
    written = BytesIO()
    with ZipFile(path) as source, ZipFile(written, "w", ZIP_STORED) as target:
        for entry in source.infolist():
            ours = entry.filename.endswith(f"/extra/{ARCHIVE_NAME}")
            content = text.encode() if ours else source.read(entry)
            target.writestr(_aligned(entry, written.tell()), content)
    path.write_bytes(written.getvalue())


def _aligned(entry: ZipInfo, offset: int) -> ZipInfo:
    """Describe an entry whose data, written at the offset, begin at an aligned place."""
    aligned = ZipInfo(entry.filename)
    aligned.compress_type = entry.compress_type
    # The padding field's own header of four bytes comes first.
    start = offset + LOCAL_HEADER + len(entry.filename.encode()) + 4
    padding = -start % ALIGNMENT
    aligned.extra = struct.pack("<HH", PADDING_TAG, padding) + b"Z" * padding
    return aligned
