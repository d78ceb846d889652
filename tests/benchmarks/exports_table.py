"""The table of exported files in ``docs/exports.md``."""

from collections.abc import Iterable
from pathlib import Path

import onnxruntime
import torch
from exports_measuring import BATCHES, Row

PAGE = Path(__file__).parents[2] / "docs" / "exports.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

HEAD = """\
| recipe | format | precision | MB | largest difference | equal levels | CPU, batch 1 | batch 64 | \
CUDA, batch 1 | batch 64 |
|---|---|---|---|---|---|---|---|---|---|
"""


def line(row: Row) -> str:
    """Write a row of the table in Markdown."""
    cells = [
        f"`{row.subject}`",
        row.format,
        row.precision,
        f"{row.bytes / 1e6:.2f}",
        f"{row.difference:.0e}",
        f"{row.equal:.1%}",
        *(
            _ratio(row.ratios.get((device, batch)))
            for device in ("cpu", "cuda")
            for batch in BATCHES
        ),
    ]
    return f"| {' | '.join(cells)} |\n"


def _ratio(ratio: float | str | None) -> str:
    """Tell a time as a part of eager's."""
    if ratio is None:
        return "not run"
    return ratio if isinstance(ratio, str) else f"{ratio:.2f}"


def machine() -> str:
    """Name what the figures depend on."""
    versions = f"PyTorch {torch.__version__}, onnxruntime {onnxruntime.__version__}"
    cuda = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    return f"{versions}; CPU: one thread, {_processor()}; CUDA: {cuda}."


def _processor() -> str:
    """Return the kind of CPU, with what decides how fast 16 bits are."""
    return torch.backends.cpu.get_cpu_capability()


def write(rows: Iterable[str]) -> None:
    """Put the table in its place on the page."""
    text = PAGE.read_text("utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    table = f"{BEGIN}\n{machine()}\n\n{HEAD}{''.join(rows)}{END}"
    PAGE.write_text(f"{before}{table}{after}", encoding="utf-8")
