"""Who is at work in a database, who waits, and who forgot: a row for each, and the one under the cursor to its end."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.inside.sessions import Session, Sessions
from collectors.safe import Safe, sanitise
from console.screen.choose import choose
from console.screen.inside import session_detail, session_rows
from console.screen.inside.pane import InsidePane
from console.screen.inside.session_rows import Chosen
from console.screen.picture import Picture
from console.screen.trail import Place
from widgets.bar import Bar
from widgets.draw import Run
from widgets.prompt import Prompt
from widgets.rows import Row
from widgets.table import Table
from widgets.tone import Tone


class ActivityPane(InsidePane[Sessions]):
    """Enter goes to the tree of who waits for whom."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, as on the overview: what was typed in one go are no commands.
        Binding("slash", "filter", "Filter", id="activity.filter", key_display="/", priority=True),
        Binding("o", "order", "Sort", id="activity.sort"),
        Binding("space", "whole", "Whole statement", id="activity.whole"),
        Binding("escape,q", "back", "Back", id="activity.back", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    ActivityPane #summary { height: 1; }
    ActivityPane #work { height: auto; }
    ActivityPane Table { height: 1fr; }
    ActivityPane #detail { height: 5; }
    ActivityPane Prompt { display: none; }
    ActivityPane.filtering Prompt { display: block; }
    """
    name_ = "activity"
    part = Sessions
    collector = "sessions"

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._how = Chosen()
        self._is_whole = False  # most of the screen is for the session under the cursor

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="summary", look=look)
        yield Bar(id="work", look=look)
        yield Table(session_rows.COLUMNS, empty=Safe("Nothing is known yet."), look=look)
        yield Bar(id="detail", look=look)
        yield Prompt(Safe("/"), look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def begin_anew(self) -> None:
        self.query_one(Table).start_anew()

    def tell(self, picture: Picture, fact: Sessions | None) -> None:
        table = self.query_one(Table)
        table.show_empty(*self._why_empty(picture, fact))
        table.show_sorted(self._how.order, reverse=self._how.order not in (session_rows.WORRY, "id"))
        shown = session_rows.chosen(fact, self._how) if fact else ()
        self._show(picture, shown, fact)
        self._go_where_it_was_pointed()
        self._draw_summary(fact, len(shown))
        self._draw_work(fact)
        self._draw_detail(fact)

    def _show(self, picture: Picture, shown: tuple[Session, ...], fact: Sessions | None) -> None:
        """Only rows that are to be seen are made: there may be hundreds."""
        signs, stale = self.console_app.signs, picture.stale
        if fact is None:
            self.query_one(Table).show(())
            return
        by_key = {session_rows.key(each.id): each for each in shown}
        holds, observed = session_rows.holding(fact.rows), fact.observed

        def make(key: Safe) -> Row:
            row = by_key[key]
            return session_rows.row_of(row, holds.get(row.id, 0), observed, signs, stale=stale)

        self.query_one(Table).show_keys(tuple(by_key), make)

    def _draw_work(self, fact: Sessions | None) -> None:
        bar = self.query_one("#work", Bar)
        lines = (
            []
            if fact is None or self.has_class("-tiny")
            else session_detail.work(fact.rows, self.console_app.look.symbols)
        )
        bar.styles.height = len(lines)
        bar.show_lines(lines)

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        fact = self.fact(self.console_app.picture)
        in_a_chain = fact is not None and int(message.key) in session_rows.concerned(fact.rows)
        if in_a_chain:
            self.console_app.view = replace(self.console_app.view, session=message.key)
            self.console_app.go(Place("blocking", self.resource))
        else:
            self.console_app.say(sanitise(f"{message.key} blocks nobody, and nobody blocks it."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the filter a slash is a letter."""
        return not (action == "filter" and self.has_class("filtering"))

    def action_filter(self) -> None:
        self.add_class("filtering")
        self.query_one(Prompt).put(sanitise(self._how.asked))
        self.set_focus(self.query_one(Prompt))

    def action_order(self) -> None:
        choose(self.console_app, Safe("Sort by"), session_rows.ORDERS, self._sort, at=self._how.order)

    def action_whole(self) -> None:
        """Most of the screen for the session under the cursor; again, for the table."""
        self._is_whole = not self._is_whole
        self.console_app.repaint_now()

    def action_back(self) -> None:
        """One step: out of the filter, then out of the screen."""
        if self._how.asked:
            self._close_prompt("")
        else:
            self.console_app.action_leave_pane()

    def on_prompt_changed(self, message: Prompt.Changed) -> None:
        self._want(replace(self._how, asked=message.text))

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self._close_prompt(message.text)

    def on_prompt_cancelled(self) -> None:
        self._close_prompt("")

    def _sort(self, order: str) -> None:
        self.query_one(Table).start_anew()
        self._want(replace(self._how, order=order))

    def _close_prompt(self, asked: str) -> None:
        self.remove_class("filtering")
        self.query_one(Table).focus()
        self._want(replace(self._how, asked=asked))

    def _want(self, how: Chosen) -> None:
        self._how = how
        self.console_app.repaint_now()

    def _go_where_it_was_pointed(self) -> None:
        app = self.console_app
        if app.view.session is not None and self.query_one(Table).select(app.view.session):
            app.view = replace(app.view, session=None)

    def _why_empty(self, picture: Picture, fact: Sessions | None) -> tuple[Safe, ...]:
        if fact is None:
            return self.why_nothing(picture)
        if fact.rows:
            return sanitise(f"No session matches '{self._how.asked}'. Esc shows all."), Safe("")
        return Safe("Nobody is at work, and nobody holds a transaction open."), Safe("")

    def _draw_summary(self, fact: Sessions | None, shown: int) -> None:
        left: list[Run] = session_detail.summary(fact) if fact else []
        right: list[Run] = []
        if fact and self._how.asked:
            right = [(sanitise(f" /{self._how.asked}  {shown} of {len(fact.rows)} "), Tone.WARN)]
        self.query_one("#summary", Bar).show(left, right)

    def _draw_detail(self, fact: Sessions | None) -> None:
        bar, cursor = self.query_one("#detail", Bar), self.query_one(Table).cursor
        row = next((each for each in fact.rows if session_rows.key(each.id) == cursor), None) if fact else None
        if fact is None or row is None:
            bar.show_lines([])
            return
        holds = session_rows.holding(fact.rows).get(row.id, 0)
        room = self.size.width, self._detail_height()
        bar.styles.height = room[1]
        bar.show_lines(session_detail.detail(row, holds, fact.observed, self.console_app.look.symbols, room))

    def _detail_height(self) -> int:
        if self._is_whole:
            return max(1, self.size.height * 2 // 3)
        return 1 if self.has_class("-tiny") else 7 if self.has_class("-high") else 5
