"""Judges: classifiers trained on a data set, which tell what a generator's images show.

A judge is trained by ``train_judge``, kept by ``save_judge``, opened by ``read_judge`` and asked
through ``Judge``; ``scores``, ``baseline``, ``matching``, ``calibration`` and ``agreement`` turn
its outputs into figures, with numpy alone; ``measure`` asks it about a generator.
"""
