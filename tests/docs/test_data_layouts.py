"""Every layout that docs/data.md shows is read as the page says, from a folder and from a zip."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from ganx.contracts.dataset import Dataset
from ganx_folder.config import FolderConfig
from ganx_folder.dataset import open_dataset

PAGE = Path(__file__).parents[2] / "docs" / "data.md"


class Layout(NamedTuple):
    """A row of the page's table."""

    name: str
    tree: str
    read_as: str


def layouts() -> Iterator[Layout]:
    """Read the table."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| layout | tree |"))
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return
        name, tree, read_as, _ = (cell.strip() for cell in line.strip("|").split(" | "))
        yield Layout(name, tree, read_as)


LAYOUTS = list(layouts())


def make(tree: str, root: Path) -> Path:
    """Make what a cell of the table shows: images, and tables with their lines."""
    for entry in tree.split("<br>"):
        name, *lines = re.findall(r"`([^`]+)`", entry)
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if lines:
            text = "\n".join(lines).replace("→", "\t")
            path.write_text(f"{text}\n", encoding="utf-8")
        else:
            Image.new("RGB", (4, 4), (len(list(root.rglob("*"))), 0, 0)).save(path)
    return root


def packed(root: Path) -> Path:
    """Pack a folder as people do, with the folder itself around all."""
    path = root.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(root.rglob("*")):
            archive.write(one, one.relative_to(root.parent))
    return path


def opened(path: Path) -> Dataset:
    return open_dataset(FolderConfig(folder=path, resolution=8))


def told(dataset: Dataset) -> str:
    """Say how a data set was read, in the words of the page."""
    condition = dataset.interface.condition
    if condition.kind == "none":
        return "none: no labels"
    named = condition.kind == "attributes"
    values = [
        f"{group.name}={value}" if named else value
        for group in condition.groups
        for value in group.values
    ]
    splits = [f"{name} {one.stop - one.start}" for name, one in dataset.splits.items()]
    return "; ".join(filter(None, (f"{condition.kind}: {', '.join(values)}", ", ".join(splits))))


def test_the_page_has_the_layouts_that_people_have() -> None:
    assert len(LAYOUTS) >= 14


@pytest.mark.parametrize("layout", LAYOUTS, ids=[one.name for one in LAYOUTS])
def test_a_layout_is_read_as_the_page_says(layout: Layout, tmp_path: Path) -> None:
    folder = make(layout.tree, tmp_path / "pictures")
    assert told(opened(folder)) == layout.read_as


@pytest.mark.parametrize("layout", LAYOUTS, ids=[one.name for one in LAYOUTS])
def test_an_archive_of_it_is_the_same_data_set(layout: Layout, tmp_path: Path) -> None:
    folder = opened(make(layout.tree, tmp_path / "pictures"))
    archive = opened(packed(tmp_path / "pictures"))
    assert told(archive) == layout.read_as
    assert archive.conditions.tolist() == folder.conditions.tolist()
    count = len(folder.images)
    assert archive.images.read(0, count, "cpu").equal(folder.images.read(0, count, "cpu"))
