"""Whether figures were found on the same terms."""

import json
from collections.abc import Collection, Mapping
from typing import Any

DECISIVE = ("judge", "seeds", "prompts", "data")
"""The terms that decide a figure, besides the generator and the version of ganx."""


def as_text(value: Any) -> str:
    """Write JSON so that equal values are equal texts, ranges and tuples being lists."""
    return json.dumps(value, sort_keys=True, default=list)


def same_terms(
    one: Mapping[str, Any], other: Mapping[str, Any], names: Collection[str] | None = None
) -> bool:
    """Tell whether two tables of terms agree in those of these names, or in all without names.

    Terms that were read from a file and terms of now have one form here.
    """
    return _chosen(one, names) == _chosen(other, names)


def _chosen(terms: Mapping[str, Any], names: Collection[str] | None) -> str:
    return as_text({name: terms[name] for name in terms if names is None or name in names})
