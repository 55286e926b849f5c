"""Who copies from whom around one resource, do the links live, how far behind is each, and what would be lost?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from collectors.inside.replication import Replication
from collectors.readings import Inside
from collectors.safe import Safe, sanitise
from console.screen.condition import Condition, Kind, condition
from console.screen.inside import family_tree, replication_rows, replication_told, role_changes
from console.screen.inside.family_tree import Member, family
from console.screen.inside.pane import InsidePane
from console.screen.inside.replication_layout import heights
from console.screen.inside.witnesses import Joined
from console.screen.picture import Picture
from console.screen.trail import Place
from widgets.bar import Bar
from widgets.chart import Chart
from widgets.rows import Row
from widgets.table import Table
from widgets.topology import Topology

BY_AWS = "replication-aws"
STEADY_FROM = 30  # rows, from which on parts keep their height whichever node is chosen: a move then paints little


class ReplicationPane(InsidePane[Replication]):
    """The drawing has the keys at first; Enter opens the resource under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "other_list", "Other list", id="inside.other-list")]
    DEFAULT_CSS = """
    ReplicationPane Table { height: 1; }
    ReplicationPane Chart { height: 1; }
    ReplicationPane .away { display: none; }
    """
    name_ = "replication"
    part: ClassVar[type[Inside]] = Replication
    collector = "replica-lag"

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._members: tuple[Member, ...] = ()
        self._stands_at: Safe | None = None  # the resource that the cursor was put on

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Topology(
            Safe("WHO COPIES FROM WHOM"), family_tree.COLUMNS, empty=Safe("Nothing is known yet."), look=look, id="tree"
        )
        yield Bar(id="happened", look=look)
        yield Bar(id="detail", look=look)
        yield Table(replication_rows.LINKS, empty=Safe(""), choosable=False, look=look, id="links")
        yield Table(replication_rows.PARTS, empty=Safe(""), choosable=False, look=look, id="second")
        yield Chart(look=look)

    def on_mount(self) -> None:
        self.query_one(Topology).focus()

    def begin_anew(self) -> None:
        self._stands_at = None
        for table in self.query(Table):
            table.start_anew()

    def looked_at(self) -> tuple[str, ...]:
        """All whose lag may be charted."""
        members = (each.key for each in self._members)
        there = self.console_app.picture.resources
        return tuple(dict.fromkeys((self.resource, *(key for key in members if key in there))))

    def action_other_list(self) -> None:
        """The cursor goes to the next one that is shown."""
        there = [table for table in self.query(Table) if table.display]
        at = next((number for number, table in enumerate(there) if table.has_focus), -1)
        there[(at + 1) % len(there)].focus()

    def tell(self, picture: Picture, fact: Replication | None) -> None:
        self._members = family(picture, self.resource) if self.resource in picture.resources else ()
        chosen = self._draw_tree(picture)
        now = datetime.fromtimestamp((picture.now_ms or 0) / 1000, UTC)
        link = self._draw_links(picture, chosen, now)
        second = self._draw_second(picture, chosen, link, now)
        happened = role_changes.lines(picture, self._members, self.console_app.view.zone)
        self.query_one("#happened", Bar).show_lines(happened)
        rows = self._draw_detail(picture, chosen, link, now)
        app = self.console_app
        self.query_one(Chart).show(replication_told.chart(picture, self._members, chosen, app.signs, app.view))
        links = len(chosen.links) if chosen else 0
        if self.size.height >= STEADY_FROM:
            rows = replication_told.tallest(picture, self._members, now=now, columns=self.size.width)
            links = max((len(member.links) for member in self._members), default=0)
        self._share(happened=len(happened), detail=rows, links=links, second=second)

    def _draw_detail(self, picture: Picture, chosen: Member | None, link: Joined | None, now: datetime) -> int:
        """How many lines it has."""
        about = partial(replication_told.detail, now=now, columns=self.size.width)
        lines = about(picture, chosen, link) if chosen is not None else []
        self.query_one("#detail", Bar).show_lines(lines)
        return len(lines)

    def _draw_tree(self, picture: Picture) -> Member | None:
        """The member under the cursor, which begins at the resource that was opened."""
        topology = self.query_one(Topology)
        topology.show_empty(*self.why_nothing(picture))
        topology.show_nodes(family_tree.nodes(picture, self._members, self.console_app.signs))
        if self._members and self._stands_at != self.resource:
            self._stands_at = self.resource
            topology.select(self.resource)
        by_key = {each.key: each for each in self._members}
        return by_key.get(topology.cursor or self.resource)

    def _draw_links(self, picture: Picture, chosen: Member | None, now: datetime) -> Joined | None:
        """The link under the cursor of the list."""
        table = self.query_one("#links", Table)
        table.show(replication_rows.links(chosen, now, self.console_app.signs) if chosen else [])
        return next(
            (each for each in (chosen.links if chosen else ()) if replication_rows.key(each) == table.cursor), None
        )

    def _draw_second(self, picture: Picture, chosen: Member | None, link: Joined | None, now: datetime) -> int:
        """The databases of the link, else the slots of the chosen one; how many there are."""
        table, signs = self.query_one("#second", Table), self.console_app.signs
        rows: Sequence[Row] = replication_rows.parts(link.link.parts, signs) if link is not None else []
        if rows:
            table.show_columns(replication_rows.PARTS)
        else:
            table.show_columns(replication_rows.SLOTS)
            rows = replication_rows.slots(replication_told.slots(picture, chosen), now, signs)
        table.show(rows)
        return len(rows)

    def _share(self, **wanted: int) -> None:
        """Rows for each part, of those that strip and footer leave."""
        strip, wrong, foot = (self.query_one(f"#{name}", Bar) for name in ("strip", "wrong", "foot"))
        taken = sum(bar.styles.height.value if bar.styles.height else 1 for bar in (strip, foot))
        taken += (wrong.styles.height.value if wrong.styles.height else 1) if self.has_class("wrong") else 0
        found = heights(self.size.height - 1 - round(taken), members=len(self._members), **wanted)
        for which, height in (
            ("#tree", max(found.topology, 2)),
            ("#happened", found.happened),
            ("#detail", found.detail),
            ("#links", found.links),
            ("#second", found.second),
            ("Chart", found.chart),
        ):
            _stand(self.query_one(which), height)

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        if message.key in self.console_app.picture.resources:
            self.console_app.go(Place("board", message.key))
        else:
            self.console_app.say(sanitise(f"{message.key.rpartition('/')[2]} is no resource that can be looked at."))

    def _wrong(self, picture: Picture) -> Condition | None:
        """Of the database itself, and where nobody asks it, of AWS."""
        told = partial(condition, picture, self.resource)
        own, by_aws = told(self.collector), told(BY_AWS)
        if own is not None and own.kind is Kind.ABSENT:
            known = any(member.above or member.below for member in self._members)
            own = (own if not known else None) if by_aws is not None and by_aws.kind is Kind.ABSENT else by_aws
        return None if own is not None and own.kind is Kind.LOADING else own


def _stand(widget: Widget, height: int) -> None:
    widget.set_class(height == 0, "away")
    if height and (widget.styles.height is None or widget.styles.height.value != height):
        widget.styles.height = height
