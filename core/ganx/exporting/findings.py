"""What a file says of its own verification."""

from math import floor, log10
from typing import Any

from ganx.config import Config
from ganx.contracts.export_config import ExportConfig
from ganx.contracts.specs import ExporterSpec
from ganx.exporting.verify import Agreement, allowed_for


def finding(
    exporter: ExporterSpec, config: Config | None, found: Agreement, tolerance: float | None
) -> dict[str, Any]:
    """Return the metadata's table ``verification``, in numbers that do not promise too much."""
    form = config if isinstance(config, ExportConfig) else ExportConfig()
    allowed = allowed_for(form, tolerance)
    return {
        "against": "eager float32",
        "batches": list(found.differences),
        "largest_difference": _at_most(max(found.differences.values())),
        "equal_levels": floor(found.equal * 1e6) / 1e6,
        "levels_off": found.levels,
        "allowed": {
            "difference": allowed.difference,
            "equal_levels": allowed.equal,
            "levels_off": allowed.levels,
            "share_beyond": allowed.beyond,
        },
        "alone": exporter.alone is not None,
    }


def _at_most(value: float) -> float:
    """Round up to one digit."""
    if value == 0:
        return 0.0
    step = 10.0 ** floor(log10(value))
    digits = next(n for n in range(1, 11) if value <= n * step)
    return float(f"{digits * step:.0e}")
