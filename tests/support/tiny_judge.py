"""A judge of the tiny squares, trained in a second."""

from pathlib import Path

from tiny import TinyDatasetConfig, open_tiny

from ganx.data.store import prepare
from ganx.judging.saved import save_judge
from ganx.judging.settings import JudgeConfig
from ganx.judging.training import train_judge


def tiny_judge_file(folder: Path) -> Path:
    """Train a judge and keep it."""
    squares = open_tiny(TinyDatasetConfig(size=200))
    store = prepare(squares, "squares", folder)
    judge = train_judge(squares, store, JudgeConfig(width=4, epochs=8, batch_size=16), "cpu")
    path = folder / "judge.safetensors"
    save_judge(judge, path)
    return path
