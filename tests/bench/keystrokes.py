"""How long is it from a key to what it asked for, with a whole estate on the screen?"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.rig.terminal import Terminal

APART_S = 0.15  # nobody presses faster for long


@dataclass(frozen=True, slots=True)
class Stroke:
    """``shows``: what is on the screen when it is done."""

    kind: str
    key: str
    shows: re.Pattern[str]


def has(words: str, but_not: str = "") -> re.Pattern[str]:
    unwanted = f"(?!.*{re.escape(but_not)})" if but_not else ""
    return re.compile(rf"\A{unwanted}.*{re.escape(words)}", re.DOTALL)


def strokes(rounds: int) -> Iterator[Stroke]:
    """A filter typed and cleared, an order, groups folded and not, a resource and back."""
    for turn in range(rounds):
        yield Stroke("filter", "/", has("\n/"))
        for end in range(1, 6):
            yield Stroke("filter", "order"[end - 1], has(f"/{'order'[:end]}  "))
        yield Stroke("filter", "ctrl+u", has("RESOURCE", but_not="/order"))
        yield Stroke("filter", "enter", has("RESOURCE", but_not="\n/"))
        column, title = (("cpu", "CPU"), ("lag", "LAG"))[turn % 2]
        yield from _menu("sort", "o", "Sort by", column, has(f"\u25be{title}", but_not="Sort by"))
        yield from _menu("group", "v", "Group by", "engine", has("\u25be ", but_not="Group by"))
        yield Stroke("group", "g", has("\u25be "))
        yield Stroke("group", "space", has("\u25b8 "))
        yield Stroke("group", "space", has("\u25be ", but_not="\u25b8 "))
        yield from _menu("group", "v", "Group by", "not", has("RESOURCE", but_not="\n \u25be "))
        yield Stroke("drill" if turn else "open", "enter", has("DEMO", but_not="o:Sort"))  # the first builds the screen
        yield Stroke("drill", "q", has("o:Sort"))


def _menu(kind: str, key: str, title: str, typed: str, done: re.Pattern[str]) -> Iterator[Stroke]:
    yield Stroke(kind, key, has(title))
    for end in range(1, len(typed) + 1):
        yield Stroke(kind, typed[end - 1], has(f"{title}  {typed[:end]}"))
    yield Stroke(kind, "enter", done)


def timed(terminal: Terminal, rounds: int) -> dict[str, list[float]]:
    """Seconds, rising, by kind. What the rig needs to draw the screen itself is in them."""
    took: dict[str, list[float]] = {}
    for stroke in strokes(rounds):
        began = time.monotonic()
        terminal.press(stroke.key)
        terminal.wait_for(stroke.shows, 10)
        took.setdefault(stroke.kind, []).append(time.monotonic() - began)
        time.sleep(APART_S)
    return {kind: sorted(seconds) for kind, seconds in took.items()}
