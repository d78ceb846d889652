"""A trained generator: loaded, drawn from, walked through."""
