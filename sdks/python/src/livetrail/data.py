"""Objects of an application as data: as fields, their names say which of them are secret; as text, they would not."""

import dataclasses
from collections.abc import Callable
from enum import Enum
from typing import Any

# Larger arrays are not turned into lists, only to be found too large.
_MOST_ITEMS = 100_000


def as_data(value: Any) -> Any:
    """A model, record or array as a dict or list, one level deep; anything else as it is.

    Pydantic models (1 and 2), dataclasses, attrs classes, named tuples, SQLAlchemy instances, NumPy scalars and arrays
    are known by how they look, so that none of these libraries has to be there.
    """
    if isinstance(value, Enum):
        return value.value
    kind = type(value)
    # Nearly everything is one of these.
    if kind in _PLAIN:
        return value
    return next((read(value) for knows, read in _KINDS if knows(kind)), value)


def _is_pydantic(kind: type) -> bool:
    return hasattr(kind, "model_dump") or (hasattr(kind, "__fields__") and hasattr(kind, "parse_obj"))


def _of_dataclass(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _of_attrs(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in type(value).__attrs_attrs__}


def _of_named_tuple(value: Any) -> dict[str, Any]:
    return dict(zip(type(value)._fields, value, strict=False))


def _of_row(value: Any) -> dict[str, Any]:
    """What is not loaded would be asked of a database, which may have gone."""
    return {name: entry for name, entry in vars(value).items() if not name.startswith("_")}


def _of_array(value: Any) -> Any:
    return value.tolist() if getattr(value, "size", 0) <= _MOST_ITEMS else str(value)


_PLAIN = {type(None), bool, str, int, float, dict, list, tuple, type}
_KINDS: tuple[tuple[Callable[[type], bool], Callable[[Any], Any]], ...] = (
    (_is_pydantic, dict),
    (dataclasses.is_dataclass, _of_dataclass),
    (lambda kind: hasattr(kind, "__attrs_attrs__"), _of_attrs),
    (lambda kind: issubclass(kind, tuple) and hasattr(kind, "_fields"), _of_named_tuple),
    (lambda kind: hasattr(kind, "__mapper__"), _of_row),
    (lambda kind: kind.__module__ == "numpy" and hasattr(kind, "tolist"), _of_array),
)
