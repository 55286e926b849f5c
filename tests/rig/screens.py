"""Which screens are there to be looked at, measured and kept as text, and how does a person come to each?

Every screen of `console.screen.panes` is here by itself, by its digit. What is not a screen of its own (a filter, the
help) has a line in `OVER`.
"""

from __future__ import annotations

from dataclasses import dataclass

from console.screen.inside.siblings import SIBLINGS
from console.screen.panes import PANES, Entry


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    keys: tuple[str, ...]  # from the overview
    typed: tuple[str, ...] = ()  # by a person who is there: keys whose bytes count


def _way(name: str, entry: Entry) -> tuple[str, ...]:
    """By its digit, or by name."""
    return (entry.digit,) if entry.digit else ("colon", *name, "enter")


def _moves(name: str) -> tuple[str, ...]:
    """Among the screens about the inside of a database Tab opens the next one, and costs what that costs."""
    return tuple(key for key in MOVES if key != "tab" or name not in SIBLINGS)


MOVES = ("j", "k", "tab", "plus")  # down, up, the next part, zoom; what a screen has no use for costs nothing
HOME = Shown("overview", (), MOVES)
OVER = (
    Shown("filter", ("slash", *"replica"), ("backspace", "a")),
    Shown("help", ("question_mark",), ("j",)),
)
PANES_BY_KEY = tuple(Shown(name, _way(name, entry), _moves(name)) for name, entry in PANES.items())
SCREENS = (HOME, *PANES_BY_KEY, *OVER)
SIZES = ((80, 24), (120, 40), (200, 50))
SPLIT = (79, 20)  # half a tmux window
IN_SPLIT = ("overview", "board", "resource", "backups")  # what a person keeps open there
