"""Reading the metadata of PyTorch's archives, TorchScript and .pt2, without running them."""

from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from ganx.errors import ExportError
from ganx.exporting.metadata import ARCHIVE_NAME, MOST_TEXT

_UNREADABLE = (
    BadZipFile,
    EOFError,
    NotImplementedError,  # zipfile's word for what it does not read, such as a newer version
)

MOST_FILES = 100_000
"""Files in an archive; ganx's have a few dozen."""


def read_archive(path: Path) -> str:
    """Return the extra file ``ganx.json`` of an archive as text.

    Raises ``ExportError`` for files that are no archives or not ganx's, for names that lead out of
    the archive, and for a text that is larger than any that ganx writes.
    """
    try:
        with ZipFile(path) as archive:
            entry = _metadata_entry(path, archive)
            if entry.file_size > MOST_TEXT:
                raise ExportError(f"{path} has {entry.file_size:,} bytes of metadata: refused.")
            return archive.read(entry).decode()
    except _UNREADABLE as error:
        raise ExportError(f"{path} is no archive of PyTorch, or it is damaged: {error}.") from None


def _metadata_entry(path: Path, archive: ZipFile) -> ZipInfo:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise ExportError(f"{path} is an archive of {len(entries):,} files: refused.")
    for entry in entries:
        place = PurePosixPath(entry.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
            raise ExportError(
                f"{path} has a file {entry.filename!r}, outside the archive: refused."
            )
    for entry in entries:
        if entry.filename.endswith(f"/extra/{ARCHIVE_NAME}"):
            return entry
    raise ExportError(f"{path} is an archive without {ARCHIVE_NAME}: ganx did not export it.")
