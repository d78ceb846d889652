"""Runs side by side: whether they may be compared, and what the comparison shows.

``likeness`` finds what is not like for like, ``verdict`` what is better beyond the noise, ``table``
the rows of figures, ``configs`` the settings that differ; ``comparison`` puts them together, from
the ``Contender`` of each run that ``opening`` evaluates.
"""
