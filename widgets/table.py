"""A table: which rows are there, and which one do the keys act on? Only the cells that changed are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message

from collectors.safe import Safe
from widgets.columns import Column, Slot, place
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.heading import Sorted, heading
from widgets.lines import line_runs
from widgets.rows import NOTHING, Cell, Line, Row
from widgets.tone import Look, Tone

__all__ = ["Cell", "Column", "Row", "Table"]


class Table(Drawn, can_focus=True):
    """Rows below a header, with a row cursor and a scroll of its own: whole lines, at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next row", id="table.down", show=False),
        Binding("up,k", "move(-1)", "Previous row", id="table.up", show=False),
        Binding("pagedown", "page(1.0)", "Page down", id="table.page-down", show=False),
        Binding("pageup", "page(-1.0)", "Page up", id="table.page-up", show=False),
        Binding("ctrl+d", "page(0.5)", "Half a page down", id="table.half-down", show=False),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", id="table.half-up", show=False),
        Binding("g,home", "first", "First row", id="table.first", show=False),
        Binding("G,end", "last", "Last row", id="table.last", show=False),
        Binding("enter", "choose", "Open", id="table.choose", key_display="Enter"),
    ]

    class Chosen(Message):
        """Enter, or a click on the row that has the cursor."""

        def __init__(self, key: Safe) -> None:
            super().__init__()
            self.key = key

    class Moved(Message):
        """The cursor is on another row; None when there is none."""

        def __init__(self, key: Safe | None) -> None:
            super().__init__()
            self.key = key

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: Safe,
        choosable: bool = True,
        says_where: bool = True,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._columns = tuple(columns)
        self._empty: tuple[Safe, ...] = (empty,)
        self._sorted = Sorted()
        self._choosable = choosable
        self.says_where = says_where  # over the last titles, where the rows do not all have room
        self._keys: tuple[Safe, ...] = ()
        self._make: Callable[[Safe], Row] = _blank
        self._made: dict[Safe, Row] = {}
        self._cursor = 0
        self._moved = False  # nobody has yet: the cursor stays at the top, whichever row that is
        self._top = 0
        self._drawn: dict[int, Line] = {}
        self._drawn_head: list[Run] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(map(self._row, self._keys))

    @property
    def in_view(self) -> tuple[Safe, ...]:
        """The keys of the rows that there is room for."""
        return self._keys[self._top : self._top + max(1, self._height)]

    @property
    def where(self) -> Safe:
        """Where in the rows the view is, when it does not show them all."""
        count, height = len(self._keys), self._height
        return Safe(f"{self._top + 1}-{min(count, self._top + height)}/{count}") if count > height else Safe("")

    @property
    def cursor(self) -> Safe | None:
        """The key of the row that the keys act on."""
        return self._keys[self._cursor] if self._keys else None

    def show(self, rows: Sequence[Row]) -> None:
        """These rows, in this order. A cursor that was moved stays on its row; if that is gone, at its height."""
        made = {row.key: row for row in rows}
        self.show_keys(tuple(made), made.__getitem__)

    def show_keys(self, keys: Sequence[Safe], make: Callable[[Safe], Row]) -> None:
        """As `show`, for many rows: only those that are to be seen are made."""
        before = self.cursor
        self._keys, self._make, self._made = tuple(keys), make, {}
        self._cursor = self._clamped(self._cursor)
        if self._moved and before is not None and self.cursor != before and before in self._keys:
            self._cursor = self._keys.index(before)
        self._settle(before)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other columns. The rows that are shown next have their cells."""
        if tuple(columns) != self._columns:
            self._columns, self._made = tuple(columns), {}
            self.redraw()

    def show_sorted(self, column: str, *, reverse: bool = False) -> None:
        """Which column the rows are sorted by: its title says so."""
        if (now := Sorted(column, reverse)) != self._sorted:
            self._sorted = now
            self._repaint()

    def show_empty(self, *lines: Safe) -> None:
        """Why there are no rows, when there are none."""
        if lines != self._empty:
            self._empty = lines
            self._repaint()

    def select(self, key: Safe) -> bool:
        """Put the cursor on a row; False where there is no such row."""
        if key not in self._keys:
            return False
        self._go(self._keys.index(key))
        return True

    def start_anew(self) -> None:
        """To the top, and there as long as nobody moves: the rows are about to be others."""
        self._go(0)
        self._moved = False

    def redraw(self) -> None:
        self._drawn.clear()
        self.refresh()

    def runs(self, y: int) -> Sequence[Run]:
        slots = self._slots()
        if y < self._head:
            self._drawn_head = self._heading(slots)
            return self._drawn_head
        line = self._line(y)
        self._drawn[y] = line
        return line_runs(line, self._columns, slots, self.size.width, self.look.symbols)

    def action_move(self, rows: int) -> None:
        self._go(self._cursor + rows)

    def action_page(self, pages: float) -> None:
        step = int(max(1, self._height - 1) * pages) or (1 if pages > 0 else -1)
        self._top += step  # the view moves with the cursor, so that a page down shows the next page
        self._go(self._cursor + step)

    def action_first(self) -> None:
        self._go(0)

    def action_last(self) -> None:
        self._go(len(self._keys) - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._choosable or action != "choose"

    def action_choose(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Chosen(self.cursor))

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - self._head
        if event.y < self._head or index >= len(self._keys):
            return
        if index == self._cursor and self._choosable:
            self.action_choose()
        self._go(index)

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def on_focus(self) -> None:
        self._repaint()

    def on_blur(self) -> None:
        self._repaint()

    def on_resize(self) -> None:
        self._settle(self.cursor)

    @property
    def _head(self) -> int:
        return 1 if self.size.height > 1 else 0  # one line is better spent on a row

    @property
    def _height(self) -> int:
        return max(0, self.size.height - self._head)

    def _slots(self) -> tuple[Slot, ...]:
        return place(self._columns, self.size.width - 2)  # a cell of margin on either side

    def _clamped(self, index: int) -> int:
        return max(0, min(index, len(self._keys) - 1))

    def _go(self, index: int) -> None:
        before, self._moved = self.cursor, True
        self._cursor = self._clamped(index)
        self._settle(before)

    def _settle(self, before: Safe | None) -> None:
        """Bring the cursor into view, paint what differs, and say so if it is on another row."""
        height = max(1, self._height)
        self._top = max(0, min(self._top, self._cursor, len(self._keys) - height))
        self._top = max(self._top, self._cursor - height + 1)
        self._repaint()
        if self.cursor != before:
            self.post_message(self.Moved(self.cursor))

    def _repaint(self) -> None:
        slots = self._slots()
        dirty = [region for y in range(self._head, self.size.height) for region in self._changed(y, slots)]
        if self._head and self._heading(slots) != self._drawn_head:
            dirty.append(Region(0, 0, self.size.width, 1))
        if dirty:
            self.refresh(*dirty)

    def _changed(self, y: int, slots: tuple[Slot, ...]) -> list[Region]:
        """The rectangles of line ``y`` that no longer show what they should."""
        new, old = self._line(y), self._drawn.get(y)
        if new == old:
            return []
        if old is None or not new.alike(old):
            return [Region(0, y, self.size.width, 1)]
        return [Region(slot.x + 1, y, slot.width, 1) for slot in slots if new.cell(slot.index) != old.cell(slot.index)]

    def _row(self, key: Safe) -> Row:
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _line(self, y: int) -> Line:
        index = self._top + y - self._head
        if not self._keys:
            return Line(note=self._empty[index] if index < len(self._empty) else None)
        if index >= len(self._keys):
            return Line()
        tone = Tone.SELECTED if self.has_focus else Tone.MARKED
        row = self._row(self._keys[index])
        cursor = tone if index == self._cursor else None
        if row.headline:
            return Line(cursor=cursor, sign=row.sign, headline=row.headline)
        return Line(row.cells or (NOTHING,), cursor, sign=row.sign)

    def _heading(self, slots: tuple[Slot, ...]) -> list[Run]:
        mark = Safe(f" {self.where} ") if self.where and self.says_where else Safe("")
        return heading(self._columns, slots, self._sorted, mark, room=self.size.width, look=self.look)


def _blank(key: Safe) -> Row:
    return Row(key, ())
