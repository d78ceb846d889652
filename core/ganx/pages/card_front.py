"""What heads a card in the Hugging Face form, for machines: licence, tags, task, scores.

The keys are those of the page "Model Cards" in the Hub's documentation.
"""

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ganx.contracts.condition import Condition
from ganx.contracts.results import Evaluation, Figure

_NAMES = """
    afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bigscience-openrail-m bsd bsd-2-clause bsd-3-clause
    bsd-3-clause-clear bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0
    cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0
    cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0
    cdla-permissive-2.0 cdla-sharing-1.0 creativeml-openrail-m ecl-2.0 epl-1.0 epl-2.0 etalab-2.0
    eupl-1.1 eupl-1.2 gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0 lppl-1.3c mit mpl-2.0
    ms-pl ncsa odbl ofl-1.1 openrail osl-3.0 pddl postgresql unlicense wtfpl zlib
"""

LICENCES = frozenset(_NAMES.split())
"""Licences that the Hub knows by name; every other is ``other`` with a name of its own."""

_LIBRARIES = {".onnx": "onnx", ".pt": "pytorch", ".pt2": "pytorch"}


def front_matter(
    name: str,
    condition: Condition,
    files: Sequence[Path],
    licence: str | None,
    scores: tuple[Evaluation, Sequence[tuple[str, Figure]]] | None,
) -> dict[str, Any]:
    """Return the keys and values of the head.

    ``scores`` are an evaluation and what is chosen of it, each with what it is of.
    """
    task = "text-to-image" if condition.size else "unconditional-image-generation"
    libraries = list(dict.fromkeys(_LIBRARIES.get(one.suffix, "") for one in files))
    known = [library for library in libraries if library]
    tags = ["gan", "ganx", *known, "image-generation"]
    tags += ["conditional"] if condition.size else ["unconditional"]
    front: dict[str, Any] = dict(_licence(licence))
    if known:
        front["library_name"] = known[0]
    front |= {"pipeline_tag": task, "tags": tags}
    results = _results(task, *scores) if scores else []
    return {**front, "model-index": [{"name": name, "results": results}]} if results else front


def _licence(licence: str | None) -> dict[str, str]:
    """Name the licence as the Hub does."""
    if not licence:
        return {}
    if licence.lower() in LICENCES:
        return {"license": licence.lower()}
    return {"license": "other", "license_name": _slug(licence)}


def _results(
    task: str, evaluation: Evaluation, figures: Sequence[tuple[str, Figure]]
) -> list[dict[str, Any]]:
    """Write the scores in the form of ``model-index``, which takes finite numbers only."""
    data = evaluation.protocol.data.name if evaluation.protocol.data else "unknown"
    metrics = [
        {"type": _slug(one.name), "name": f"{title}: {one.full_name}", "value": round(one.mean, 6)}
        for title, one in figures
        if math.isfinite(one.mean)
    ]
    shown = {"task": {"type": task}, "dataset": {"name": data, "type": _slug(data)}}
    return [{**shown, "metrics": metrics}] if metrics else []


def _slug(text: str) -> str:
    """Write a name in small letters, digits, dots and hyphens."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-") or "unnamed"
