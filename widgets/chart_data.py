"""What does a chart show? One value over a stretch of time, and what stands behind, across and below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from collectors.safe import Safe
from widgets.plot import Point
from widgets.tone import Tone

NO_WORDS = Safe("")
NOTHING_YET = Safe("no data yet")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line across the chart: where a value begins to mean trouble, and the word for how much."""

    value: float
    tone: Tone = Tone.WARN
    word: Safe = NO_WORDS


@dataclass(frozen=True, slots=True)
class Ghost:
    """The same stretch at another time, in the times of the present, so that it stands behind the line."""

    word: Safe
    points: tuple[Point, ...]
    dashed: bool = False  # else dotted: two ghosts are told apart without colour


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened."""

    time: int
    text: Safe
    tone: Tone = Tone.DIM

    @property
    def is_grave(self) -> bool:
        return self.tone in {Tone.WARN, Tone.BAD}


@dataclass(frozen=True, slots=True)
class ChartData:
    """What to draw. Times are UTC in ms; ``unit`` is the source's name for it; ``every`` how often a point is due."""

    title: Safe
    unit: Safe
    points: tuple[Point, ...]
    start: int
    end: int
    every: int | None = None  # None: as far apart as most of the points are
    thresholds: tuple[Threshold, ...] = ()  # of two on one row the first is drawn
    ghosts: tuple[Ghost, ...] = ()
    marks: tuple[Mark, ...] = ()
    cursor: int | None = None  # the time that is read out
    zone: tzinfo = UTC
    is_past: bool = False  # the stretch ended before now
    aligned: bool = False  # the plot keeps its place whatever the labels: for charts that stand one above the other
    empty: Safe = NOTHING_YET
