"""What was spent, what a day costs at this pace, and what is asked less often for it: in words and rows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.health import dollars
from console.screen.values import Signs
from console.times import span
from widgets.bar import Ends
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.status import CollectorState, Cost, ServerLoad, Spending, Status

KINDS = (
    Column("what", Safe("ASKED FOR"), width=26, flex=2, priority=100),
    Column("series", Safe("SERIES"), width=7, align=Align.RIGHT, priority=70),
    Column("every", Safe("EVERY"), width=6, align=Align.RIGHT, priority=90),
    Column("full", Safe("FULL"), width=5, align=Align.RIGHT, priority=60),
    Column("usd", Safe("A DAY"), width=9, align=Align.RIGHT, priority=95),
    Column("why", Safe("WHY NOT OFTENER"), width=22, flex=3, priority=80),
)
ASKERS = (
    Column("name", Safe("COLLECTOR"), width=20, flex=1, priority=100),
    Column("requests", Safe("REQUESTS"), width=9, align=Align.RIGHT, priority=80),
    Column("metrics", Safe("METRICS"), width=9, align=Align.RIGHT, priority=70),
    Column("usd", Safe("COST"), width=10, align=Align.RIGHT, priority=90),
)

SERVERS = (
    Column("server", Safe("DATABASE SERVER"), width=20, flex=1, priority=100),
    Column("statements", Safe("STATEMENTS/MIN"), width=14, align=Align.RIGHT, priority=90),
    Column("share", Safe("TIME"), width=7, align=Align.RIGHT, priority=95),
    Column("dearest", Safe("MOST OF IT FOR"), width=16, priority=70),
    Column("connections", Safe("CONNECTIONS"), width=11, align=Align.RIGHT, priority=60),
    Column("driver", Safe("ASKED BY"), width=14, flex=2, priority=50),
)
DAY_S = 86_400


def servers(loads: Sequence[ServerLoad]) -> list[Row]:
    """What each is burdened with by us; a share of its time is as it is seen from here."""
    return [_server(load) for load in loads]


def _server(load: ServerLoad) -> Row:
    grave = load.share > load.budget
    hanging = f", {load.hanging} hang" if load.hanging else ""
    return Row(
        load.server,
        (
            Cell(load.server),
            Cell(sanitise(f"{load.statements_per_min:.0f}")),
            Cell(sanitise(f"{load.share:.2%}"), Tone.WARN if grave else Tone.PLAIN),
            Cell(load.dearest, Tone.DIM),
            Cell(sanitise(f"{load.connections}/{load.most_connections}{hanging}" if load.most_connections else "")),
            Cell(load.driver, Tone.WARN if load.warning else Tone.DIM),
        ),
    )


def sums(status: Status | None) -> list[Ends]:
    """The day first: it is what the budget is about."""
    if status is None:
        return [_line("Waiting for the engine to say what it spends.", Tone.DIM)]
    cost = status.cost
    warned = dict.fromkeys(f"{load.driver}: {load.warning}" for load in status.servers if load.warning)
    return [*(_line(words, Tone.WARN) for words in warned), _today(cost), _pace(cost), _full(status.spending), _line(
        f"{cost.requests:,} requests and {cost.metrics:,} metrics since this engine began: {dollars(cost.usd)}. "
        "Prices are the profile's ([cost]), in US dollars; a day is one of UTC.", Tone.DIM)]  # fmt: skip


def _today(cost: Cost) -> Ends:
    if cost.budget_usd is None:
        return _line(f"Today {dollars(cost.usd_today)}; the profile sets no budget.", Tone.TITLE)
    left = max(0.0, cost.budget_usd - cost.usd_today)
    words = f"Today {dollars(cost.usd_today)} of ${cost.budget_usd:.2f}: {dollars(left)} left until midnight UTC."
    return _line(words, Tone.TITLE if left > 0 else Tone.BAD)


def _pace(cost: Cost) -> Ends:
    if cost.usd_per_day is None:
        return _line("What a day costs at this pace is known after the first minutes.", Tone.DIM)
    over = cost.budget_usd is not None and cost.usd_per_day > cost.budget_usd
    words = f"At the present pace a day costs {dollars(cost.usd_per_day)}"
    return _line(f"{words}, more than the budget: what matters least is asked less often." if over else f"{words}.",
                 Tone.WARN if over else Tone.PLAIN)  # fmt: skip


def _full(spending: Sequence[Spending]) -> Ends:
    """What money keeps from being asked oftener."""
    slowed = [each for each in spending if each.every_s is None or each.every_s > each.full_every_s]
    if not slowed:
        return _line("Everything is asked as often as it may be.", Tone.GOOD)
    more = sum(each.usd_per_day * ((each.every_s or 0) / each.full_every_s - 1) for each in slowed if each.every_s)
    words = f"{len(slowed)} kinds are asked less often than they might be"
    return _line(f"{words}; all at full pace would be {dollars(more)} a day more.", Tone.WARN)


def kinds(spending: Sequence[Spending], signs: Signs) -> list[Row]:
    """The dearest first."""
    return [_kind(each, signs) for each in sorted(spending, key=lambda each: (-each.usd_per_day, each.what))]


def _kind(told: Spending, signs: Signs) -> Row:
    slowed = told.every_s is None or told.every_s > told.full_every_s
    paced = told.every_s is not None and told.full_every_s < DAY_S  # the rest is asked once, or when somebody wants it
    cells = (
        Cell(told.what),
        Cell(sanitise(f"{told.series:,}"), Tone.DIM),
        Cell(span(told.every_s or 0) if paced else signs.inapplicable, Tone.WARN if slowed else Tone.PLAIN),
        Cell(span(told.full_every_s) if told.full_every_s < DAY_S else signs.inapplicable, Tone.DIM),
        Cell(dollars(told.usd_per_day)),
        Cell(told.why, Tone.DIM),
    )
    return Row(told.what, cells)


def askers(collectors: Sequence[CollectorState]) -> list[Row]:
    """Each that asks AWS over all its targets, the dearest first, then who asks most."""
    summed: dict[Safe, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for each in collectors:
        for place, value in enumerate((each.requests, each.metrics, each.usd)):
            summed[each.name][place] += value
    ordered = sorted(summed.items(), key=lambda pair: (-pair[1][2], -pair[1][0], pair[0]))
    return [
        Row(
            name,
            (Cell(name), Cell(sanitise(f"{requests:,.0f}")), Cell(sanitise(f"{metrics:,.0f}")), Cell(dollars(usd))),
        )
        for name, (requests, metrics, usd) in ordered
        if requests
    ]


def _line(words: str, tone: Tone) -> Ends:
    return Ends(((sanitise(f" {words}"), tone),))
