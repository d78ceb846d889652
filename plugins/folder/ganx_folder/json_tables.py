"""JSON and JSON lines as rows of values, distrusting every key of them."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ganx import DataError
from ganx_folder.naming import names_files
from ganx_folder.parsed import Parsed, wrong

LABEL = "label"
"""The column of what a JSON file says without naming it."""

_FORMS = (
    'Write an array of objects, [{"file_name": "1.png", "label": "cat"}], or an object of files, '
    '{"1.png": "cat"}; or name another table with dataset.table, where \'none\' reads none.'
)


def parse_json(path: Path, text: str) -> Parsed:
    """Read a document, or JSON lines under the ending of one."""
    try:
        found = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return parse_lines(path, text)
        what = f"this is not JSON in line {error.lineno}, column {error.colno}: {error.msg}"
        raise DataError(f"{path}: {what}. Correct it.") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: this cannot be used: {error}. Correct it.") from error
    if isinstance(found, list):
        return _array(path, found)
    if isinstance(found, dict):
        return _object(path, found)
    raise DataError(f"{path} holds {found!r}, which is no table. {_FORMS}")


def parse_lines(path: Path, text: str) -> Parsed:
    """Read an object on each line, or an array that has the wrong ending."""
    if text.lstrip().startswith("[") and _is_document(text):
        return parse_json(path, text)
    lines = enumerate(text.split("\n"), start=1)
    return _objects(path, [(line, _one(path, line, row)) for line, row in lines if row.strip()])


def _is_document(text: str) -> bool:
    """Tell whether a text is one JSON value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _one(path: Path, line: int, text: str) -> Any:
    """Read one line."""
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        wrong(path, line, f"this is not JSON at column {error.colno}: {error.msg}", "Correct it")
    except (ValueError, RecursionError) as error:
        wrong(path, line, f"this cannot be used: {error}", "Correct it")


def _objects(path: Path, found: Sequence[tuple[int, Any]]) -> Parsed:
    """Take objects for rows; a key that some of them lack has no value there."""
    for line, one in found:
        if not isinstance(one, dict):
            example = '{"file_name": "1.png", "label": "cat"}'
            wrong(path, line, f"this is not an object such as {example}", "Correct it")
    columns = tuple(dict.fromkeys(key for _, one in found for key in one))
    return Parsed(path, columns, [(line, tuple(map(one.get, columns))) for line, one in found])


def _array(path: Path, found: Sequence[Any]) -> Parsed:
    """Read an array of objects, or of pairs of a file and what is said of it."""
    if found and all(_is_pair(one) for one in found):
        return _pairs(path, found)
    return _objects(path, list(enumerate(found, start=1)))


def _object(path: Path, found: Mapping[str, Any]) -> Parsed:
    """Read an object: of StyleGAN, of columns, of files, or around an array of objects."""
    labels = found.get("labels", ())
    if labels is None:
        return Parsed(path, ("file_name",), (), nothing_said=True)
    if isinstance(labels, list) and labels and all(_is_pair(one) for one in labels):
        return _pairs(path, labels, numbers_are_vectors=True)
    if {"images", "annotations"} <= set(found):
        raise DataError(
            f"{path} is a table of boxes and outlines as COCO has them, of which ganx reads none. "
            f"{_FORMS}"
        )
    if any(names_files(key) and isinstance(found[key], dict | list) for key in found):
        return _columns(path, found)
    values = list(found.values())
    arrays = [value for value in values if _is_array(value)]
    if len(arrays) == 1:
        return _objects(path, list(enumerate(arrays[0], start=1)))
    if all(isinstance(value, dict) for value in values):
        rows = [{"file_name": file, **said} for file, said in found.items()]
        return _objects(path, list(enumerate(rows, start=1)))
    if any(isinstance(value, dict) for value in values):
        raise DataError(f"{path} has objects beside other values, which is no table. {_FORMS}")
    return _pairs(path, list(found.items()))


def _columns(path: Path, found: Mapping[str, Any]) -> Parsed:
    """Read an object of columns, as pandas writes a table: each is a list, or counts its rows."""
    lists = {
        name: list(column.values()) if isinstance(column, dict) else column
        for name, column in found.items()
    }
    keys = [list(column) for column in found.values() if isinstance(column, dict)]
    lengths = {len(column) if isinstance(column, list) else -1 for column in lists.values()}
    if len(lengths) > 1 or -1 in lengths or any(one != keys[0] for one in keys):
        raise DataError(f"{path} has columns that do not have the same rows. {_FORMS}")
    rows = zip(*lists.values(), strict=True)
    return Parsed(path, tuple(lists), list(enumerate(rows, start=1)))


def _pairs(path: Path, found: Sequence[Any], *, numbers_are_vectors: bool = False) -> Parsed:
    """Read files with a class, a list of labels, or a vector of 0 and 1 each."""
    values = [value for _, value in found]
    vectors = values and all(_is_vector(value) for value in values)
    if vectors and (numbers_are_vectors or not _may_be_labels(values)):
        values = _of_vectors(path, values)
    for line, (file, value) in enumerate(found, start=1):
        if value is None:
            wrong(path, line, f"{file!r} has no label", "Give one, or remove the entry")
    files = [file for file, _ in found]
    return Parsed(
        path,
        ("file_name", LABEL),
        list(enumerate(zip(files, values, strict=True), start=1)),
    )


def _may_be_labels(lists: Sequence[Sequence[float]]) -> bool:
    """Tell whether lists of numbers are numbers of labels, rather than a number for each label."""
    whole = all(isinstance(one, int) for numbers in lists for one in numbers)
    wide = len(lists[0]) > 1 and len({len(numbers) for numbers in lists}) == 1
    return whole and not (wide and all(set(numbers) <= {0, 1} for numbers in lists))


def _of_vectors(path: Path, vectors: Sequence[Sequence[float]]) -> list[Any]:
    """Take the positions of ones for labels, or for classes where there is one in each vector."""
    for line, vector in enumerate(vectors, start=1):
        if len(vector) != len(vectors[0]) or not set(vector) <= {0, 1}:
            what = f"{list(vector)} is no vector of {len(vectors[0])} numbers that are 0 or 1"
            wrong(path, line, what, "Other vectors are not read: give names or numbers of labels")
    said = [[str(at) for at, value in enumerate(vector) if value] for vector in vectors]
    return [one[0] for one in said] if all(len(one) == 1 for one in said) else said


def _is_array(value: Any) -> bool:
    """Tell whether a value is an array of objects."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _is_pair(value: Any) -> bool:
    """Tell whether a value is a file and what is said of it."""
    match value:
        case [str(), _]:
            return True
    return False


def _is_vector(value: Any) -> bool:
    """Tell whether a value is a list of numbers."""
    numbers = isinstance(value, list) and bool(value)
    return numbers and all(type(one) in {int, float} for one in value)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is there twice, of which JSON would silently keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise ValueError(f"a key is there twice, {twice!r}")
    return found


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(f"{name} is no value of JSON")
