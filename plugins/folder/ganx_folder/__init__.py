"""Folders of images for ganx."""
