"""The footer's lines: what the person should know first, then the keys, which can be looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from collectors.safe import Safe, sanitise
from widgets import draw
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone

MOST_LINES = 4  # of a notice; what is longer is cut in the last


def lines(notice: Safe | None, keys: Sequence[Run], columns: int, *, room: int) -> list[Ends]:
    """Beside the keys where the notice is short, else above them: a remedy that is cut off is none."""
    if notice is None:
        return [Ends(tuple(keys))]
    most = min(MOST_LINES, room - 1)
    if draw.width(notice) + 2 <= columns or most < 1:
        return [Ends(((sanitise(f" {notice} "), Tone.WARN), *keys))]
    told = list(wrapped(notice, max(1, columns - 2)))
    if len(told) > most:
        told[most - 1 :] = [sanitise(" ".join(told[most - 1 :]))]
    return [*(Ends(((sanitise(f" {line}"), Tone.WARN),)) for line in told), Ends(tuple(keys))]


def wrapped(text: Safe, columns: int) -> Iterator[Safe]:
    """Whole words to a line; one that is longer than a line stands alone, and is cut where it is drawn."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and draw.width(sanitise(longer)) > columns:
            yield sanitise(line)
            longer = word
        line = longer
    if line:
        yield sanitise(line)
