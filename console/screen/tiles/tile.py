"""What is a tile? A title, lines and perhaps a chart, told of one resource from one picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen.condition import Condition, Kind, condition, heard_ms
from console.screen.foot import wrapped
from console.screen.glance import GRAVITY, LEVELS
from console.screen.picture import Picture
from console.screen.values import TONES, Signs
from console.screen.view import View
from console.times import span
from widgets.bar import Ends
from widgets.chart import ChartData
from widgets.draw import Run
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

LEAST_CHART = 5  # rows; a lower one shows no scale
LEAST_AGE_S = 60


@dataclass(frozen=True, slots=True)
class Scene:
    """What a tile is told from."""

    picture: Picture
    resource: Safe
    view: View
    signs: Signs
    symbols: Symbols
    columns: int
    rows: int

    @property
    def res(self) -> Res | None:
        return self.picture.resources.get(self.resource)

    @property
    def now(self) -> int:
        return self.picture.now_ms or 0


@dataclass(frozen=True, slots=True)
class Told:
    """``level``: how grave what it tells is; the tab line says it of a tile that is not to be seen."""

    lines: tuple[Ends, ...] = ()
    chart: ChartData | None = None
    level: Severity | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """``opens``: the screen on which it is told in full."""

    name: str
    title: Safe
    tell: Callable[[Scene, Res], Told]
    opens: str
    collector: str | None = None  # whose health says whether it can be believed
    kinds: frozenset[str] = field(default_factory=frozenset)  # of resources that can have it; empty: every kind


def told(tile: Tile, scene: Scene) -> Told:
    """What it tells, and before it what keeps that from being believed."""
    res = scene.res
    wrong = condition(scene.picture, scene.resource, tile.collector) if tile.collector else None
    if res is None:
        return (
            Told(_lines(wrong, scene.columns)) if wrong else Told((line("It is no longer in the estate.", Tone.WARN),))
        )
    if tile.kinds and res.kind not in tile.kinds:
        return Told((line(f"Not applicable to a {res.kind}."),))
    content = tile.tell(scene, res)
    if wrong is None or (wrong.kind is Kind.ABSENT and content.lines):  # it is told of others, or by others
        return content
    return Told((*_lines(wrong, scene.columns), *content.lines), content.chart, content.level)


def heading(tile: Tile, content: Told, age: Safe, *, focused: bool) -> Ends:
    """The line above it: which tile, how grave, and how old."""
    word: list[Run] = []
    if content.level is not None:
        word = [(sanitise(f" {LEVELS[content.level]}"), TONES.get(content.level, Tone.DIM))]
    head = (sanitise(f" {tile.title} "), Tone.SELECTED if focused else Tone.HEADER)
    return Ends((head, *word), ((sanitise(f"{age} "), Tone.DIM),) if age else ())


def age(tile: Tile, scene: Scene) -> Safe:
    """How long its collector has brought nothing, by the minute: seconds would be drawn anew each second."""
    heard = heard_ms(scene.picture, scene.resource, tile.collector) if tile.collector else None
    if heard is None:
        return Safe("")
    passed = (scene.now - heard) / 1000
    return Safe("under 1m ago") if passed < LEAST_AGE_S else sanitise(f"{span(passed)} ago")


def worst(levels: list[Severity | None]) -> Severity | None:
    return min((level for level in levels if level is not None), key=GRAVITY.index, default=None)


def line(words: str, tone: Tone = Tone.DIM) -> Ends:
    return Ends(((sanitise(f" {words}"), tone),))


def _lines(wrong: Condition, columns: int) -> tuple[Ends, ...]:
    """Whole: a reason that is cut off is none."""
    words = [line(part, wrong.tone) for part in wrapped(wrong.words, columns - 2)]
    return *words, *(line(part, Tone.WARN) for part in wrapped(wrong.mend, columns - 2))
