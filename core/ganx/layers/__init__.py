"""Layers that architectures share; any plugin may use them."""
