"""Rewriting a TorchScript archive: nothing of this machine or process, the same bytes each time."""

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ganx.exporting.metadata import ARCHIVE_NAME
from ganx_exports.class_names import with_stable_names

LEFT_OUT = (".debug_pkl", "/.data/serialization_id")
"""Files that map code to lines of Python, and a number made of them; loading needs neither."""

CODE_SUFFIX = ".py"
"""Files that are compressed; all else is stored as it is."""

ALIGNMENT = 64
"""PyTorch lets the data of stored files begin at multiples of this, so that it can be mapped."""

LOCAL_HEADER = 30
"""Bytes of a zip file's local header before the name and the extra field."""

PADDING_TAG = 0x4246
"""The tag, "FB", of the extra field with which PyTorch itself pads."""


def rewritten(archive: bytes) -> bytes:
    """Return the archive without its debug files, its classes numbered by their order in it.

    Data are aligned as before. The same generator gives the same bytes, however often and in
    whatever process it is exported.
    """
    with ZipFile(BytesIO(archive)) as source:
        kept = [name for name in source.namelist() if not name.endswith(LEFT_OUT)]
        files = with_stable_names({name: source.read(name) for name in kept})
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as target:
        for name, content in files.items():
            target.writestr(_aligned(name, written.tell()), content)
    return written.getvalue()


def annotate_archive(path: Path, text: str) -> None:
    """Replace the metadata in an archive that ganx wrote, and nothing else."""
    written = BytesIO()
    with ZipFile(path) as source, ZipFile(written, "w", ZIP_STORED) as target:
        for entry in source.infolist():
            ours = entry.filename.endswith(f"/extra/{ARCHIVE_NAME}")
            content = text.encode() if ours else source.read(entry)
            target.writestr(_aligned(entry.filename, written.tell()), content)
    path.write_bytes(written.getvalue())


def _aligned(name: str, offset: int) -> ZipInfo:
    """Describe an entry whose data, written at the offset, begin at an aligned place."""
    # A ZipInfo's own time is that of the first day of zip files.
    aligned = ZipInfo(name)
    aligned.compress_type = ZIP_DEFLATED if name.endswith(CODE_SUFFIX) else ZIP_STORED
    # The padding field's own header of four bytes comes first.
    start = offset + LOCAL_HEADER + len(name.encode()) + 4
    padding = -start % ALIGNMENT
    aligned.extra = struct.pack("<HH", PADDING_TAG, padding) + b"Z" * padding
    return aligned
