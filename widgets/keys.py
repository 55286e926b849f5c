"""Which keys do what? A list in groups, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType

from collectors.safe import Safe
from widgets import draw
from widgets.draw import Run
from widgets.drawn import Drawn
from widgets.tone import Look, Tone

_KEYS = 14  # cells for the keys of an entry
_WHAT = 30  # cells for what they do, at least
NO_GROUP = Safe("")


@dataclass(frozen=True, slots=True)
class KeyEntry:
    keys: Safe
    what: Safe
    group: Safe = NO_GROUP


class KeyList(Drawn, can_focus=True):
    """A title, notes, and the keys; where it is higher than its place, it scrolls by lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_lines(1)", "Down", id="keys.down", show=False),
        Binding("up,k", "scroll_lines(-1)", "Up", id="keys.up", show=False),
        Binding("pagedown,space", "scroll_lines(10)", "Further down", id="keys.page-down", show=False),
        Binding("pageup", "scroll_lines(-10)", "Further up", id="keys.page-up", show=False),
    ]

    def __init__(
        self,
        title: Safe,
        entries: Sequence[KeyEntry],
        notes: Sequence[Safe] = (),
        *,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(look=look, id=id, classes=classes)
        self._title = title
        self._entries = tuple(entries)
        self._notes = tuple(notes)
        self._top = 0

    def action_scroll_lines(self, lines: int) -> None:
        last = max(0, len(self._lines()) - self.size.height)
        top = max(0, min(self._top + lines, last))
        if top != self._top:
            self._top = top
            self.refresh()

    def runs(self, y: int) -> Sequence[Run]:
        lines = self._lines()
        top = max(0, min(self._top, len(lines) - self.size.height))  # the place may have grown since
        if y == self.size.height - 1 and top + y < len(lines) - 1:
            return [(Safe(f" {len(lines) - top - y} more lines: j or PageDown; Esc closes this"), Tone.WARN)]
        return lines[top + y] if top + y < len(lines) else ()

    def _lines(self) -> list[list[Run]]:
        return key_lines(self._title, self._entries, self._notes, self.size.width, self.look)


def key_lines(
    title: Safe, entries: Sequence[KeyEntry], notes: Sequence[Safe], width: int, look: Look
) -> list[list[Run]]:
    """The whole list, line by line."""
    lines: list[list[Run]] = [[(Safe(f" {title}"), Tone.TITLE)]]
    lines += [[(Safe(f" {note}"), Tone.DIM)] for note in notes]  # above, where a short terminal shows them too
    lines.append([])
    abreast = max(1, width // (_KEYS + _WHAT))
    what = max(1, width // abreast - _KEYS)
    for group in dict.fromkeys(entry.group for entry in entries):
        if group:
            lines.append([(Safe(f" {group}"), Tone.HEADER)])
        members = [entry for entry in entries if entry.group == group]
        height = -(-len(members) // abreast)
        for row in range(height):
            line: list[Run] = []
            for entry in members[row::height]:  # down one column, then the next
                line.append((draw.fit(Safe(f" {entry.keys}"), _KEYS, look.symbols.ellipsis), Tone.ACCENT))
                line.append((draw.fit(entry.what, what, look.symbols.ellipsis), Tone.PLAIN))
            lines.append(line)
        lines.append([])
    return lines[:-1]
