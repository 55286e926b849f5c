"""What does pydantic's error mean for whoever wrote the file? Never its own words, which speak of types."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from profiles.places import Path, line_of
from profiles.wrong import Fault, nearest, shown

_SECRET = frozenset(("target", "external_id"))
"""Keys whose values are not repeated: somebody may have written a secret there."""


def faults(error: ValidationError, model: type[BaseModel], file: str, lines: Mapping[Path, int]) -> tuple[Fault, ...]:
    """In the order of the file."""
    found = [_fault(detail, model, file, lines) for detail in error.errors(include_url=False)]
    return tuple(sorted(found, key=lambda fault: fault.line or 0))


def _fault(detail: ErrorDetails, model: type[BaseModel], file: str, lines: Mapping[Path, int]) -> Fault:
    context: Mapping[str, Any] = detail.get("ctx") or {}
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "profile" and context["at"]:
        path = (*path, *_path(context["at"]))
    what, allowed, meant, found = _said(detail, context, model, path)
    if path and path[-1] in _SECRET and detail["type"] not in ("missing", "extra_forbidden") and not context.get("found"):
        found = "not shown, it may be a secret"
    return Fault(file, what, dotted(path), line_of(lines, path), None, found, allowed, meant)


def _path(dots: str) -> Path:
    """A severity or a key has no dots in it, save for the names that somebody made up: those stay one."""
    parts = dots.split(".")
    if parts[0] not in ("accounts", "alerts", "channels", "objectives", "thresholds"):
        return (dots,)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def dotted(path: Path) -> str:
    """As TOML has it; the third of an array of tables is `thresholds#3`."""
    words = ""
    for part in path:
        words += f"#{part + 1}" if isinstance(part, int) else f"{'.' if words else ''}{_key(part)}"
    return words


def _key(word: str) -> str:
    plain = word and all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in word)
    return word if plain else shown(word)


def _said(detail: ErrorDetails, context: Mapping[str, Any], model: type[BaseModel], path: Path) -> tuple[str, str, str, str]:
    """What is wrong, what is allowed, what was meant, what was found."""
    kind, found = detail["type"], shown(detail["input"])
    if kind == "profile":
        own = context["found"]
        return str(context["what"]), str(context["allowed"]), str(context["nearest"]), found if own is None else str(own)
    if kind == "missing":
        return "is missing", "", "", ""
    if kind == "extra_forbidden":
        known = keys_at(model, path[:-1])
        return "is not a key that is known here", ", ".join(known), nearest(str(path[-1]), known), ""
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "is not a table", "a table of keys and values", "", found
    if kind in ("tuple_type", "list_type"):
        return "is not an array", "an array, or [[headers]] where it is of tables", "", found
    if kind == "bool_type":
        return "is not a yes or no", "true or false", "", found
    if kind == "too_short":
        return "is empty", "one or more", "", found
    return "is not right", str(detail["msg"]), "", found


def keys_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys of the table that the path leads to."""
    here: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and here is not None:
            field = next((it for name, it in here.model_fields.items() if part in (name, it.alias)), None)
            here = next(_models(field.annotation), None) if field else None
    return tuple(field.alias or name for name, field in here.model_fields.items()) if here else ()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)
