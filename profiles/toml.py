"""How is a profile written, with all that it leaves to defaults? As TOML that reads back as the same profile."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from profiles.limits import Measured
from profiles.metrics import Metrics
from profiles.model import Profile

DEFAULT = "  # default"
_FIRST = ("name", "id", "metric")
_SIZES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"))


def written(profile: Profile, metrics: Metrics) -> Iterator[str]:
    """The lines. What the file did not say is marked; what nobody says is left out."""
    tables: list[tuple[str, object, bool]] = []
    for name, value, given in _fields(profile):
        if isinstance(value, BaseModel) or (value and isinstance(value, tuple)):
            tables.append((name, value, given))
        elif not _says_nothing(value):
            yield _line(name, value, given)
    for name, value, given in tables:
        many = isinstance(value, tuple)
        for part in value if isinstance(value, tuple) else (value,):
            yield ""
            yield (f"[[{name}]]" if many else f"[{name}]") + ("" if given else DEFAULT)
            yield from _table(name, part, given, metrics)


def _table(name: str, part: BaseModel, given: bool, metrics: Metrics) -> Iterator[str]:
    """A table that is marked as a default needs no marks within."""
    inner: list[tuple[str, BaseModel, bool]] = []
    for key, value, said in _fields(part):
        marked = given and not said
        if isinstance(value, BaseModel):
            inner.append((f"{name}.{key}", value, marked))
        elif not _says_nothing(value):
            in_bytes = isinstance(part, Measured) and key in ("above", "below") and metrics.unit(part.metric) == "Bytes"
            yield _line(key, _sizes(value) if in_bytes else value, not marked)
    for path, value, marked in inner:
        yield f"[{path}]" + (DEFAULT if marked else "")
        yield from _table(path, value, given and not marked, metrics)


def _fields(part: BaseModel) -> Iterator[tuple[str, object, bool]]:
    """Key, value, and whether the file said it; what it is called by comes first."""
    fields = type(part).model_fields
    for name in sorted(fields, key=lambda name: name not in _FIRST):
        yield fields[name].alias or name, getattr(part, name), name in part.model_fields_set


def _says_nothing(value: object) -> bool:
    return value is None or value in ((), {})


def _line(key: str, value: object, given: bool) -> str:
    return f"{key} = {_value(value)}{'' if given else DEFAULT}"


def _sizes(value: object) -> object:
    """Bytes as a person would write them, where that is exact."""
    if isinstance(value, Mapping):
        return {key: _sizes(inner) for key, inner in value.items()}
    for size, word in _SIZES:
        if isinstance(value, float) and value and value % size == 0:
            return f"{value / size:.0f} {word}"
    return value


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, BaseModel):
        return _inline((key, inner) for key, inner, _ in _fields(value) if not _says_nothing(inner))
    if isinstance(value, Mapping):
        return _inline(value.items())
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _inline(pairs: Iterable[tuple[str, object]]) -> str:
    said = ", ".join(f"{_key(key)} = {_value(value)}" for key, value in pairs)
    return f"{{ {said} }}" if said else "{}"


def _key(word: str) -> str:
    plain = word and all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in word)
    return word if plain else json.dumps(word, ensure_ascii=False)
