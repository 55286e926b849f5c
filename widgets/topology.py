"""Who copies from whom? A tree of sources over their copies, each on a line, with how its link does on its edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual import events

from collectors.safe import NO_TEXT, Safe
from widgets import draw
from widgets.columns import GAP, Column
from widgets.rows import Cell, Row
from widgets.table import Table
from widgets.tone import Look, Symbols, Tone

DEEPEST = 6  # stems that are drawn; above them a number says how many there are
KEPT = 90  # columns of that priority or more stand before the words on an edge


@dataclass(frozen=True, slots=True)
class Edge:
    """From a source to the copy that has it. ``words``: what matters most first; where it is narrow the last go."""

    words: tuple[Safe, ...] = ()
    dead: bool = False  # drawn as broken
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Node:
    """``source``: the key of another; of one that is not there, or none, this is a root. ``cells``: one a column."""

    key: Safe
    name: Safe
    source: Safe | None = None
    edge: Edge | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """One line of the tree."""

    key: Safe
    text: Safe
    tone: Tone


Levels = tuple[bool, ...]  # for each level down to a node, whether a sibling comes after


class _Ink(NamedTuple):
    """What stems and edges are made of."""

    bar: str
    branch: str
    last: str
    live: str
    dead: str
    tip: str  # of a living edge
    broken: str  # of a dead one


_INKS: Mapping[Symbols, _Ink] = {
    Symbols.BRAILLE: _Ink("│  ", "├", "└", "─", "╌", "►", "x╌"),
    Symbols.BLOCK: _Ink("│  ", "├", "└", "─", "-", "►", "x-"),
    Symbols.ASCII: _Ink("|  ", "|", "`", "-", "-", ">", "x-"),
}


def tree(nodes: Sequence[Node], room: int, symbols: Symbols) -> tuple[Drawing, ...]:
    """Each node once, below its source, in at most ``room`` cells; with as many words on the edges as there is room."""
    walked = tuple(_walk(nodes))
    most = max((len(node.edge.words) for node, _ in walked if node.edge), default=0)
    lines: list[Safe] = []
    for count in range(most, -1, -1):
        lines = _lines(walked, count, symbols)
        if max(map(draw.width, lines), default=0) <= room or count <= 1:
            break
    tones = (node.edge.tone if node.edge else Tone.TITLE for node, _ in walked)
    return tuple(
        Drawing(node.key, draw.cut(text, room, symbols.ellipsis), tone)
        for (node, _), text, tone in zip(walked, lines, tones, strict=True)
    )


def _walk(nodes: Sequence[Node]) -> Iterator[tuple[Node, Levels]]:
    """Sources before their copies. Where copies go round in a circle, it is begun at the first of them."""
    by_key = {node.key: node for node in reversed(nodes)}
    below: dict[Safe | None, list[Node]] = {}
    for node in dict.fromkeys(by_key[node.key] for node in nodes):
        below.setdefault(node.source if node.source in by_key else None, []).append(node)
    left = dict.fromkeys(node.key for node in nodes)
    starts = [node.key for node in below.get(None, [])]
    while left:
        start = starts.pop(0) if starts else next(iter(left))
        stack: list[tuple[Node, Levels]] = [(by_key[start], ())]
        while stack:
            node, levels = stack.pop()
            del left[node.key]
            yield node, levels
            copies = [copy for copy in below.get(node.key, []) if copy.key in left]
            stack += [(copy, (*levels, copy is not copies[-1])) for copy in reversed(copies)]


def _lines(walked: Sequence[tuple[Node, Levels]], count: int, symbols: Symbols) -> list[Safe]:
    labels = [Safe(" ".join(node.edge.words[:count])) if node.edge else NO_TEXT for node, _ in walked]
    widest = max(map(draw.width, labels), default=0)
    return [
        _line(node, levels, label, widest, _INKS[symbols]) for (node, levels), label in zip(walked, labels, strict=True)
    ]


def _line(node: Node, levels: Levels, label: Safe, widest: int, ink: _Ink) -> Safe:
    """Edges are equally long, so that names of one level stand one below the other."""
    if node.edge is None and not levels:
        return node.name
    dead = node.edge is not None and node.edge.dead
    stroke = ink.dead if dead else ink.live
    tip = ink.broken if dead else stroke + ink.tip
    words = f" {label} " if label else ""
    blank = stroke * ((widest + 2 if widest else 1) - draw.width(Safe(words)))
    return Safe(f"{_stem(levels, ink)}{stroke}{words}{blank}{tip} {node.name}")


def _stem(levels: Levels, ink: _Ink) -> str:
    if not levels:
        return ink.live  # its source is not among these
    shown = levels[-DEEPEST:]
    deep = f"{len(levels)}:" if len(levels) > DEEPEST else ""
    bars = "".join(ink.bar if goes_on else " " * len(ink.bar) for goes_on in shown[:-1])
    return f"{deep}{bars}{ink.branch if shown[-1] else ink.last}"


class Topology(Table):
    """The tree, with a cursor that goes from node to node, and columns beside it."""

    def __init__(
        self,
        title: Safe,
        columns: Sequence[Column],
        *,
        empty: Safe,
        look: Look | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__((Column("tree", title, 12, priority=100), *columns), empty=empty, look=look, id=id)
        self._title, self._beside = title, tuple(columns)
        self._members: tuple[Node, ...] = ()

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """These from now on; a cursor that was moved stays on its node."""
        self._members = tuple(nodes)
        kept = sum(column.width + GAP for column in self._beside if column.priority >= KEPT)
        drawn = tree(self._members, max(1, self.size.width - 2 - kept), self.look.symbols)
        width = max([12, draw.width(self._title), *(draw.width(line.text) for line in drawn)])
        self.show_columns((Column("tree", self._title, width, priority=100), *self._beside))
        beside = {node.key: node.cells for node in reversed(self._members)}
        self.show([Row(line.key, (Cell(line.text, line.tone), *beside[line.key])) for line in drawn])

    def redraw(self) -> None:
        super().redraw()
        if self.is_mounted:
            self.show_nodes(self._members)

    def on_resize(self, event: events.Resize | None = None) -> None:
        self.show_nodes(self._members)
