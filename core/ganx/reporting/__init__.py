"""Self-contained pages about runs: HTML with style, script, curves and pictures inside.

A page asks nothing of the network. ``page`` renders templates, ``curves`` draws, ``wording`` writes
numbers as people read them; ``report`` is the page of one run.
"""
