"""What does the person mean by what is typed so far? Commands, what may follow them, keys of this screen, resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from collectors.safe import Safe, sanitise
from widgets.menu import Item

MOST = 200  # items; nobody scrolls further than that
RESOURCE, KEY, COMMAND = "@", "!", ":"  # what the first character of an item's key says it is


@dataclass(frozen=True, slots=True)
class Offer:
    """A command as it is offered: ``choices`` None where nothing may follow it."""

    name: str
    what: Safe
    choices: Callable[[], Iterable[str]] | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """All that may be meant. ``keys``: actions of the present screen with what they do and their key."""

    commands: Sequence[Offer]
    keys: Sequence[tuple[str, Safe, Safe]] = ()
    resources: Sequence[Safe] = ()
    past: Sequence[str] = ()  # the latest first

    def matching(self, typed: str) -> tuple[Item, ...]:
        """What was done last where nothing is typed; else whatever contains each word, what begins with it first."""
        text = typed.lstrip(": ")
        name, blank, rest = text.partition(" ")
        told = next((each for each in self.commands if each.name == name.lower()), None)
        if told is not None and blank and told.choices is not None:
            return self._following(told, rest.strip())
        found = [*self._past(), *self._commands(), *self._keys(), *self._resources()]
        unique = {item.key: item for item in reversed(found)}
        wanted = text.lower().split()
        ranked = sorted(
            (item for item in found if unique.get(item.key) is item and _contains(item, wanted)),
            key=lambda item: _rank(item, text.lower()),
        )
        return tuple(ranked[:MOST])

    def _following(self, told: Offer, rest: str) -> tuple[Item, ...]:
        choices = list(told.choices()) if told.choices else []
        words = rest.lower().split()
        fitting = [each for each in choices if all(word in each.lower() for word in words)]
        fitting.sort(key=lambda each: (each.lower() != rest.lower(), not each.lower().startswith(rest.lower())))
        items = [Item(f"{COMMAND}{told.name} {each}", sanitise(f"{told.name} {each}"), told.what) for each in fitting]
        if told.free:
            items.insert(0, Item(f"{COMMAND}{told.name} {rest}".rstrip(), sanitise(f"{told.name} {rest}"), told.what))
        return tuple(items[:MOST])

    def _past(self) -> list[Item]:
        known = {each.name for each in self.commands}
        return [
            Item(COMMAND + each, sanitise(each), Safe("again")) for each in self.past if each.split(" ")[0] in known
        ]

    def _commands(self) -> list[Item]:
        return [Item(COMMAND + each.name, sanitise(each.name), each.what) for each in self.commands]

    def _keys(self) -> list[Item]:
        return [Item(KEY + action, what, sanitise(f"key {key}")) for action, what, key in self.keys]

    def _resources(self) -> list[Item]:
        return [Item(RESOURCE + name, name, Safe("its board")) for name in self.resources]


def taken(key: str) -> tuple[str, str]:
    """The name of the command and what follows it."""
    name, _, rest = key.removeprefix(COMMAND).partition(" ")
    return name, rest.strip()


def _contains(item: Item, wanted: Sequence[str]) -> bool:
    said = f"{item.words} {item.note}".lower()
    return all(word in said for word in wanted)


def _rank(item: Item, typed: str) -> tuple[bool, bool]:
    words = item.words.lower()
    return words != typed, not words.startswith(typed)
