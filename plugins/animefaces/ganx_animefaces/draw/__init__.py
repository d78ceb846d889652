"""Anime faces, drawn rather than downloaded: a head of polygons in flat colours, as in cels."""

from ganx_animefaces.draw.picture import draw_faces, draw_labels

__all__ = ["draw_faces", "draw_labels"]
