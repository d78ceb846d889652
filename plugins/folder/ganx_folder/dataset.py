"""A folder of images as a data set of ganx.

Shapes: N images; K is the size of the condition.
"""

import hashlib
from dataclasses import replace

from ganx import ConfigError, DataError, Dataset, Files, ImageFiles, Interface, Kind, readable
from ganx_folder.config import FolderConfig
from ganx_folder.description import notices, passed_over, prompts, read_from
from ganx_folder.layout import Layout, find_layout
from ganx_folder.matching import records_of_tables
from ganx_folder.overlooked import overlooked
from ganx_folder.placing import NONE
from ganx_folder.reading import Reading, decide, read_as
from ganx_folder.records import (
    Records,
    has_class_folders,
    records_of_class_folders,
    records_without_values,
)
from ganx_folder.skipping import without
from ganx_folder.tree import files_in, read_tree


def open_dataset(config: FolderConfig) -> Dataset:
    """Open the folder that the settings name.

    Raises ``ConfigError`` for settings that miss or contradict something, and ``DataError`` for a
    folder that cannot be used.
    """
    if config.folder is None:
        raise ConfigError(
            "The data set 'folder' needs a folder of images. Name it with --data DIR, which is the "
            "setting dataset.folder."
        )
    root = config.folder.expanduser()
    with readable(root):
        tree = read_tree(files_in(root, config.links))
        layout = find_layout(tree, config.table)
        found = _find_records(layout, config)
        named = _wanted(config) and config.table != NONE
        unread = overlooked(layout.tree, layout.tables) if named else ()
        found = replace(found, remarks=(*found.remarks, *unread))
    return _dataset(layout, config, found, read_as(_kind(config, found), found))


def _find_records(layout: Layout, config: FolderConfig) -> Records:
    """Take what is said of the images from tables, from the folders' names, or from nowhere."""
    wanted = _wanted(config)
    if layout.tables:
        return records_of_tables(layout, (config.columns or None) if wanted else ())
    if config.columns:
        raise ConfigError(
            f"The setting dataset.columns names columns, but there is no table in "
            f"{layout.tree.root}. Drop the setting, or add labels.csv or metadata.jsonl."
        )
    if has_class_folders(layout) and wanted:
        return records_of_class_folders(layout)
    return records_without_values(layout)


def _wanted(config: FolderConfig) -> bool:
    """Tell whether what is said of the images matters."""
    return config.labels and config.kind != "none"


def _kind(config: FolderConfig, found: Records) -> Kind:
    """Choose the kind of condition; refuse one that there are no values for."""
    if not _wanted(config):
        return "none"
    kind = decide(found) if config.kind == "auto" else config.kind
    if not (found.columns or kind == "none"):
        raise DataError(
            f"dataset.kind is {kind!r}, but nothing is said of the images in {config.folder}: "
            "there are no class folders and no columns of labels. Add them, or set dataset.kind "
            "to 'none'."
        )
    return kind


def _dataset(layout: Layout, config: FolderConfig, found: Records, reading: Reading) -> Dataset:
    """Put the parts together; this looks at every image and decodes none it need not."""
    files = layout.tree.files
    images = _images(files, config, found)
    found, reading, gone = without(images.skipped, found, reading)
    condition = reading.condition
    return Dataset(
        interface=Interface(config.resolution, config.channels, condition),
        images=images,
        conditions=reading.conditions,
        splits=found.splits,
        prompts=prompts(found, reading),
        augmentation="mirror" if config.mirror else "none",
        notice=" ".join(
            filter(
                None,
                [
                    *notices(layout, found, reading, wanted=_wanted(config)),
                    images.left_out,
                    *gone,
                ],
            )
        ),
        read_from=read_from(layout, found),
        passed_over=passed_over(layout, found),
        provenance={
            "source": "folder",
            "folder": str(files.root.resolve()),
            "images": len(images),
            "resolution": config.resolution,
            "channels": config.channels,
            "kind": condition.kind,
            "labels_from": found.source,
            "labels_sha256": _digest(files, found) if found.tables else "",
            "skipped_damaged": sorted(images.skipped),
        },
    )


def _images(files: Files, config: FolderConfig, found: Records) -> ImageFiles:
    """Take the files that are to be decoded, as the settings say."""
    return ImageFiles(
        files,
        [record.name for record in found.rows],
        config.resolution,
        config.channels,
        grey_range=config.grey_range,
        fit=config.fit,
        skip_damaged=config.skip_damaged,
    )


def _digest(files: Files, found: Records) -> str:
    """Digest the tables."""
    digest = hashlib.sha256()
    for path in found.tables:
        with files.open(path.relative_to(files.root).as_posix()) as file:
            digest.update(file.read())
    return digest.hexdigest()
