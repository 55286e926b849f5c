"""What does the terminal show, what was it asked, and which modes are left on?"""

from __future__ import annotations

import re
from typing import Any

import pyte

_HELD = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X](?:[^\x07\x1b]|\x1b(?!\\))*\x1b?|[ -/]*)?$")
_NOT_PYTES = re.compile(
    rb"\x1b\[[<=>][0-?]*[ -/]*[@-~]"  # private: kitty's keyboard, XTVERSION
    rb"|\x1b\[\?[0-9;]*u|\x1b\[[0-?]*[ -/]+[@-~]"  # with intermediates: DECRQM, cursor shapes
    rb"|\x1b[P_^X](?:[^\x1b]|\x1b(?!\\))*\x1b\\|\x1b\](?:[^\x07\x1b]|\x1b(?!\\))*(?:\x07|\x1b\\)"
    rb"|\x1b\[[0-9;]*[tnc]|\x1b\\|\x18"
)
_ALTERNATE = {47, 1047, 1049}
_MIXED = (38, 48)  # a colour follows, of one number or three
_FAINT = {2: (5,), 22: (22, 25)}  # nothing here blinks


class _Grid(pyte.Screen):
    """Adds to pyte the alternate screen, REP and SU, by which tmux clears, and faint, for which blink stands."""

    _kept: Any = None

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private") and _ALTERNATE & set(modes) and self._kept is None:
            self._kept = dict(self.buffer), self.cursor.x, self.cursor.y
            self.buffer.clear()
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private") and _ALTERNATE & set(modes) and self._kept is not None:
            lines, self.cursor.x, self.cursor.y = self._kept
            self._kept = None
            self.buffer.clear()
            self.buffer.update(lines)
        super().reset_mode(*modes, **kwargs)

    def select_graphic_rendition(self, *attrs: int, **kwargs: Any) -> None:
        said, left = [], list(attrs)
        while left:
            code = left.pop(0)
            if code in _MIXED and left:
                count = {5: 2, 2: 4}.get(left[0], 1)
                said += [code, *left[:count]]
                del left[:count]
            else:
                said += _FAINT.get(code, (code,))
        super().select_graphic_rendition(*said, **kwargs)

    def repeat_last(self, count: int | None = None) -> None:
        if self.cursor.x:
            self.draw(self.buffer[self.cursor.y][self.cursor.x - 1].data * (count or 1))

    def scroll_up(self, count: int | None = None) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        self.delete_lines(count or 1)
        self.cursor.x, self.cursor.y = x, y

    def report_device_attributes(self, mode: int = 0, **kwargs: Any) -> None:
        """`Answers` does."""

    def report_device_status(self, mode: int = 0, **kwargs: Any) -> None:
        """`Answers` does."""


class _Stream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "b": "repeat_last", "S": "scroll_up"}  # noqa: RUF012 - pyte's own way
    events = pyte.ByteStream.events | {"repeat_last", "scroll_up"}


class Display:
    """The screen as a person would see it."""

    def __init__(self, columns: int, rows: int) -> None:
        self._grid = _Grid(columns, rows)
        self._stream = _Stream(self._grid)
        self._held = b""

    def feed(self, data: bytes) -> None:
        data = self._held + data
        held = _HELD.search(data, max(0, data.rfind(b"\x1b") - 1024))
        self._held = held.group() if held and len(held.group()) < 8192 else b""
        if self._held:
            data = data[: -len(self._held)]
        self._stream.feed(_NOT_PYTES.sub(b"", data))

    def resize(self, columns: int, rows: int) -> None:
        self._grid.resize(rows, columns)

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._grid.display)

    def cells(self) -> list[list[Any]]:
        """The cells with their styles, row by row."""
        return [[self._grid.buffer[y][x] for x in range(self._grid.columns)] for y in range(self._grid.lines)]

    def cursor(self) -> tuple[int, int]:
        """Row and column, from 1."""
        return self._grid.cursor.y + 1, self._grid.cursor.x + 1


_QUERY = re.compile(
    rb"\x1b\[(?P<da1>0?)c|\x1b\[>(?P<da2>0?)c|\x1b\[(?P<dsr>5)n|\x1b\[\??(?P<cpr>6)n|\x1b\[\?(?P<mode>\d+)\$p"
    rb"|\x1b\[>(?P<version>0?)q|\x1b\](?P<colour>1[01]);\?(?:\x07|\x1b\\)|\x1b\[(?P<size>1[468])t"
    rb"|\x1bP\+q(?P<capability>[0-9A-Fa-f;]*)\x1b\\"
)


class Answers:
    """What a modern terminal answers: it knows synchronised output, and neither pixels nor sizes in band."""

    def __init__(self) -> None:
        self._tail = b""

    def to(self, data: bytes, display: Display, size: tuple[int, int]) -> bytes:
        """The reply to all queries in what has come."""
        data = self._tail + data
        found = list(_QUERY.finditer(data))
        self._tail = data[max(found[-1].end() if found else 0, len(data) - 64) :]
        return b"".join(self._reply(str(q.lastgroup), q[str(q.lastgroup)], display, size) for q in found)

    @staticmethod
    def _reply(kind: str, value: bytes, display: Display, size: tuple[int, int]) -> bytes:
        columns, rows = size
        sizes = {b"14": (4, rows * 16, columns * 8), b"16": (6, 16, 8), b"18": (8, rows, columns)}
        replies = {
            "da1": b"\x1b[?62;22c",
            "da2": b"\x1b[>41;388;0c",
            "dsr": b"\x1b[0n",
            "cpr": b"\x1b[%d;%dR" % display.cursor(),
            "mode": b"\x1b[?%b;%d$y" % (value, 2 if value == b"2026" else 0),
            "version": b"\x1bP>|rig(1)\x1b\\",
            "colour": b"\x1b]%b;rgb:%b\x1b\\" % (value, b"ffff/ffff/ffff" if value == b"10" else b"0000/0000/0000"),
            "size": b"\x1b[%d;%d;%dt" % sizes.get(value, (0, 0, 0)),
            "capability": b"\x1bP0+r%b\x1b\\" % value,
        }
        return replies[kind]


_MODES = {
    47: "alternate screen", 1047: "alternate screen", 1049: "alternate screen",
    1000: "mouse", 1002: "mouse", 1003: "mouse", 1006: "mouse", 1015: "mouse", 1016: "mouse",
    1004: "focus", 2004: "paste", 2026: "synchronised", 2048: "sizes in band",
}  # fmt: skip
_NORMALLY_ON = {25: "no cursor", 7: "no wrap"}
_SET = re.compile(rb"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>=])(\d*)[\d;]*u")


def left_on(output: bytes) -> set[str]:
    """The modes that a terminal is in after this output and was not in before."""
    state: dict[int, bool] = {}
    keyboard = 0
    for found in _SET.finditer(output):
        if found[1] is not None:
            state |= {int(mode): found[2] == b"h" for mode in found[1].split(b";") if mode}
        elif found[3] == b"<":
            keyboard = max(0, keyboard - int(found[4] or 1))
        else:
            keyboard += 1
    left = {name for mode, name in _MODES.items() if state.get(mode)}
    left |= {name for mode, name in _NORMALLY_ON.items() if not state.get(mode, True)}
    return left | ({"kitty's keyboard"} if keyboard else set())
