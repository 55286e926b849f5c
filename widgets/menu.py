"""A list to choose from: which one does the person mean? Typing narrows it, Enter takes the one that is lit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from collectors.safe import Safe, sanitise
from widgets import draw
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.tone import Look, Tone

LIMIT = 64  # characters of what is typed
NO_NOTE = Safe("")
HINT = Safe(" Enter takes it, Esc leaves")


@dataclass(frozen=True, slots=True)
class Item:
    """``note`` stands dim behind the words."""

    key: str
    words: Safe
    note: Safe = NO_NOTE


def narrowed(items: Sequence[Item], typed: str) -> tuple[Item, ...]:
    """Those with every word that was typed; what begins with it first."""
    wanted = typed.lower().split()
    found = [item for item in items if all(word in f"{item.words} {item.note}".lower() for word in wanted)]
    return tuple(sorted(found, key=lambda item: not item.words.lower().startswith(typed.lower())))


class Menu(Drawn, can_focus=True):
    """A title with what is typed, and below it the items, as many as there is room for."""

    class Taken(Message):
        """Enter, or a click."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Left(Message):
        """Esc."""

    def __init__(
        self,
        title: Safe,
        items: Sequence[Item],
        *,
        at: str = "",
        typed: str = "",
        narrow: Callable[[Sequence[Item], str], tuple[Item, ...]] = narrowed,
        look: Look | None = None,
    ) -> None:
        """``narrow``: what is left of the items, or instead of them, for what is typed."""
        super().__init__(look=look)
        self._title = title
        self._items = tuple(items)
        self._narrowed = narrow
        self._typed = typed
        self._shown = self._items
        self._cursor = next((index for index, item in enumerate(items) if item.key == at), 0)

    @property
    def wide(self) -> int:
        """The cells that every item has room in, with a margin."""
        longest = max((draw.width(item.words) + draw.width(item.note) + 2 for item in self._items), default=0)
        return max(longest, draw.width(self._title) + 20, len(HINT)) + 2

    @property
    def high(self) -> int:
        return len(self._items) + 2

    async def on_key(self, event: events.Key) -> None:
        """All keys here, so that letters narrow the list and are no commands."""
        event.stop()
        event.prevent_default()
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "tab": 1, "shift+tab": -1}
        steps |= {"pagedown": self._room, "pageup": -self._room}
        if event.key in steps:
            self._move(steps[event.key])
        elif event.key == "enter":
            self._take()
        elif event.key in {"escape", "ctrl+c"}:
            self.post_message(self.Left())
        elif event.key == "backspace":
            self._narrow(self._typed[:-1])
        elif event.key == "ctrl+u":
            self._narrow("")
        elif event.is_printable and event.character:
            self._narrow(self._typed + event.character)

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - 1
        if event.y and index < len(self._shown):
            self._cursor = index
            self._take()

    def on_mouse_scroll_down(self) -> None:
        self._move(1)

    def on_mouse_scroll_up(self) -> None:
        self._move(-1)

    def runs(self, y: int) -> Sequence[Run]:
        if y == 0:
            typed = [(sanitise(self._typed), Tone.PLAIN), (Safe(" "), Tone.SELECTED)]
            hint = [] if self._typed else [(Safe(" type to narrow"), Tone.DIM)]
            return [(Safe(f" {self._title}  "), Tone.TITLE), *typed, *hint]
        index = self._top + y - 1
        if not self._shown and y == 1:
            return [(Safe(" Nothing matches: Backspace."), Tone.WARN)]
        if index >= len(self._shown) or y > self._room:
            return [(HINT, Tone.DIM)] if y == self.size.height - 1 else ()
        return self._item(self._shown[index], is_lit=index == self._cursor)

    def _item(self, item: Item, *, is_lit: bool) -> list[Run]:
        words = draw.cut(item.words, self.size.width - 1, self.look.symbols.ellipsis)
        room = self.size.width - 1 - draw.width(words) - 2
        note = draw.fit(item.note, max(0, room), self.look.symbols.ellipsis)
        lit, dim = (Tone.SELECTED, Tone.SELECTED) if is_lit else (Tone.PLAIN, Tone.DIM)
        return [(Safe(" "), lit), (words, lit), (Safe("  "), lit), (note, dim)]

    @property
    def _room(self) -> int:
        """Lines for items, below the title and above the hint."""
        return max(1, self.size.height - 2)

    @property
    def _top(self) -> int:
        return max(0, min(self._cursor - self._room // 2, len(self._shown) - self._room))

    def _move(self, steps: int) -> None:
        self._cursor = max(0, min(self._cursor + steps, len(self._shown) - 1))
        self.refresh()

    def _narrow(self, typed: str) -> None:
        self._typed = typed[:LIMIT]
        self._shown, self._cursor = self._narrowed(self._items, self._typed), 0
        self.refresh()

    def _take(self) -> None:
        if self._shown:
            self.post_message(self.Taken(self._shown[self._cursor].key))
