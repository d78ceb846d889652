"""Scores of generators: what is evaluated (subject), by whom (specs), and what came out (results).

``evaluate`` asks evaluators about a ``Subject``; ``Evaluation`` holds the figures and tables, and
everything that decides them, and is kept as JSON beside the run.
"""
