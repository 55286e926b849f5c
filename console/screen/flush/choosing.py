"""From the key X to what shall be flushed: a list, and where that is not enough a word that is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.choose import Item, choose
from console.screen.flush import ways
from console.screen.flush.typed import TypedScreen
from console.screen.flush.ways import Way

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp

Then = Callable[[str], None]


def ask(app: ConsoleApp, resource: Safe, handle: str, then: Then) -> None:
    """``then`` is given the scope as the engine reads it, or is not called."""
    found = {each.scope: each for each in ways.of(app.live, resource, handle)}
    items = [Item(each.scope, each.words, each.note) for each in found.values()]
    title = sanitise(f"What of {resource} shall be flushed?")
    choose(app, title, items, lambda scope: _taken(app, resource, found[scope], then))


def _taken(app: ConsoleApp, resource: Safe, way: Way, then: Then) -> None:
    names = ways.databases(app.live, resource)
    if way.is_whole:
        then(way.scope)
    elif way.scope.startswith("prefix:"):
        title = sanitise(f"{way.words} of {resource}: what do the keys begin with? It is taken as it stands, * too.")
        _type(app, title, ways.why_no_prefix, lambda typed: then(f"{way.scope}{typed}"))
    elif names:
        _which(app, resource, names, lambda name: then(f"{way.scope}{name}"))
    else:
        title = sanitise(f"The plans of which database of {resource}? Nobody has told of any.")
        _type(app, title, ways.why_no_name, lambda typed: then(f"{way.scope}{typed.strip()}"))


def _which(app: ConsoleApp, resource: Safe, names: Sequence[Safe], then: Then) -> None:
    """The only one is not asked for."""
    if len(names) == 1:
        then(names[0])
        return
    items = [Item(str(name), name) for name in names]
    choose(app, sanitise(f"The plans of which database of {resource}?"), items, then)


def _type(app: ConsoleApp, title: Safe, why_not: Callable[[str], Safe | None], then: Then) -> None:
    def typed(text: str | None) -> None:
        if text is not None:
            then(text)

    app.push_screen(TypedScreen(title, why_not, look=app.look), typed)
