"""i-CLEVR's pictures, drawn rather than downloaded: scenes by CLEVR's rules and a ray tracer."""

from .images import BLOCK_IMAGES, render_images
from .labels import COLOURS, OBJECTS_PER_SCENE, SHAPES, object_indices
from .layout import Scenes
from .scene import sample_scenes
from .tracer import render
from .visibility import render_ids

__all__ = [
    "BLOCK_IMAGES",
    "COLOURS",
    "OBJECTS_PER_SCENE",
    "SHAPES",
    "Scenes",
    "object_indices",
    "render",
    "render_ids",
    "render_images",
    "sample_scenes",
]
