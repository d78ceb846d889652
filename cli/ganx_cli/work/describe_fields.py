"""Settings in words: type, default, range and meaning of every field of a configuration."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

_WORDS = {int: "integer", float: "number", str: "text", bool: "true or false", Path: "path"}
_WORDS |= {NoneType: "none", Any: "anything"}
_BOUNDS = {
    "gt": "> {}",
    "ge": ">= {}",
    "lt": "< {}",
    "le": "<= {}",
    "multiple_of": "multiple of {}",
}
_BOUNDS |= {"min_length": "at least {} long", "max_length": "at most {} long"}


def describe_fields(config: type[BaseModel], prefix: str = "") -> list[dict[str, Any]]:
    """Describe every setting; nested configurations appear with dotted names."""
    found = []
    for name, field in config.model_fields.items():
        nested = _nested(field)
        if nested is None:
            found.append(_describe(prefix + name, field))
        else:
            found += describe_fields(nested, f"{prefix}{name}.")
    return found


def _describe(name: str, field: FieldInfo) -> dict[str, Any]:
    required = field.is_required()
    default = None if required else field.get_default(call_default_factory=True)
    return {
        "name": name,
        "type": type_in_words(field.annotation),
        "required": required,
        "default": to_jsonable_python(default, fallback=str),
        "allowed": ", ".join(dict.fromkeys(_allowed(field.annotation, field.metadata))),
        "meaning": inspect.cleandoc(field.description or "").replace("``", "`"),
    }


def type_in_words(annotation: Any) -> str:
    """Write a type as people say it: ``list of integer``, ``text or none``."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_in_words(arguments[0])
    if origin is Literal:
        return "choice"
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys(type_in_words(one) for one in arguments))
    if origin in {tuple, list, set, frozenset}:
        return _several(arguments)
    if origin is not None:
        return "table"
    return _WORDS.get(annotation) or str(getattr(annotation, "__name__", annotation))


def _several(arguments: tuple[Any, ...]) -> str:
    each = [type_in_words(one) for one in arguments if one is not Ellipsis]
    if Ellipsis in arguments or len(set(each)) == 1:
        count = "" if Ellipsis in arguments or len(each) == 1 else f"{len(each)} "
        return f"list of {count}{each[0]}"
    return f"list ({', '.join(each)})"


def _allowed(annotation: Any, metadata: list[Any]) -> Iterator[str]:
    """Yield bounds and choices, wherever in the type they stand."""
    for mark in metadata:
        inner = mark.metadata if isinstance(mark, FieldInfo) else [mark]
        for one in inner:
            yield from _bounds(one)
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal:
        yield from (str(choice) for choice in arguments)
    elif get_origin(annotation) is Annotated:
        yield from _allowed(arguments[0], list(arguments[1:]))
    else:
        for argument in arguments:
            yield from _allowed(argument, [])


def _bounds(mark: Any) -> Iterator[str]:
    for attribute, words in _BOUNDS.items():
        limit = getattr(mark, attribute, None)
        if limit is not None:
            yield words.format(limit)


def _nested(field: FieldInfo) -> type[BaseModel] | None:
    """Return the configuration class that a field holds, if it holds one."""
    annotation: Any = field.annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None
