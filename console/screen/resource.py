"""One resource whole: what it is, every value with its age, and the chart of the value under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from collectors.safe import Safe, sanitise
from console.screen import charts
from console.screen.of_resource import OfResource
from console.screen.picture import Picture
from console.screen.values import Signs, said
from console.times import date_and_time, span
from widgets.bar import Bar, Ends
from widgets.chart import Chart
from widgets.columns import Column
from widgets.draw import Align
from widgets.rows import Cell, Row
from widgets.table import Table
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Backup, Res

COLUMNS = (
    Column("name", Safe("VALUE"), width=34, priority=100),
    Column("said", Safe("NOW"), width=12, align=Align.RIGHT, priority=90),
    Column("age", Safe("AGE"), width=5, align=Align.RIGHT, priority=80),
    Column("group", Safe("GROUP"), width=14, flex=1, priority=10),
)


class ResourcePane(OfResource):
    """Esc goes back to the estate."""

    DEFAULT_CSS = """
    ResourcePane { layout: vertical; }
    ResourcePane #facts { height: 4; }
    ResourcePane Table { height: 1fr; }
    ResourcePane Chart { height: 1fr; }
    ResourcePane.-low #facts { height: 2; }
    ResourcePane.-tiny #facts { height: 1; }
    ResourcePane.-tiny Chart { display: none; }
    """

    def body(self) -> ComposeResult:
        yield Bar(id="facts", look=self.console_app.look)
        yield Table(COLUMNS, empty=Safe("No value has come yet."), choosable=False, look=self.console_app.look)
        yield Chart(look=self.console_app.look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def paint(self, picture: Picture) -> None:
        res = picture.resources.get(self.resource)
        now = picture.now_ms or 0
        table = self.query_one(Table)
        self.query_one("#facts", Bar).show_lines(facts(self.resource, res, now, self.console_app.signs))
        table.show(value_rows(res, now, self.console_app.signs, stale=picture.stale) if res else [])
        series = table.cursor or charts.DEFAULT
        self.query_one(Chart).show(charts.chart_of(picture, self.resource, series, self.console_app.signs))

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()


def value_rows(res: Res, now: int, signs: Signs, *, stale: bool) -> list[Row]:
    """Every value the resource has: the processor, metrics, lag, waits from the greatest."""
    rows = []
    for name, value in sorted(res.values.items(), key=lambda pair: _rank(pair[0], pair[1].v)):
        words, tone = said(value, now, signs)
        cells = (
            Cell(sanitise(name.removeprefix("cloudwatch."))),
            Cell(words, Tone.DIM if stale else tone),
            Cell(span((now - value.t) / 1000), Tone.DIM),
            Cell(value.g or Safe(""), Tone.DIM),
        )
        rows.append(Row(name, cells))
    return rows


def _rank(name: str, value: float | None) -> tuple[int, float, str]:
    source = name.partition(".")[0]
    order = -1 if name.endswith("CPUUtilization") else {"cloudwatch": 0, "replica": 1}.get(source, 2)
    return order, -(value or 0.0) if source == "wait" else 0.0, name


def facts(name: Safe, res: Res | None, now: int, signs: Signs) -> list[Ends]:
    """What the resource is, in up to four lines, the most telling first."""
    if res is None:
        return [Ends(((sanitise(f" {name} is no longer in the estate."), Tone.WARN),))]
    place = f"{res.role} {res.kind}{' of ' + res.cluster if res.cluster else ''}".strip()
    first = (
        (sanitise(f" {name}"), Tone.TITLE),
        (sanitise(f"  {res.engine}  {place}"), Tone.PLAIN),
        (sanitise(f"  {res.status}  {res.az}  {res.region}  {res.account}"), Tone.DIM),
    )
    lines = [Ends(first)]
    if res.replication is not None:
        lines.append(_line(f"replicates from {res.replication.source or signs.nothing}: {res.replication.state}"))
    if res.backup is not None:
        lines.append(_line(backup_words(res.backup, now)))
    lines.append(_line("  ".join(f"{key} {value}" for key, value in res.facts.items()), Tone.DIM))
    return lines


def backup_words(kept: Backup, now: int) -> str:
    """What could be restored now, and what is known to work."""
    return ", ".join(
        (
            f"backups kept {span(kept.retention_s)}",
            "restorable " + (f"to {_ago(kept.restorable, now)}" if kept.restorable else "time not known"),
            "newest snapshot " + (date_and_time(kept.snapshot) if kept.snapshot else "not known"),
            f"restore proved {_ago(kept.restore_proof, now)}" if kept.restore_proof else "no restore proved",
        )
    )


def _ago(ms: int, now: int) -> str:
    return f"{span((now - ms) / 1000)} ago"


def _line(words: str, tone: Tone = Tone.PLAIN) -> Ends:
    return Ends(((sanitise(f" {words}"), tone),))
