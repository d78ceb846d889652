"""What a person is told when the data set is opened."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ganx_animefaces.config import AnimefacesConfig
from ganx_animefaces.selection import REASONS, Selection

if TYPE_CHECKING:
    from ganx_animefaces.folder import Folder

_MOST_UNKNOWN = 8


def rendered_notice(config: AnimefacesConfig) -> str:
    """Say why faces are rendered and what that means for scores."""
    if config.source == "auto":
        reason = "No folder of anime faces was given (--data DIR), so"
    else:
        reason = "As dataset.source is 'rendered',"
    return (
        f"{reason} {config.size:,} faces are rendered instead; scores on them are not comparable "
        "to those on real ones."
    )


def folder_notice(config: AnimefacesConfig, folder: "Folder") -> str:
    """Say that the folder is read, how many of its rows are used, and why not the others."""
    if config.source == "auto":
        reason = "As a folder was given,"
    else:
        reason = "As dataset.source is 'folder',"
    selection = folder.selection
    used = f"{len(selection.stems):,} of the {selection.rows:,} rows of {folder.tags}"
    return f"{reason} faces are read from it: {used} are used.{_left_out(selection)}"


def _left_out(selection: Selection) -> str:
    """Count the rows that are not used, and the colours that are not of the vocabulary."""
    counts = [(count, REASONS[reason]) for reason, count in selection.left_out.items() if count]
    said = ""
    if counts:
        said += f" Left out: {', '.join(f'{count:,} {reason}' for count, reason in counts)}."
    if selection.unknown:
        named = [f"{tag} ({count:,})" for tag, count in selection.unknown.items()]
        more = ", ..." if len(named) > _MOST_UNKNOWN else ""
        said += f" Outside the vocabulary: {', '.join(named[:_MOST_UNKNOWN])}{more}."
    return said


def empty_notice(empty: Mapping[str, list[str]]) -> str:
    """Name the values that no image has."""
    if not empty:
        return ""
    named = [f"{value} {group}" for group, values in empty.items() for value in values]
    return f"No image has {' or '.join(named)}; nothing can be learnt about that."
