"""Does a document fit a JSON schema? As much of the standard as our schema uses; an unknown word is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

KNOWN = {
    *("$defs", "$ref", "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum"),
    *("minProperties", "propertyNames", "title", "description", "default"),
}
TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def misfits(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], path: str = "") -> Iterator[str]:
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        yield from misfits(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path)
    if "anyOf" in schema and all(any(misfits(value, each, root, path)) for each in schema["anyOf"]):
        yield f"{path} fits none"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path} is {value!r}"
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (isinstance(value, bool) and wanted != "boolean")):
        yield f"{path} is not {wanted}"
    elif isinstance(value, dict):
        yield from _in_object(value, schema, root, path)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from misfits(each, schema.get("items", {}), root, f"{path}[{index}]")


def _in_object(value: dict[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], path: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{path}.{key} is missing" for key in schema.get("required", ()) if key not in value)
    if len(value) < schema.get("minProperties", 0):
        yield f"{path} is empty"
    for key, each in value.items():
        if key in properties:
            yield from misfits(each, properties[key], root, f"{path}.{key}")
        elif others is False:
            yield f"{path}.{key} is unknown"
        elif isinstance(others, dict):
            yield from misfits(each, others, root, f"{path}.{key}")
