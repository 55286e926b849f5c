"""Who holds up whom in a database: the tree, its root first, and in a sentence what the root is doing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from textual.app import ComposeResult

from collectors.inside.blocking import Blocker, chains
from collectors.inside.sessions import Sessions
from collectors.safe import Safe, sanitise
from console.screen.foot import wrapped
from console.screen.inside import blocking_rows
from console.screen.inside.pane import InsidePane
from console.screen.inside.session_words import lasting, sentence, waits
from console.screen.picture import Picture
from console.screen.trail import Place
from console.times import clock, zone_mark
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.table import Table
from widgets.tone import Tone


class BlockingPane(InsidePane[Sessions]):
    """Enter goes to the session among all that are at work."""

    DEFAULT_CSS = """
    BlockingPane #summary { height: 1; }
    BlockingPane Table { height: 1fr; }
    BlockingPane #detail { height: 4; }
    BlockingPane.-high #detail { height: 6; }
    BlockingPane.-tiny #detail { height: 1; }
    """
    name_ = "blocking"
    part = Sessions
    collector = "sessions"

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="summary", look=look)
        yield Table(blocking_rows.COLUMNS, empty=Safe("Nothing is known yet."), look=look)
        yield Bar(id="detail", look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def begin_anew(self) -> None:
        self.query_one(Table).start_anew()

    def tell(self, picture: Picture, fact: Sessions | None) -> None:
        app, table = self.console_app, self.query_one(Table)
        roots = chains(fact.rows) if fact else ()
        table.show_empty(*self._why_empty(picture, fact))
        spots = blocking_rows.spots(roots)
        symbols, stale = app.look.symbols, picture.stale
        if fact is None:
            table.show(())
        else:
            make = partial(blocking_rows.row_of, observed=fact.observed, symbols=symbols, stale=stale)
            table.show_keys(tuple(spots), lambda key: make(spots[key]))
        if app.view.session is not None and table.select(app.view.session):
            app.view = replace(app.view, session=None)
        self.query_one("#summary", Bar).show(_summary(roots))
        self._draw_detail(fact, spots.get(table.cursor or Safe("")))

    def _draw_detail(self, fact: Sessions | None, spot: blocking_rows.Spot | None) -> None:
        """The root of the tree, and the one under the cursor where that is another."""
        room = max(1, self.size.width - 2)
        lines: list[Ends] = []
        if fact is not None and spot is not None:
            row = spot.each.session if spot.each is not spot.root else None
            told = wrapped(sentence(spot.root, fact.observed), room)
            lines += [Ends(((sanitise(f" {line}"), Tone.PLAIN),)) for line in told]
            own = sanitise(f"{row.id}: {waits(row)} {row.statement}") if row is not None else Safe("")
            lines += [Ends(((sanitise(f" {line}"), Tone.DIM),)) for line in wrapped(own, room)]
        self.query_one("#detail", Bar).show_lines(lines)

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        fact = self.fact(self.console_app.picture)
        if fact is None or all(str(row.id) != message.key for row in fact.rows):
            self.console_app.say(sanitise(f"{message.key} is not among the sessions that are listed."))
            return
        self.console_app.view = replace(self.console_app.view, session=message.key)
        self.console_app.go(Place("activity", self.resource))

    def _why_empty(self, picture: Picture, fact: Sessions | None) -> tuple[Safe, ...]:
        if fact is None:
            return self.why_nothing(picture)
        looked, zone = round(1000 * fact.observed.timestamp()), self.console_app.view.zone
        count = f"{len(fact.rows)} sessions were there" if len(fact.rows) != 1 else "1 session was there"
        when = f"{count} at {clock(looked, zone)}{zone_mark(looked, zone)}."
        return Safe("Nobody blocks anybody."), sanitise(when)


def _summary(roots: tuple[Blocker, ...]) -> list[Run]:
    if not roots:
        return []
    total = sum(root.total for root in roots)
    heads = f"{len(roots)} hold" if len(roots) != 1 else "1 holds"
    longest = lasting(max(root.longest_ms for root in roots))
    return [(sanitise(f" {heads} up {total}, longest wait {longest}"), Tone.HEADER)]
