"""What a file says of itself, for people; nothing in the file is run."""

from pathlib import Path
from typing import Any

from ganx_runtime.description import Description, described, read_metadata
from ganx_runtime.inspection import read_model
from ganx_runtime.wording import listed


def told(path: Path) -> str:
    """Describe a file in lines; raises ``GeneratorError`` for one that cannot be used."""
    content, text = read_model(path)
    metadata = read_metadata(text)
    description = described(metadata)
    rows = [
        ("file", f"{path.name}, {len(content) / 1e6:.2f} MB, {_file(metadata, description)}"),
        ("images", f"{description.resolution} pixels, {description.channels} channels"),
        ("latent", ", ".join(f"{one.name} ({one.kind}, {one.size})" for one in description.latent)),
        ("condition", _condition(description)),
        *((group.name, listed(group.values)) for group in description.condition.groups),
        ("text", _field(metadata, "text", "example") or "none"),
        ("distribution", _distribution(description)),
        ("from", _origin(metadata)),
        ("licence", str(metadata.get("licence") or "not given")),
        ("verified", _verified(metadata)),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _file(metadata: dict[str, Any], description: Description) -> str:
    batch = f"batch {description.batch}" if description.batch else "any batch"
    return f"{_field(metadata, 'file', 'precision')}, {description.output} images, {batch}"


def _condition(description: Description) -> str:
    condition = description.condition
    limit = f", at most {condition.limit} at once" if condition.limit else ""
    return f"{condition.kind}, {condition.size} values{limit}"


def _distribution(description: Description) -> str:
    summary = description.distribution
    if summary is None:
        return "not in the file" if description.condition.size else "no condition"
    images = sum(summary.counts) + (summary.rest.images if summary.rest else 0)
    return f"{images:,} training images, {len(summary.combinations)} combinations listed"


def _origin(metadata: dict[str, Any]) -> str:
    parts = (_field(metadata, "origin", key) for key in ("run", "images_seen", "weights", "ganx"))
    run, seen, weights, ganx = parts
    return f"{run} after {seen} images seen, weights {weights}, ganx {ganx}"


def _verified(metadata: dict[str, Any]) -> str:
    if metadata.get("verification") is None:
        return "not recorded in the file"
    keys = ("against", "batches", "largest_difference", "equal_levels", "levels_off")
    against, batches, difference, equal, levels = (
        _field(metadata, "verification", key) for key in keys
    )
    share = f"{equal} of pixels at the same level of 255, others off by at most {levels}"
    return f"against {against} at batches {batches}: off by at most {difference}; {share}"


def _field(metadata: dict[str, Any], part: str, key: str) -> str:
    """Give a value of a part of the metadata as text, empty where there is none."""
    table = metadata.get(part)
    return str(table.get(key, "")) if isinstance(table, dict) else ""
