"""Objects of an application as data: as fields, their names say which of them are secret; as text, they would not."""

import dataclasses
from collections import UserString
from collections.abc import Callable, ItemsView, Iterable, KeysView, Mapping, Sequence, Set, ValuesView
from enum import Enum
from itertools import islice
from typing import Any

from .redact import REDACTED
from .text import UNREADABLE

TOO_LARGE = "larger than 64 KiB"
# Larger arrays are not turned into lists, only to be found too large.
_MAX_ITEMS = 100_000


def as_data(value: Any) -> Any:
    """A model, record, view or array as a dict or list, one level deep; anything else as it is.

    Known are Pydantic models (1 and 2), dataclasses, attrs classes, named tuples, instances and rows of SQLAlchemy,
    rows of database drivers, tables of pandas, scalars and arrays of NumPy. They are recognised by their attributes, so
    that none of these libraries has to be there.
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


def _of_pydantic(value: Any) -> dict[str, Any]:
    kind = type(value)
    # Of Pydantic 1, what a field is told stands a level deeper.
    fields = kind.model_fields if hasattr(kind, "model_fields") else getattr(kind, "__fields__", {})
    told = {name: getattr(field, "field_info", field) for name, field in fields.items()}
    hidden = {name for name, field in told.items() if getattr(field, "exclude", None) is True or _is_hidden(field)}
    return {name: REDACTED if name in hidden else entry for name, entry in value}


def _of_dataclass(value: Any) -> dict[str, Any]:
    return _of_fields(value, dataclasses.fields(value))


def _of_attrs(value: Any) -> dict[str, Any]:
    return _of_fields(value, type(value).__attrs_attrs__)


def _of_fields(value: Any, fields: Iterable[Any]) -> dict[str, Any]:
    """A field that raises when it is read costs itself."""
    return {field.name: REDACTED if _is_hidden(field) else _field(value, field.name) for field in fields}


def _is_hidden(field: Any) -> bool:
    """What a class keeps out of its `repr` is not meant to be logged."""
    return getattr(field, "repr", True) is False


def _field(value: Any, name: str) -> Any:
    try:
        return getattr(value, name)
    except Exception:
        return UNREADABLE


def _of_named_tuple(value: Any) -> dict[str, Any]:
    return dict(zip(type(value)._fields, value, strict=False))


def _of_row(value: Any) -> dict[str, Any]:
    """What is not loaded would be asked of a database, which may have gone."""
    fields = dataclasses.fields(value) if dataclasses.is_dataclass(value) else ()
    hidden = {field.name for field in fields if _is_hidden(field)}
    return {
        name: REDACTED if name in hidden else entry for name, entry in vars(value).items() if not name.startswith("_")
    }


def _of_selected(value: Any) -> dict[str, Any]:
    return dict(value._mapping)


def _is_numpy(kind: type) -> bool:
    """Records and masked arrays are classes of submodules; those of other libraries may derive from arrays."""
    return hasattr(kind, "tolist") and any(base.__module__.partition(".")[0] == "numpy" for base in kind.__mro__)


def _of_array(value: Any) -> Any:
    fields = getattr(getattr(value, "dtype", None), "names", None)
    if _size(value) > _MAX_ITEMS:
        # NumPy shows the values of a record without the names of its fields.
        return TOO_LARGE if fields else str(value)
    if not fields:
        return value.tolist()
    return list(value) if getattr(value, "ndim", 0) else {name: value[name] for name in fields}


def _is_multi(kind: type) -> bool:
    """Forms, queries and headers of Django, Werkzeug and Starlette, of which `items()` gives one value for each key."""
    return hasattr(kind, "getlist") and hasattr(kind, "keys")


def _of_multi(value: Any) -> dict[Any, Any]:
    """A key that occurs again makes a list."""
    values = {key: value.getlist(key) for key in islice(value.keys(), _MAX_ITEMS)}
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def _is_mapping_like(kind: type) -> bool:
    """What `dict()` takes for a mapping, such as rows of sqlite3 and asyncpg, tables of pandas, headers of Werkzeug."""
    return hasattr(kind, "keys") and hasattr(kind, "__getitem__") and not issubclass(kind, Mapping)


def _of_mapping_like(value: Any) -> Any:
    if _size(value) > _MAX_ITEMS:
        return TOO_LARGE
    return {key: value[key] for key in value.keys()}  # noqa: SIM118 - rows are iterated by value


def _size(value: Any) -> int:
    size = getattr(value, "size", 0)
    return size if isinstance(size, int) else 0


def _of_items(value: Any) -> Any:
    """A dict, unless a key comes twice, as in a query."""
    items = list(islice(value, _MAX_ITEMS))
    fields = dict(items)
    return fields if len(fields) == len(items) else items


def _is_collection(kind: type) -> bool:
    return issubclass(kind, (Sequence, Set, KeysView, ValuesView)) and not issubclass(kind, _AS_THEY_ARE)


def _of_collection(value: Any) -> list[Any]:
    return list(islice(value, _MAX_ITEMS))


# Lists already, or texts, numbers and bytes rather than collections.
_AS_THEY_ARE = (list, tuple, set, frozenset, str, bytes, bytearray, memoryview, range, UserString)
_PLAIN = {type(None), bool, str, int, float, dict, list, tuple, type}
_KINDS: tuple[tuple[Callable[[type], bool], Callable[[Any], Any]], ...] = (
    (_is_pydantic, _of_pydantic),
    # Before dataclasses: an instance of SQLAlchemy may be one, too.
    (lambda kind: hasattr(kind, "__mapper__"), _of_row),
    (dataclasses.is_dataclass, _of_dataclass),
    (lambda kind: hasattr(kind, "__attrs_attrs__"), _of_attrs),
    (lambda kind: hasattr(kind, "_mapping") and hasattr(kind, "_fields"), _of_selected),
    (lambda kind: issubclass(kind, tuple) and hasattr(kind, "_fields"), _of_named_tuple),
    (_is_numpy, _of_array),
    (_is_multi, _of_multi),
    (_is_mapping_like, _of_mapping_like),
    (lambda kind: issubclass(kind, ItemsView), _of_items),
    (_is_collection, _of_collection),
)
