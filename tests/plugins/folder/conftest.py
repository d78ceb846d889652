"""Folders of tiny images, and short words for making and opening them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ganx.contracts.dataset import Dataset
from ganx_folder.config import FolderConfig
from ganx_folder.dataset import open_dataset


class ImageFolder:
    """A folder under test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def images(self, *names: str) -> "ImageFolder":
        """Add images; each has a colour of its own."""
        for name in names:
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # By what the image is, as some endings here are wrong on purpose.
            Image.new("RGB", (6, 4), (len(list(self.path.rglob("*"))), 9, 0)).save(path, "PNG")
        return self

    def text(self, name: str, content: str | bytes) -> "ImageFolder":
        """Add a file."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def csv(self, *lines: str, name: str = "labels.csv") -> "ImageFolder":
        """Add a table of comma-separated values."""
        return self.text(name, "\n".join(lines) + "\n")

    def jsonl(self, *rows: Any, name: str = "metadata.jsonl") -> "ImageFolder":
        """Add a table of JSON lines."""
        return self.text(name, "\n".join(map(json.dumps, rows)) + "\n")

    def open(self, **settings: Any) -> Dataset:
        """Open the data set."""
        return open_dataset(FolderConfig(folder=self.path, resolution=8, **settings))

    def shown(self, **settings: Any) -> dict[str, str]:
        """Say for each image, in the order of the data set, what it shows."""
        dataset = self.open(**settings)
        decode = dataset.interface.condition.decode
        names: Sequence[str] = dataset.images.names  # type: ignore[attr-defined] # of ImageFiles
        return dict(zip(names, map(decode, dataset.conditions), strict=True))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., ImageFolder]:
    """Make a folder with images of these names."""

    def made(*names: str) -> ImageFolder:
        path = tmp_path / "data"
        path.mkdir(exist_ok=True)
        return ImageFolder(path).images(*names)

    return made
