"""Rewriting a TorchScript archive without the debug files in which it names source paths."""

import struct
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

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


def _aligned(entry: ZipInfo, offset: int) -> ZipInfo:
    """Describe an entry whose data, written at the offset, begin at an aligned place."""
    aligned = ZipInfo(entry.filename)
    aligned.compress_type = entry.compress_type
    # The padding field's own header of four bytes comes first.
    start = offset + LOCAL_HEADER + len(entry.filename.encode()) + 4
    padding = -start % ALIGNMENT
    aligned.extra = struct.pack("<HH", PADDING_TAG, padding) + b"Z" * padding
    return aligned
