"""Reading the JSON files of an i-CLEVR folder, distrusting every line of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from ganx import DataError, nearest
from ganx_iclevr.vocabulary import OBJECTS

OBJECT_COUNT = len(OBJECTS)


def read_objects(path: Path) -> tuple[str, ...]:
    """Read ``objects.json``, name to index, as the names in the order of their indices."""
    data = read_json(path)
    if not isinstance(data, dict) or not all(type(index) is int for index in data.values()):
        _wrong_form(path, 'an object such as {"red cube": 1, "blue cube": 2}')
    if sorted(data.values()) != list(range(OBJECT_COUNT)):
        raise DataError(
            f"{path} must give {OBJECT_COUNT} objects the indices 0 to {OBJECT_COUNT - 1}, each "
            f"once; it has {len(data)} objects{_index_fault(list(data.values()))}. Restore the "
            "file of the original data set."
        )
    for name in data:
        if not name.strip() or name != name.strip() or "," in name:
            raise DataError(
                f"{path}: {name!r} cannot be the name of an object, which is neither empty nor has "
                "commas or spaces around it. Correct it."
            )
    return tuple(sorted(data, key=data.__getitem__))


def read_train(path: Path, objects: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Read ``train.json``: for each image name the indices of the objects that it shows."""
    data = read_json(path)
    form = 'an object such as {"image_0.png": ["red cube"]}'
    if not isinstance(data, dict):
        _wrong_form(path, form)
    if not data:
        raise DataError(f"{path} names no images. Restore the file of the original data set.")
    index = {name: position for position, name in enumerate(objects)}
    return {
        image: _indices(path, f"image {image!r}", shown, index, form)
        for image, shown in data.items()
    }


def read_prompts(path: Path, objects: Sequence[str]) -> list[list[str]]:
    """Read ``test.json`` or ``new_test.json``: lists of object names."""
    data = read_json(path)
    form = 'a list such as [["red cube"], ["red cube", "blue sphere"]]'
    if not isinstance(data, list) or not data:
        _wrong_form(path, form)
    index = {name: position for position, name in enumerate(objects)}
    for number, shown in enumerate(data, start=1):
        _indices(path, f"prompt {number}", shown, index, form)
    return data


def _indices(
    path: Path, place: str, shown: Any, index: dict[str, int], form: str
) -> tuple[int, ...]:
    """Look up the objects of one image or prompt."""
    if not isinstance(shown, list) or not all(isinstance(name, str) for name in shown):
        _wrong_form(path, form, f"; {place} has {shown!r}")
    for name in shown:
        if name not in index:
            raise DataError(
                f"{path}: {place} shows {name!r}, which is not in objects.json."
                f"{nearest(name, index)} Correct the name, or restore the original file."
            )
    return tuple(index[name] for name in shown)


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises ``DataError`` naming file, line and column of what is wrong."""
    try:
        return json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        reason = f"is not JSON at {place}: {error.msg}"
    except UnicodeDecodeError as error:
        reason = f"is not text in UTF-8: byte {error.start} does not belong there"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except (ValueError, RecursionError) as error:
        reason = f"cannot be used: {error}"
    raise DataError(f"{path} {reason}. Correct the file or restore the original.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is there twice, of which JSON would silently keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} is in it twice")
        found[key] = value
    return found


def _index_fault(indices: list[int]) -> str:
    """Name the first index that is missing, if one is."""
    missing = sorted(set(range(OBJECT_COUNT)) - set(indices))
    return f" and none with index {missing[0]}" if missing else ""


def _wrong_form(path: Path, form: str, detail: str = "") -> NoReturn:
    """Say which form was expected."""
    raise DataError(f"{path} must hold {form}{detail}. Restore the file of the original data set.")
