"""Names that systems and tools give to what they leave among people's files."""

_FOLDERS = frozenset(
    {
        # Network storage: thumbnails, bins and snapshots
        *("@eadir", "@recycle", "@recently-snapshot", "#recycle", "#snapshot"),
        # macOS, on foreign disks and in archives
        *("__macosx", "network trash folder", "temporary items", "thevolumesettingsfolder"),
        # Windows and Linux
        *("$recycle.bin", "recycler", "system volume information", "lost+found"),
        # Programming
        *("__pycache__", "node_modules"),
    }
)
_CASED = frozenset({"CVS"})
"""Folders whose names in other letters may well be those of classes."""

_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "picasa.ini", "icon\r"})


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is hidden: ``.git``, ``.Trash-1000``, ``._1.png``."""
    return _last(name).startswith(".")


def is_system_folder(name: str) -> bool:
    """Tell whether a folder is a system's or a tool's."""
    return _last(name).lower() in _FOLDERS or _last(name) in _CASED


def is_system_file(name: str) -> bool:
    """Tell whether a file is a system's or a tool's."""
    return _last(name).lower() in _FILES


def _last(name: str) -> str:
    """Return the last part of a name."""
    return name.rpartition("/")[2]
