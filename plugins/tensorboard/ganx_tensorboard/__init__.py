"""TensorBoard for ganx: a run's curves, grids, alarms and settings as event files."""
