"""The estate on one screen: a row for each resource, worst first, and the chart of the one under the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.css.scalar import Scalar

from collectors.safe import Safe, sanitise
from console.screen import charts, rows
from console.screen.acting import keys
from console.screen.arranging import ask_for_group, ask_for_order
from console.screen.detail import before_it, most_telling, under_cursor
from console.screen.listing import Listing
from console.screen.nothing import why_empty
from console.screen.pane import Pane
from console.screen.picture import Picture
from console.screen.trail import Place
from console.screen.view import View
from widgets.bar import Bar
from widgets.chart import Chart
from widgets.columns import Column
from widgets.prompt import Prompt
from widgets.rows import Row
from widgets.table import Table

LEAST_CHART = 7  # lines; a lower one says too little for the rows it would cost


class Overview(Pane):
    """What is there, and is it well? Enter goes into a resource."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that it is done before the next key is read: what was typed in one go are no commands.
        Binding("slash", "filter", "Filter", id="overview.filter", key_display="/", priority=True),
        Binding("o", "order", "Sort", id="overview.sort", priority=True),
        Binding("v", "group", "Group", id="overview.group", priority=True),
        *keys.BINDINGS,
        Binding("space", "mark", "Mark or fold", id="overview.mark", show=False),
        Binding("right,l", "series(1)", "Next series", id="overview.next-series", show=False),
        Binding("left,h", "series(-1)", "Previous series", id="overview.previous-series", show=False),
        Binding("q", "app.quit", "Quit", id="overview.quit"),
        Binding("escape", "clear", "Clear the filter, then the marks", id="overview.clear", show=False),
    ]
    DEFAULT_CSS = """
    Overview { layout: vertical; }
    Overview Table { height: 1fr; }
    Overview Chart { height: 1fr; }
    Overview #detail { height: 1; }
    Overview.-tiny Chart, Overview.crowded Chart { display: none; }
    Overview.-high #detail { height: 2; }
    Overview.-tiny #detail { display: none; }
    Overview Prompt { display: none; }
    Overview.filtering Prompt { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: tuple[object, tuple[object, ...], dict[tuple[Safe, bool], Row]] = (None, (), {})
        self._shown: tuple[object, tuple[str, ...], tuple[Column, ...]] | None = None
        self._series: str | None = None  # the one that was asked for; else what tells most of each resource

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Table(rows.columns({}), empty=Safe("Waiting for the engine."), look=look)
        yield Bar(id="detail", look=look)
        yield Chart(look=look)
        yield Prompt(Safe("/"), look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_screen_resume(self) -> None:
        """Where another screen has gone on to another resource, the cursor follows."""
        super().on_screen_resume()
        table, chosen = self.query_one(Table), self.console_app.view.chosen
        if chosen is not None and chosen != self._listing.resource_at(table.cursor):
            table.select(chosen)

    def paint(self, picture: Picture) -> None:
        app, table = self.console_app, self.query_one(Table)
        view, listing = app.view, app.listing(picture)
        shown = self._columns(picture)
        self._share_room(table, len(listing.lines))
        table.says_where = self.has_class("-tiny")  # else the line below does
        table.show_empty(*why_empty(picture, view.asked))
        table.show_columns(shown)
        table.show_sorted(view.sort, reverse=view.reverse)
        table.show_keys(listing.lines, lambda line: self._row(line, listing, picture, view, shown))
        self._show_under_cursor(picture, listing)

    def _row(self, line: Safe, listing: Listing, picture: Picture, view: View, shown: tuple[Column, ...]) -> Row:
        """A filter that is typed leaves most rows as they are: of the same values and second each is made once."""
        signs, symbols = self.console_app.signs, self.console_app.look.symbols
        second = None if picture.now_ms is None else picture.now_ms // 1000
        of = (second, picture.stale, picture.failovers, picture.flushes, view.marked, shown, signs, symbols)
        if self._made[0] is not picture.resources or self._made[1] != of:
            self._made = (picture.resources, of, {})
        known, key = self._made[2], (line, line in picture.hist)
        if line in listing.groups or key not in known:
            known[key] = rows.row(line, listing, picture, view, shown, signs=signs, symbols=symbols)
        return known[key]

    def _columns(self, picture: Picture) -> tuple[Column, ...]:
        """As they were unless it is another picture: they depend on each resource there is."""
        resources, wanted = picture.resources, tuple(self.console_app.columns)
        if self._shown is None or self._shown[0] is not resources or self._shown[1] != wanted:
            self._shown = (resources, wanted, rows.columns(resources, wanted))
        return self._shown[2]

    def _show_under_cursor(self, picture: Picture, listing: Listing) -> None:
        app, table = self.console_app, self.query_one(Table)
        name, where = listing.resource_at(table.cursor), table.where
        if name != app.view.chosen:
            app.view = replace(app.view, chosen=name)
        told = [under_cursor(picture, listing, app.view, name, where), before_it(picture, name, app.view.zone)]
        self.query_one("#detail", Bar).show_lines(told)
        series = self._series or most_telling(picture, name)
        self.query_one(Chart).show(charts.chart_of(picture, name, series, app.signs, view=app.view))

    def _share_room(self, table: Table, count: int) -> None:
        """The table as high as it needs, the chart the rest: on a high screen two fifths of it at least."""
        room = self.size.height - 3 - self.has_class("filtering")
        if self.has_class("-tiny"):
            return
        most = room * 3 // 5 if self.has_class("-high") else room
        height = max(4, min(count + 1, most))
        crowded = room - height < LEAST_CHART
        self.set_class(crowded, "crowded")
        wanted = Scalar.parse("1fr") if crowded else Scalar.from_number(height)
        if table.styles.height != wanted:
            table.styles.height = wanted

    def looked_at(self) -> tuple[str, ...]:
        listing = self.console_app.listing(self.console_app.picture)
        return tuple(line for line in self.query_one(Table).in_view if line not in listing.groups)

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        if message.key in self._listing.groups:
            self._fold(message.key)
        else:
            self.console_app.go(Place("resource", message.key))

    def action_mark(self) -> None:
        """A resource is marked, or no longer; a group is folded, or unfolded."""
        line, marked = self.query_one(Table).cursor, self.console_app.view.marked
        if line is None:
            return
        if line in self._listing.groups:
            self._fold(line)
        else:
            others = tuple(each for each in marked if each != line)
            self.console_app.look_at(marked=others if line in marked else (*marked, line))

    def action_order(self) -> None:
        ask_for_order(self.console_app, self.query_one(Table).start_anew)

    def action_group(self) -> None:
        ask_for_group(self.console_app, self.query_one(Table).start_anew)

    def action_series(self, step: int) -> None:
        resource = self.console_app.view.chosen
        if resource is not None:
            picture = self.console_app.picture
            now = self._series or most_telling(picture, resource)
            self._series = charts.next_series(picture, resource, now, step)
            self.console_app.repaint_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the filter each of these is a letter."""
        return not (action in {"filter", "order", "group"} and self.has_class("filtering"))

    def action_filter(self) -> None:
        """What is asked already is there to be changed."""
        self.add_class("filtering")
        self.query_one(Prompt).put(sanitise(self.console_app.view.asked))
        self.set_focus(self.query_one(Prompt))

    def action_clear(self) -> None:
        """Esc: one step back, and never out of the program."""
        if self.console_app.view.asked or self.has_class("filtering"):
            self._close_prompt("")
        elif self.console_app.view.marked:
            self.console_app.look_at(marked=())

    def on_prompt_changed(self, message: Prompt.Changed) -> None:
        self.console_app.look_at(asked=message.text)

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self._close_prompt(message.text)

    def on_prompt_cancelled(self) -> None:
        self._close_prompt("")

    @property
    def _listing(self) -> Listing:
        return self.console_app.listing(self.console_app.picture)

    def _fold(self, group: Safe) -> None:
        self.console_app.look_at(folded=self.console_app.view.folded ^ {group})

    def _close_prompt(self, asked: str) -> None:
        self.remove_class("filtering")
        self.query_one(Table).focus()
        self.console_app.look_at(asked=asked)
