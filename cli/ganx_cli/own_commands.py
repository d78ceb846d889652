"""The commands of ganx itself, each in a module of its name, which a plugin cannot replace."""

COMMANDS = {
    "train": "Train a model on a data set.",
    "sample": "Draw images from a trained model.",
    "traverse": "Run through a code or the noise.",
    "interpolate": "Morph images into others.",
    "plot": "Draw the curves of a run.",
    "metrics": "Write a run's metrics as a table.",
    "report": "Write a page that shows a run.",
    "evaluate": "Score a trained model.",
    "compare": "Put runs side by side.",
    "judge": "Train and examine judges.",
    "export": "Write a trained model as one portable file.",
    "datasets": "Show data sets and what they hold.",
    "plugins": "Show what is installed and its settings.",
    "doctor": "Show what this machine offers.",
}
"""The line that the list of commands shows for each, in the order of the list."""
