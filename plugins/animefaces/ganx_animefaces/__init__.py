"""Anime faces for ganx."""
