"""What is the least to write, so that the terminal shows the canvas?"""

from __future__ import annotations

from collections.abc import Iterator

from console.screen.cells import Canvas
from console.screen.sgr import DEFAULT, Pen, change, on_blank

_EMOJI = "\U0001f000"  # from here on terminals disagree about widths


class Terminal:
    """What the terminal shows and how it would write on: known from what was sent, or forgotten."""

    def __init__(self) -> None:
        self._shown: Canvas | None = None
        self._pen = DEFAULT
        self._x: int | None = None  # None: not known, so the next move is an absolute one
        self._y = 0
        self._out: list[str] = []

    @property
    def is_known(self) -> bool:
        """Whether anything was painted since it was forgotten."""
        return self._shown is not None

    def forget(self) -> None:
        """Something else may have written: the next paint begins from an empty screen."""
        self._shown = None

    def paint(self, canvas: Canvas) -> str:
        """What to send now; the model is then what the terminal will show."""
        if self._shown is None or self._shown.size != canvas.size:
            self._out.append("\x1b[m\x1b[2J")
            self._shown, self._pen, self._x = Canvas(canvas.size), DEFAULT, None
        shown = self._shown
        for y in range(canvas.size.height):
            if canvas.text[y] != shown.text[y] or canvas.pens[y] != shown.pens[y]:
                self._paint_row(y, canvas, shown)
                shown.text[y][:] = canvas.text[y]
                shown.pens[y][:] = canvas.pens[y]
        return self._taken()

    def park(self, x: int, y: int) -> str:
        """Put the cursor where the program has it, for those who compose characters there."""
        self._move(x, y)
        return self._taken()

    def _taken(self) -> str:
        sequence = "".join(self._out)
        self._out.clear()
        return sequence

    def _paint_row(self, y: int, canvas: Canvas, shown: Canvas) -> None:
        text, pens = canvas.text[y], canvas.pens[y]
        changed = _changed(text, pens, shown.text[y], shown.pens[y])
        tail = _blank_from(text, pens)
        cleared = [x for x in changed if x >= tail]
        if cleared and cleared[-1] - cleared[0] >= 4:  # "erase to the end" is three bytes and maybe a pen
            changed = [x for x in changed if x < tail]
        else:
            cleared = []
        for first, last in _spans(changed, text, pens):
            for x in range(first, last + 1):
                self._write(x, y, text, pens[x])
        if cleared:
            self._move(cleared[0], y)
            if on_blank(self._pen) != DEFAULT:
                self._change(DEFAULT)
            self._out.append("\x1b[K")

    def _write(self, x: int, y: int, text: list[str], pen: Pen) -> None:
        """Write one character; a wide one's second cell is written with its first."""
        cluster = text[x]
        if cluster == "":
            return
        if self._x != x or self._y != y:
            self._move(x, y)
        if not (cluster == " " and on_blank(self._pen) == pen):
            self._change(pen)
        self._out.append(cluster)
        after = x + (2 if x + 1 < len(text) and text[x + 1] == "" else 1)
        odd = len(cluster) > 1 or cluster >= _EMOJI
        self._x = None if odd or after >= len(text) else after  # at the margin the cursor's column is not told

    def _change(self, pen: Pen) -> None:
        if pen != self._pen:
            self._out.append(change(self._pen, pen))
            self._pen = pen

    def _move(self, x: int, y: int) -> None:
        if self._x is None:
            self._out.append(_absolute(x, y))
        elif (self._x, self._y) != (x, y):
            self._out.append(_relative(self._x, self._y, x, y))
        self._x, self._y = x, y


def _absolute(x: int, y: int) -> str:
    if x == 0:
        return f"\x1b[{y + 1}H" if y else "\x1b[H"
    return f"\x1b[{y + 1};{x + 1}H"


def _relative(x: int, y: int, to_x: int, to_y: int) -> str:
    """The shortest of the moves that every terminal has."""
    ways = [_absolute(to_x, to_y)]
    if to_y == y:
        ways.append(_steps(to_x - x, "C", "D"))
        if to_x == 0:
            ways.append("\r")
    elif to_x == x:
        ways.append(_steps(to_y - y, "B", "A"))
    elif to_x == 0 and to_y == y + 1:
        ways.append("\r\n")
    return min(ways, key=len)


def _steps(count: int, forward: str, backward: str) -> str:
    size = abs(count)
    return f"\x1b[{size if size > 1 else ''}{forward if count > 0 else backward}"


def _changed(text: list[str], pens: list[Pen], old_text: list[str], old_pens: list[Pen]) -> list[int]:
    """The cells that differ; of a wide character that is or was there, always both."""
    pairs = zip(text, old_text, pens, old_pens, strict=True)
    return [x for x, (a, b, c, d) in enumerate(pairs) if a != b or c != d]


def _blank_from(text: list[str], pens: list[Pen]) -> int:
    """Where the row's empty end begins."""
    x = len(text)
    while x and text[x - 1] == " " and pens[x - 1] == DEFAULT:
        x -= 1
    return x


def _spans(changed: list[int], text: list[str], pens: list[Pen]) -> Iterator[tuple[int, int]]:
    """Runs of changed cells; a gap that costs no more to write over than to step over joins two."""
    if not changed:
        return
    first = last = changed[0]
    for x in changed[1:]:
        if x > last + 1 and not _cheap(last, x, text, pens):
            yield first, last
            first = x
        last = x
    yield first, last


def _cheap(last: int, following: int, text: list[str], pens: list[Pen]) -> bool:
    gap = range(last + 1, following)
    if len(gap) > 5:
        return False
    pen = pens[last]
    for x in gap:
        if pens[x] != pen and not (text[x] == " " and on_blank(pen) == pens[x]):
            return False
    step = 3 if len(gap) == 1 else 4
    return len("".join(text[x] for x in gap).encode()) <= step
