"""The time after a flush in words: how long ago, by whom, and how the cache and its origin do. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from console.times import span

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.flush import Flush, FlushFigure

UNKNOWN = "?"
MOST = 4  # figures in one line
WORST = {"hit rate": "lowest"}  # of all else the highest is


def goes_on(flush: Flush) -> bool:
    return flush.ended is None


def noun(flush: Flush) -> str:
    """As it stands within a sentence."""
    return f"{flush.title[:1].lower()}{flush.title[1:]}"


def who(flush: Flush) -> str:
    return flush.by.rsplit("/", 1)[-1]


def ago(flush: Flush, now_ms: int) -> str:
    """`3 min ago`: rounded down, so that it never says more than has passed."""
    seconds = max(0, now_ms - flush.done) // 1000
    return f"{seconds} s ago" if seconds < 60 else f"{seconds // 60} min ago"


def value(what: str, number: float | None) -> str:
    if number is None:
        return UNKNOWN
    if what == "hit rate":
        return f"{number:.0f} %" if number >= 10 else f"{number:.1f} %"
    return f"{number:.0f} %" if what == "CPU" else f"{number:.0f}/s"


def named(figure: FlushFigure, besides: str) -> str:
    """``besides``: whose it is where nobody is named."""
    if figure.about == besides:
        return str(figure.what)
    return f"{figure.about} CPU" if figure.what == "CPU" else f"{figure.what} of {figure.about}"


def is_calm(figure: FlushFigure) -> bool:
    """Evictions that were none before and are none since are no news."""
    return figure.what == "evictions" and figure.is_as_before and figure.back is None


def now(figures: Iterable[FlushFigure], besides: str) -> str:
    """`hit rate 41 %, orders-primary CPU 88 %`; of a group of many nodes those that are not as before first."""
    told = sorted((each for each in figures if not is_calm(each)), key=lambda each: each.is_as_before)
    said = [f"{named(each, besides)} {value(each.what, each.now)}" for each in told[:MOST]]
    return ", ".join([*said, *([f"{len(told) - MOST} more"] if told[MOST:] else [])])


def course(figure: FlushFigure) -> str:
    """`before 96 %, lowest 3.1 %, now 41 %`"""
    what, worst = figure.what, WORST.get(figure.what, "highest")
    said = (("before", figure.before), (worst, figure.worst), ("now", figure.now))
    return ", ".join(f"{word} {value(what, number)}" for word, number in said)


def stands(flush: Flush, now_ms: int) -> str:
    """What is left of the watch; how it ended."""
    if flush.ended is not None:
        return f"{flush.outcome}."
    left = span(max(0, flush.until - now_ms) / 1000)
    return f"Watched for {left} more, or until all is as it was before." if flush.figures else _nothing(left)


def plain(flushes: Iterable[Flush], now_ms: int) -> list[str]:
    """A line for each that is watched."""
    going = [each for each in flushes if goes_on(each)]
    told = [
        (f"{noun(each)} of {each.resource} {ago(each, now_ms)}", now(each.figures, each.resource)) for each in going
    ]
    return [": ".join(filter(None, parts)) for parts in told]


def _nothing(left: str) -> str:
    return f"No value has come of it yet. Watched for {left} more."
