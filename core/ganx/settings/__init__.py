"""What a run is told: read, laid over each other, checked."""
