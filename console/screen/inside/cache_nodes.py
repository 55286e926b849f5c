"""The shards and nodes of one group of caches, each beside the others. Pure, from the picture alone."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.safe import Safe, sanitise
from console.screen.inside import cache_figures as figures
from console.screen.inside.cache_figures import KIND, Figure, Node, node
from console.screen.picture import Picture
from console.screen.values import Signs
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import NO_SIGN, Cell, Row
from widgets.tone import Tone

SHARD = Safe("Shard")
WRONG = Safe("!")
PRIMARY = "primary"

COLUMNS = (
    Column("node", Safe("NODE"), width=14, flex=3, priority=100),
    Column("role", Safe("ROLE"), width=7, priority=92),
    Column("shard", Safe("SHARD"), width=6, priority=70),
    Column("memory", Safe("MEMORY"), width=7, align=Align.RIGHT, priority=98),
    Column("hits", Safe("HITS"), width=7, align=Align.RIGHT, priority=97),
    Column("operations", Safe("OPS"), width=8, align=Align.RIGHT, priority=90),
    Column("evictions", Safe("EVICTED"), width=8, align=Align.RIGHT, priority=85),
    Column("clients", Safe("CLIENTS"), width=7, align=Align.RIGHT, priority=80),
    Column("lag", Safe("LAG"), width=7, align=Align.RIGHT, priority=84),
    Column("cpu", Safe("CPU"), width=7, align=Align.RIGHT, priority=95),
    Column("host", Safe("HOST"), width=7, align=Align.RIGHT, priority=60),
)


def members(picture: Picture, resource: Safe) -> tuple[Node, ...]:
    """It and the other nodes of its group: shard by shard, the primary first."""
    res = picture.resources.get(resource)
    if res is None or res.kind != KIND:
        return ()
    others = picture.resources.items() if res.cluster else ()
    names = {sanitise(name) for name, other in others if other.kind == KIND and other.cluster == res.cluster}
    found = (node(picture, name) for name in names | {resource})
    return tuple(sorted(found, key=lambda each: (_shard(each), each.role != PRIMARY, each.name)))


def rows(nodes: Sequence[Node], signs: Signs) -> list[Row]:
    return [_row(each, signs) for each in nodes]


def _row(of: Node, signs: Signs) -> Row:
    told = (of.memory, of.hits, of.operations, of.evictions, of.clients)
    lag = of.lag if of.role != PRIMARY else Figure(None, "")
    cpu, host = of.engine_cpu, of.aws(figures.HOST_CPU, "Percent")
    cells = (
        Cell(of.name),
        Cell(of.role) if of.role else Cell(signs.inapplicable, Tone.DIM),
        Cell(_shard(of)) if _shard(of) else Cell(signs.inapplicable, Tone.DIM),
        *(_cell(figure, signs) for figure in (*told, lag, cpu, host)),
    )
    return Row(of.name, cells, WRONG if any(each.is_wrong for each in (*told, lag, cpu, host)) else NO_SIGN)


def _cell(figure: Figure, signs: Signs) -> Cell:
    return Cell(figure.said(signs), figure.tone if figure.value is not None else Tone.DIM)


def _shard(of: Node) -> Safe:
    return of.res.facts.get(SHARD, Safe("")) if of.res is not None else Safe("")
