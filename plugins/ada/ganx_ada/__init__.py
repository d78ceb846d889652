"""Adaptive discriminator augmentation, for folders of a few hundred images."""
