"""By what may the estate be sorted and grouped? The choices of `o` and `v`, and what becomes of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from collectors.safe import Safe, sanitise
from console.screen import grouping, sorting
from console.screen.choose import Item, choose
from console.screen.glance import HEADINGS
from console.screen.view import View

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res
    from console.screen.app import ConsoleApp

_FIRST = {
    "level": "the worst first, then what cannot be seen",
    "since": "the latest turn first",
    "cpu": "the busiest first",
    "sessions": "the most first",
    "free": "the fullest first",
    "lag": "the furthest behind first",
    "backup": "the most that would be lost first",
    "wait": "the longest first",
    "age": "the longest unseen first",
}


def orders(view: View) -> tuple[Item, ...]:
    """Each column that rows can be sorted by, and which rows then come first."""
    return tuple(Item(key, sanitise(HEADINGS[key]), _note(key, view)) for key in sorting.KEYS)


def sorted_by(view: View, column: str) -> dict[str, Any]:
    """What of the view changes: the same column again turns the order round."""
    return {"sort": column, "reverse": not view.reverse if column == view.sort else False}


def ways(resources: Iterable[Res]) -> tuple[Item, ...]:
    """None, and each way with how many groups it makes."""
    resources = tuple(resources)
    found = [Item("", Safe("not grouped"))]
    for way in grouping.ways(resources):
        values = {grouping.value_of(res, way) for res in resources}
        words = way.replace(grouping.TAG, "tag ", 1) if way.startswith(grouping.TAG) else way
        found.append(Item(way, sanitise(words), sanitise(f"{len(values)} group{'s' if len(values) != 1 else ''}")))
    return tuple(found)


def ask_for_order(app: ConsoleApp, then: Callable[[], None]) -> None:
    def sort(column: str) -> None:
        then()
        app.look_at(**sorted_by(app.view, column))

    choose(app, Safe("Sort by"), orders(app.view), sort, at=app.view.sort)


def ask_for_group(app: ConsoleApp, then: Callable[[], None]) -> None:
    def group(way: str) -> None:
        then()
        app.look_at(group=way)

    choose(app, Safe("Group by"), ways(app.picture.resources.values()), group, at=app.view.group)


def _note(key: str, view: View) -> Safe:
    if key != view.sort:
        return sanitise(_FIRST.get(key, "by its letters"))
    return Safe("now, turned round: again for its own order") if view.reverse else Safe("now: again turns it round")
