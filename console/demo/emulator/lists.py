"""How much of a long list is asked for: a page of it, what filters leave, the lists of a form."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from console.demo.emulator.requests_form import Refused

T = TypeVar("T")
LATEST = 253_402_300_799.0  # the end of the year 9999
LEAST, MOST = 20, 100  # records that RDS and ElastiCache give at once


def page(
    items: Sequence[T], said: dict[str, Any], t: float, count: int | None = None
) -> tuple[Sequence[T], dict[str, str]]:
    """One page, and the marker of the next where there is one. ``count``: where the request says it in its own way."""
    count = number(said, "MaxRecords", MOST, least=LEAST, most=MOST) if count is None else count
    begin, _ = _marked(said)
    end = begin + count
    more = {"Marker": base64.b64encode(f"{end} {t}".encode()).decode()} if end < len(items) else {}
    return items[begin:end], more


def moment(said: dict[str, Any]) -> float | None:
    """All pages of a list are of the time when the first was asked for: else something would slip between two."""
    return _marked(said)[1]


def _marked(said: dict[str, Any]) -> tuple[int, float | None]:
    if not (marker := said.get("Marker")):
        return 0, None
    try:
        begin, t = base64.b64decode(str(marker), validate=True).decode().split()
        found = int(begin), float(t)
    except ValueError:
        found = -1, 0.0
    if found[0] < 0 or not 0 <= found[1] <= LATEST:
        raise Refused("InvalidParameterValue", "The Marker is not one that was given.")
    return found


def number(
    said: dict[str, Any], name: str, default: int, *, least: int, most: int, code: str = "InvalidParameterValue"
) -> int:
    try:
        found = int(said.get(name, default))
    except (TypeError, ValueError):
        found = least - 1
    if not least <= found <= most:
        text = f"Invalid value {said.get(name)} for {name}. Must be between {least} and {most}"
        raise Refused(code, text)
    return found


def filters(said: dict[str, Any]) -> dict[str, list[str]]:
    """`Filters.Filter.1.Values.Value.1` as name and values."""
    given = members(said.get("Filters"), "Filter")
    if not all(isinstance(each, dict) for each in given):
        raise Refused("MalformedQueryString", "A filter has a name and values.")
    return {str(each.get("Name")): [str(v) for v in members(each.get("Values"), "Value")] for each in given}


def members(said: Any, name: str) -> list[Any]:
    """A list of a form, under the name that its members have or under `member`."""
    if isinstance(said, list):
        return said
    numbered = said.get(name, said.get("member", {})) if isinstance(said, dict) else {}
    if isinstance(numbered, list):
        return numbered
    if not isinstance(numbered, dict) or not all(n.isdigit() for n in numbered):
        raise Refused("MalformedQueryString", f"The list of {name} is not numbered.")
    return [numbered[n] for n in sorted(numbered, key=int)]


def tags_given(said: dict[str, Any]) -> dict[str, str]:
    """What a request says in `Tags`, whichever protocol it came in; nothing where that is no list of them."""
    try:
        given = members(said.get("Tags"), "Tag")
    except Refused:
        return {}
    return {str(each["Key"]): str(each.get("Value", "")) for each in given if isinstance(each, dict) and "Key" in each}
