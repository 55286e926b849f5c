"""A calendar: what happened on each of the last days, week by week, and which day do the keys act on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message

from collectors.safe import Safe, sanitise
from widgets import draw
from widgets.chart import changed
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.tone import Look, Symbols, Tone

WEEK = 7
LABEL = 8  # cells: ` Feb 18 `; where there is no room for it, the days go before
LEAST_CELL = 6  # two digits, a sign with its letter, a `+`, and what parts it from its neighbour
ROOMY_CELL = 10  # from which on there is a second line for words, where there are rows for it


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened on a day. Sign and letter say it without any colour; the word, where there is room."""

    sign: Safe  # one cell each
    letter: Safe
    word: Safe
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Day:
    """``marks``: what matters most first, for a narrow cell shows only that."""

    date: date
    marks: tuple[Mark, ...] = ()
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """Where everything stands: from which column on, how wide a day is, and how many lines a week takes."""

    label: int
    cell: int
    lines: int

    def day_at(self, x: int, y: int, count: int) -> int | None:
        """The number of the day at that place; None where there is none."""
        column, week = (x - self.label) // self.cell, (y - 1) // self.lines
        index = week * WEEK + column
        return index if x >= self.label and y >= 1 and column < WEEK and index < count else None


def laid(count: int, size: tuple[int, int]) -> Laid:
    """For so many days in so many columns and rows; two lines for a week only where every week has them."""
    weeks = -(-count // WEEK)
    label = LABEL if size[0] >= LABEL + WEEK * LEAST_CELL else 0
    cell = max(LEAST_CELL, (size[0] - label) // WEEK)
    roomy = cell >= ROOMY_CELL and size[1] >= 1 + 2 * weeks
    return Laid(label, cell, 2 if roomy else 1)


def drawing(
    days: Sequence[Day], size: tuple[int, int], symbols: Symbols, cursor: int | None = None, *, focused: bool = True
) -> list[list[Run]]:
    """The lines from top to bottom: the days of the week, then the weeks. None is longer than the place is wide."""
    if not days or size[0] <= 0:
        return []
    where = laid(len(days), size)
    lines = [_heading(days, where)]
    for first in range(0, len(days), WEEK):
        week = days[first : first + WEEK]
        at = None if cursor is None or not first <= cursor < first + WEEK else cursor - first
        tone = Tone.SELECTED if focused else Tone.MARKED
        lines += [_week(week, where, symbols, at=at, cursor=tone, line=line) for line in range(where.lines)]
    return [draw.fit_runs(line, size[0], symbols.ellipsis) for line in lines[: size[1]]]


def _heading(days: Sequence[Day], where: Laid) -> list[Run]:
    names = [f"{each.date:%a}" for each in days[:WEEK]]
    return [(sanitise(" " * where.label + "".join(name.ljust(where.cell) for name in names)), Tone.HEADER)]


def _week(week: Sequence[Day], where: Laid, symbols: Symbols, *, at: int | None, cursor: Tone, line: int) -> list[Run]:
    label = f" {week[0].date:%b %d}" if line == 0 else ""
    runs: list[Run] = [(sanitise(label.ljust(where.label)[: where.label]), Tone.DIM)]
    for index, day in enumerate(week):
        chosen = cursor if index == at else None
        runs += _marks(day, where.cell, symbols, chosen) if line == 0 else _words(day, where.cell, symbols, chosen)
    return runs


def _marks(day: Day, room: int, symbols: Symbols, chosen: Tone | None) -> list[Run]:
    """Its number, in brackets where it is today and there is room, and the marks; `+` for those without room."""
    number = f"[{day.date:%d}]" if day.is_today and room > LEAST_CELL + 1 else f"{day.date:%d}"
    runs: list[Run] = [(sanitise(number), chosen or (Tone.TITLE if day.is_today else Tone.PLAIN))]
    left = room - 1 - len(number)
    gap = " " if left >= 3 * min(2, len(day.marks)) else ""
    fitting = left // (2 + len(gap))
    if fitting < len(day.marks):
        fitting = max(1, (left - 1) // (2 + len(gap)))
    for mark in day.marks[:fitting]:
        runs += [(sanitise(gap), chosen or Tone.PLAIN), (sanitise(f"{mark.sign}{mark.letter}"), chosen or mark.tone)]
    if fitting < len(day.marks):
        runs.append((Safe("+"), chosen or Tone.DIM))
    return _filled(runs, room, symbols, chosen)


def _words(day: Day, room: int, symbols: Symbols, chosen: Tone | None) -> list[Run]:
    mark = day.marks[0] if day.marks else None
    word = mark.word if mark else Safe("")
    others = f" +{len(day.marks) - 1}" if len(day.marks) > 1 else ""
    if draw.width(word) + len(others) < room:
        word = sanitise(f"{word}{others}")
    tone = Tone.DIM if mark is None or mark.tone is Tone.PLAIN else mark.tone
    return _filled([(word, chosen or tone)], room, symbols, chosen)


def _filled(runs: list[Run], room: int, symbols: Symbols, chosen: Tone | None) -> list[Run]:
    """To exactly ``room`` cells, the last of which parts it from its neighbour."""
    kept = draw.fit_runs(runs, room - 1, symbols.ellipsis)
    blank = room - 1 - draw.runs_width(kept)
    return [*kept, (Safe(" " * blank), chosen or Tone.PLAIN), (Safe(" "), Tone.PLAIN)]


class Calendar(Drawn, can_focus=True):
    """Weeks from the oldest to the newest; the last day is today as long as nobody moves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Day before", id="calendar.before", show=False),
        Binding("right,l", "move(1)", "Day after", id="calendar.after", show=False),
        Binding("up,k", "move(-7)", "Week before", id="calendar.week-before", show=False),
        Binding("down,j", "move(7)", "Week after", id="calendar.week-after", show=False),
        Binding("g,home", "move(-1000)", "Oldest day", id="calendar.first", show=False),
        Binding("G,end", "move(1000)", "Today", id="calendar.last", show=False),
    ]

    class Moved(Message):
        """Another day is the chosen one."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(
        self,
        *,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._days: tuple[Day, ...] = ()
        self._chosen: date | None = None  # None: nobody has moved, so that it is the last
        self._lines: tuple[tuple[Run, ...], ...] = ()

    @property
    def cursor(self) -> date | None:
        """The day that the keys act on; one that has passed out of sight gives way to the oldest there is."""
        if not self._days:
            return None
        if self._chosen is None:
            return self._days[-1].date
        return min(max(self._chosen, self._days[0].date), self._days[-1].date)

    def show(self, days: Sequence[Day]) -> None:
        """These, without a gap between them, the oldest first."""
        self._days = tuple(days)
        self._draw()

    def start_anew(self) -> None:
        """On the last day again."""
        self._chosen = None
        self._draw()

    def redraw(self) -> None:
        self._draw()
        self.refresh()

    def runs(self, y: int) -> Sequence[Run]:
        return self._lines[y] if y < len(self._lines) else ()

    def action_move(self, days: int) -> None:
        if self.cursor is not None:
            self._go(self.cursor + timedelta(days=max(-len(self._days), min(len(self._days), days))))

    def on_click(self, event: events.Click) -> None:
        index = laid(len(self._days), (self.size.width, self.size.height)).day_at(event.x, event.y, len(self._days))
        if index is not None:
            self._go(self._days[index].date)

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _go(self, day: date) -> None:
        before, newest = self.cursor, self._days[-1].date
        self._chosen = None if day >= newest else max(day, self._days[0].date)
        self._draw()
        if self.cursor is not None and self.cursor != before:
            self.post_message(self.Moved(self.cursor))

    def _draw(self) -> None:
        at = next((index for index, day in enumerate(self._days) if day.date == self.cursor), None)
        size = (self.size.width, self.size.height)
        shown = drawing(self._days, size, self.look.symbols, at, focused=self.has_focus) if all(size) else []
        before, self._lines = self._lines, tuple(map(tuple, shown))
        if len(before) != len(self._lines):
            self.refresh()
            return
        spans = (changed(old, new, size[0]) for old, new in zip(before, self._lines, strict=True))
        dirty = [Region(x, y, width, 1) for y, (x, width) in enumerate(spans) if width]
        if dirty:
            self.refresh(*dirty)
