"""The training engine: one loop that carries out an update plan."""
