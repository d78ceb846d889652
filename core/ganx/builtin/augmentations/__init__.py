"""Our augmentations."""
