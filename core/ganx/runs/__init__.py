"""What a run keeps on disk: directory, checkpoints, metrics."""
