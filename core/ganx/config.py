"""The base of every configuration class: validated when made, documented where it is declared."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ganx.errors import ConfigError, nearest
from ganx.utf8 import not_text, not_texts, printable

C = TypeVar("C", bound="Config")

_PLAIN = {
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "give a whole number"),
    **dict.fromkeys(("int_parsing_size",), "give a smaller whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "give a number"),
    "finite_number": "give a finite number",
    **dict.fromkeys(("bool_type", "bool_parsing"), "give true or false"),
    "string_type": "give text",
    "path_type": "give a path",
    **dict.fromkeys(
        ("list_type", "tuple_type", "set_type", "frozen_set_type"),
        'give a list such as [1, 2] or ["a", "b"]',
    ),
    **dict.fromkeys(
        ("dict_type", "mapping_type", "model_type", "model_attributes_type"),
        "give a table of settings",
    ),
}
"""What to give instead, by pydantic's kinds of error whose own words are those of Python."""


class Config(BaseModel):
    """Settings of one part of ganx or of a plugin.

    Declare fields with a default and a docstring below each; the docstring is what
    ``ganx plugins show`` prints. Unknown keys are refused.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        validate_default=True,
        # A field may be called model_something without pydantic's warning.
        protected_namespaces=(),
    )


def validated(config: type[C], values: dict[str, Any], where: str) -> C:
    """Build a configuration, or raise ``ConfigError`` naming each wrong key.

    ``where`` is the dotted place of the values, such as ``model``.
    """
    for key, name in not_texts(values, where):
        raise ConfigError(f"Wrong value for {printable(key)!r}: {not_text(name)}")
    try:
        return config.model_validate(values)
    except ValidationError as error:
        lines = [_explain(config, problem, where) for problem in error.errors()]
        raise ConfigError("\n".join(lines)) from None


def _explain(config: type[BaseModel], problem: Any, where: str) -> str:
    """Tell one of pydantic's findings in a sentence."""
    location = ".".join(str(part) for part in problem["loc"])
    key = f"{where}.{location}" if where and location else where or location
    if problem["type"] == "extra_forbidden":
        known = _fields_at(config, problem["loc"][:-1])
        hint = nearest(str(problem["loc"][-1]), known)
        return f"Unknown setting {key!r}.{hint} Settings here: {', '.join(known) or 'none'}."
    if problem["type"] == "missing":
        return f"The setting {key!r} is missing: give it a value."
    return f"Wrong value {problem['input']!r} for {key!r}: {_expected(problem)}."


def _expected(problem: Any) -> str:
    """Say what to give instead, in the words of a configuration file rather than of Python."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "literal_error":
        choices = context["expected"].replace("'", "").replace(" or ", ", ")
        return f"choose from {choices}"
    if kind == "too_long":
        return f"give at most {context['max_length']} values"
    if kind == "too_short":
        return f"give {context['min_length']} or more values"
    return _PLAIN.get(kind) or problem["msg"].removeprefix("Value error, ").rstrip(".")


def _fields_at(config: type[BaseModel], location: tuple[Any, ...]) -> list[str]:
    """List the keys that the (possibly nested) configuration at a location accepts."""
    for part in location:
        field = config.model_fields.get(str(part))
        annotation = field.annotation if field else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        config = annotation
    return list(config.model_fields)
