"""What does pydantic's error mean for whoever wrote the file? Never its own words, which speak of types."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from profiles.places import Path, line_of
from profiles.wrong import Fault, nearest, shown

_TABLE = ("is not a table", "a table of keys and values")
_ARRAY = ("is not an array", "an array, or [[headers]] where it is of tables")
_KINDS = {
    "model_type": _TABLE,
    "dict_type": _TABLE,
    "tuple_type": _ARRAY,
    "bool_type": ("is not a yes or no", "true or false"),
}
_SECRET = frozenset((("channels", "target"), ("estate", "external_id")))
"""First and last keys of values that are not repeated: somebody may have written a secret there."""


class _Said(NamedTuple):
    what: str
    allowed: str = ""
    meant: str = ""
    found: str = ""


def faults(error: ValidationError, model: type[BaseModel], file: str, lines: Mapping[Path, int]) -> tuple[Fault, ...]:
    """In the order of the file."""
    found = [_fault(detail, model, file, lines) for detail in error.errors(include_url=False)]
    return tuple(sorted(found, key=lambda fault: fault.line or 0))


def _fault(detail: ErrorDetails, model: type[BaseModel], file: str, lines: Mapping[Path, int]) -> Fault:
    context: Mapping[str, Any] = detail.get("ctx") or {}
    path: Path = detail["loc"]
    if detail["type"] == "profile":  # where a key itself is wrong, pydantic says so by a last word
        path = (*(path[:-1] if path[-1:] == ("[key]",) else path), *context["at"])
    what, allowed, meant, found = _said(detail, context, model, path)
    if found and path and (path[0], path[-1]) in _SECRET:
        found = "not shown, it may be a secret"
    return Fault(file, what, dotted(path), line_of(lines, path), None, found, allowed, meant)


def dotted(path: Path) -> str:
    """As TOML has it; the third of an array of tables is `thresholds#3`."""
    words = ""
    for part in path:
        words += f"#{part + 1}" if isinstance(part, int) else f"{'.' if words else ''}{_key(part)}"
    return words


def _key(word: str) -> str:
    plain = word and all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in word)
    return word if plain else shown(word)


def _said(detail: ErrorDetails, context: Mapping[str, Any], model: type[BaseModel], path: Path) -> _Said:
    kind, found = detail["type"], shown(detail["input"])
    if kind == "profile":
        own = context["found"]
        return _Said(context["what"], context["allowed"], context["nearest"], found if own is None else own)
    if kind == "missing":
        return _Said("is missing")
    if kind == "extra_forbidden":
        known = keys_at(model, path[:-1])
        return _Said("is not a key that is known here", ", ".join(known), nearest(str(path[-1]), known))
    what, allowed = _KINDS.get(kind, ("is not right", detail["msg"]))
    return _Said(what, allowed, found=found)


def keys_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys of the table that the path leads to."""
    here: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and here is not None:
            field = next((it for name, it in here.model_fields.items() if part in (name, it.alias)), None)
            here = next(_models(field.annotation), None) if field else None
    return tuple(field.alias or name for name, field in here.model_fields.items()) if here else ()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and not typing.get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)
