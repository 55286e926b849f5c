"""Which statements cost most, and which indexes are missing or useless: a table of each, and one of them to its end."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.inside.indexes import Indexes, MissingIndex, UnusedIndex
from collectors.inside.queries import Queries, Statement
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.acting import keys
from console.screen.inside import index_rows, query_rows, query_words
from console.screen.inside.pane import InsidePane
from console.screen.picture import Picture
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.table import Table

Told = tuple[tuple[Safe, ...], ...]


class Shows(Enum):
    STATEMENTS = "statements"
    MISSING = "missing indexes"
    UNUSED = "unused indexes"


class QueriesPane(InsidePane[Queries]):
    """A plan is saved where the engine runs; what is asked by hand is shown below the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "measure", "By", id="queries.measure"),
        Binding("v", "view", "Indexes", id="queries.view"),
        Binding("p", "plan", "Save plan", id="queries.plan"),
        Binding("i", "fragmentation", "Fragmentation", id="queries.fragmentation"),
        Binding("space", "whole", "Whole statement", id="queries.whole"),
        keys.FLUSH,
    ]
    DEFAULT_CSS = """
    QueriesPane #summary { height: 1; }
    QueriesPane #remarks { height: auto; }
    QueriesPane Table { height: 1fr; }
    QueriesPane #detail { height: 4; }
    """
    name_ = "queries"
    part = Queries
    collector = "queries"

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._shows = Shows.STATEMENTS
        self._by = next(iter(query_rows.MEASURES))
        self._is_whole = False
        self._answers: dict[Safe, Told] = {}  # by what was asked about: a row of statements, or a table

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="summary", look=look)
        yield Bar(id="remarks", look=look)
        yield Table(query_rows.columns(self._by), empty=Safe("Nothing is known yet."), choosable=False, look=look)
        yield Bar(id="detail", look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def begin_anew(self) -> None:
        self._answers.clear()
        self.query_one(Table).start_anew()

    @property
    def plan_handle(self) -> Safe:
        """Of the statement under the cursor, where the plan cache has one of it."""
        row = self._statement(self.console_app.live)
        return NO_TEXT if row is None else row.plan_handle

    def tell(self, picture: Picture, fact: Queries | None) -> None:
        if self._shows is Shows.STATEMENTS:
            self._tell_statements(picture, fact)
        else:
            self._tell_indexes(picture, picture.inside_of(self.resource, Indexes))
        self._draw_detail(picture, fact)

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for statements do nothing on indexes, and the other way round."""
        of_statements = ("measure", "plan", "whole")
        if action == "fragmentation":
            return self._shows is not Shows.STATEMENTS
        return action not in of_statements or self._shows is Shows.STATEMENTS

    def action_measure(self) -> None:
        """By CPU, duration, reads, writes, calls, waits, and around."""
        self._by = query_rows.following(self._by)
        self._start_anew()

    def action_view(self) -> None:
        """Statements, missing indexes, unused indexes, and around."""
        views = tuple(Shows)
        self._shows = views[(views.index(self._shows) + 1) % len(views)]
        self._start_anew()

    def action_whole(self) -> None:
        """Most of the screen for the statement under the cursor; again, for the table."""
        self._is_whole = not self._is_whole
        self.console_app.repaint_now()

    def action_plan(self) -> None:
        row = self._statement(self.console_app.picture)
        if row is not None:
            args: dict[str, object] = {"hash": str(row.hash), "plan": str(row.plan), "database": str(row.database)}
            self._inquire("plan", args, query_rows.key(row), Safe("The plan is saved, without the values in it."))

    def action_fragmentation(self) -> None:
        index = self._index(self.console_app.picture)
        if index is not None:
            done = sanitise(f"{index.table} is told below.")
            self._inquire("fragmentation", {"table": str(index.table)}, index.table, done)

    def _inquire(self, question: str, args: dict[str, object], about: Safe, done: Safe) -> None:
        resource = self.resource

        def then(told: Told) -> None:
            if self.resource == resource:
                self._answers[about] = told

        asked: dict[str, object] = {"id": str(resource), "question": question, "args": args}
        self.console_app.say(sanitise(f"{resource} is asked."))
        self.console_app.ask("inquire", asked, done, then)

    def _start_anew(self) -> None:
        self.query_one(Table).start_anew()
        self.refresh_bindings()
        self.console_app.repaint_now()

    def _tell_statements(self, picture: Picture, fact: Queries | None) -> None:
        table, app = self.query_one(Table), self.console_app
        table.show_columns(query_rows.columns(self._by))
        table.show_sorted(self._by, reverse=True)
        if fact is None:
            table.show_empty(*self.why_nothing(picture))
            table.show(())
            self._draw_head([], [])
            return
        table.show_empty(*query_words.why_empty(fact))
        keys = tuple(map(query_rows.key, query_rows.ordered(fact, self._by)))
        make = query_rows.makes(fact, self._by, app.signs, app.look.symbols, stale=picture.stale)
        table.show_keys(keys, make)
        remarks = query_words.remarks(fact, self._by, self.size.width, self._room_for_remarks())
        self._draw_head(query_words.summary(fact, self._by), remarks)

    def _tell_indexes(self, picture: Picture, fact: Indexes | None) -> None:
        table, unused = self.query_one(Table), self._shows is Shows.UNUSED
        table.show_columns(index_rows.UNUSED if unused else index_rows.MISSING)
        table.show_sorted("updates" if unused else "score", reverse=True)
        if fact is None:
            table.show_empty(*self.why_nothing(picture))
            table.show(())
            self._draw_head([], [])
            return
        table.show_empty(*index_rows.why_empty(fact, unused=unused))
        rows = index_rows.unused_rows(fact) if unused else index_rows.missing_rows(fact, fact.observed)
        table.show(rows)
        remarks = index_rows.remarks(fact, self.size.width, self._room_for_remarks(), unused=unused)
        self._draw_head(index_rows.summary(fact, unused=unused), remarks)

    def _draw_head(self, summary: list[Run], remarks: list[Ends]) -> None:
        self.query_one("#summary", Bar).show(summary)
        bar = self.query_one("#remarks", Bar)
        bar.styles.height = len(remarks)
        bar.show_lines(remarks)

    def _draw_detail(self, picture: Picture, fact: Queries | None) -> None:
        bar, columns, most = self.query_one("#detail", Bar), max(3, self.size.width), self._detail_height()
        bar.styles.height = most
        row, index = self._statement(picture), self._index(picture)
        if row is not None:
            bar.show_lines(query_words.detail(row, self._answers.get(query_rows.key(row), ()), columns, most))
        elif index is not None:
            bar.show_lines(index_rows.detail(index, self._answers.get(index.table, ()), columns, most))
        else:
            bar.show_lines([])

    def _detail_height(self) -> int:
        if self._is_whole:
            return max(1, self.size.height * 2 // 3)
        usual = 1 if self.has_class("-tiny") else 9 if self.has_class("-high") else 4
        cursor = self.query_one(Table).cursor
        return usual if cursor is None else max(usual, min(self.size.height // 2, 1 + self._lines_of_answer()))

    def _lines_of_answer(self) -> int:
        found = self._statement(self.console_app.picture)
        index = self._index(self.console_app.picture)
        about = query_rows.key(found) if found else index.table if index else Safe("")
        return len(self._answers.get(about, ()))

    def _room_for_remarks(self) -> int:
        return 0 if self.has_class("-tiny") else 4 if self.has_class("-high") else 2

    def _statement(self, picture: Picture) -> Statement | None:
        """Under the cursor."""
        fact, cursor = self.fact(picture), self.query_one(Table).cursor
        if fact is None or self._shows is not Shows.STATEMENTS:
            return None
        return next((row for row in fact.rows if query_rows.key(row) == cursor), None)

    def _index(self, picture: Picture) -> MissingIndex | UnusedIndex | None:
        fact, cursor = picture.inside_of(self.resource, Indexes), self.query_one(Table).cursor
        if fact is None or self._shows is Shows.STATEMENTS:
            return None
        rows = fact.unused if self._shows is Shows.UNUSED else fact.missing
        return next((each for each in rows if index_rows.key(each) == cursor), None)
