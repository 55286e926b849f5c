"""Which keys do what, on every screen? All bindings of ours, from the classes, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen

from widgets.prompt import Prompt

_OURS = ("console.", "widgets.")
_OVER = ("keys.",)  # of widgets that only stand on what lies over a screen


class Kind(StrEnum):
    APP = "app"
    SCREEN = "screen"
    WIDGET = "widget"
    OVER = "over"  # a screen over the others, or what only stands on one: the app's keys do not reach it


@dataclass(frozen=True, slots=True)
class Bound:
    """What one id does in one place. The same id is in as many places as inherit it."""

    id: str  # empty: Textual's own, which cannot be changed
    what: str
    keys: tuple[str, ...]
    place: str  # the class
    kind: Kind
    priority: bool


def all_bound() -> tuple[Bound, ...]:
    """In the order of their places' names."""
    found = [bound for place in sorted(_places(), key=lambda place: place.__name__) for bound in _bound(place)]
    return tuple(found)


def _places() -> Iterator[type[DOMNode]]:
    """Classes that can be on a screen: nothing that others are derived from. What prompts take is no binding's."""
    for kind in _below(DOMNode):
        ours = kind.__module__.startswith(_OURS) and not issubclass(kind, Prompt)
        if ours and not any(each.__module__.startswith(_OURS) for each in kind.__subclasses__()):
            yield kind


def _below(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _bound(place: type[DOMNode]) -> Iterator[Bound]:
    by_action: dict[tuple[str, str], list[Binding]] = {}
    for bindings in place._merge_bindings().key_to_bindings.values():  # noqa: SLF001 - nobody else knows what is inherited
        for binding in bindings:
            by_action.setdefault((binding.id or "", binding.action), []).append(binding)
    for (name, _), same in by_action.items():
        keys = tuple(dict.fromkeys(binding.key for binding in same))
        kind = _kind(place, name)
        yield Bound(name, same[0].description, keys, place.__name__, kind, same[0].priority)


def _kind(place: type[DOMNode], name: str) -> Kind:
    if issubclass(place, App):
        return Kind.APP
    if issubclass(place, ModalScreen) or name.startswith(_OVER):
        return Kind.OVER
    return Kind.SCREEN if issubclass(place, Screen) else Kind.WIDGET
