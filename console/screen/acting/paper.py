"""How is a text of paragraphs laid out in a width? Labels stand before them, what is longer goes on below, indented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.foot import wrapped
from widgets import draw
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone

MOST_COLUMNS = 110  # a longer line is not read, but searched
LABEL = 11


def said(words: str, tone: Tone, columns: int, *, indent: int = 1) -> Iterator[Ends]:
    """One paragraph."""
    room = max(8, min(columns, MOST_COLUMNS) - indent - 1)
    for part in wrapped(sanitise(words), room):
        yield Ends(((sanitise(f"{' ' * indent}{part}"), tone),))


def labelled(label: str, words: str, tone: Tone, columns: int) -> Iterator[Ends]:
    """A paragraph with a word before it; nothing where there is nothing to say."""
    for number, each in enumerate(said(words, tone, columns - LABEL, indent=1)):
        before = label if number == 0 else ""
        yield Ends(((sanitise(f" {before:<{LABEL - 1}}"), Tone.HEADER), *each.left))


def field(label: str, text: str, columns: int, *, here: bool, note: Run | None = None) -> Ends:
    """A line to type in: of what is longer the end, where the typing happens."""
    start = sanitise(f" {'>' if here else ' '} {label}: ")
    room = max(1, columns - draw.width(start) - 1)
    shown = sanitise(text)
    while shown and draw.width(shown) > room:
        shown = sanitise(shown[1:])
    runs: list[Run] = [(start, Tone.ACCENT if here else Tone.PLAIN), (shown, Tone.PLAIN)]
    if here:
        runs.append((Safe(" "), Tone.SELECTED))
    if note is not None:
        runs.append(note)
    return Ends(tuple(runs))


BLANK = Ends(((NO_TEXT, Tone.PLAIN),))


def cut(lines: Sequence[Ends], top: int, room: int, key: str = "PageDown") -> list[Ends]:
    """As many as there is room for, from ``top`` on; the last says how many are left, and by which ``key``."""
    if len(lines) <= room:
        return [*lines, *[BLANK] * (room - len(lines))]
    start = max(0, min(top, len(lines) - room))
    shown, left = list(lines[start : start + room]), len(lines) - start - room
    if left > 0 and shown:
        words = sanitise(f" {left + 1} more lines: {key}")
        shown[-1] = Ends(((words, Tone.WARN),))
    return shown
