"""The estate on one screen: a row for each resource, and the chart of the one under the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.css.scalar import Scalar

from collectors.safe import Safe, sanitise
from console.screen import charts
from console.screen.pane import Pane
from console.screen.picture import Picture
from console.screen.rows import COLUMNS, keys, row
from console.screen.trail import Place
from widgets.chart import Chart
from widgets.prompt import Prompt
from widgets.table import Table


class Overview(Pane):
    """What is there, and is it well? Enter goes into a resource."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that it is done before the next key is read: what was typed in one go are no commands.
        Binding("slash", "filter", "Filter", id="overview.filter", key_display="/", priority=True),
        Binding("right,l", "series(1)", "Next series", id="overview.next-series", show=False),
        Binding("left,h", "series(-1)", "Previous series", id="overview.previous-series", show=False),
        Binding("q", "app.quit", "Quit", id="overview.quit"),
        Binding("escape", "clear", "Clear the filter", id="overview.clear", show=False),
    ]
    DEFAULT_CSS = """
    Overview { layout: vertical; }
    Overview Table { height: 1fr; }
    Overview Chart { height: 1fr; }
    Overview.-tiny Chart { display: none; }
    Overview Prompt { display: none; }
    Overview.filtering Prompt, Overview.filtered Prompt { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._series = charts.DEFAULT

    def body(self) -> ComposeResult:
        yield Table(COLUMNS, empty=Safe("Waiting for the engine's first samples."), look=self.console_app.look)
        yield Chart(look=self.console_app.look)
        yield Prompt(Safe("/"), look=self.console_app.look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def paint(self, picture: Picture) -> None:
        table = self.query_one(Table)
        if picture.resources:
            self._share_room(table, len(picture.resources))
            table.show_empty(sanitise(f"Nothing matches {self.console_app.view.asked!r}. Esc shows all."))
        signs, symbols = self.console_app.signs, self.console_app.look.symbols
        table.show_keys(keys(picture, self.console_app.view.asked), lambda name: row(name, picture, signs, symbols))
        self.query_one(Chart).show(charts.chart_of(picture, table.cursor, self._series, self.console_app.signs))

    def _share_room(self, table: Table, count: int) -> None:
        """The table as high as it needs, the chart the rest; but never less than two fifths for the chart."""
        height = min(count + 1, max(4, (self.size.height - 2) * 3 // 5))
        if not self.has_class("-tiny") and table.styles.height != Scalar.from_number(height):
            table.styles.height = height

    def looked_at(self) -> tuple[str, ...]:
        return self.query_one(Table).in_view

    def on_table_moved(self, message: Table.Moved) -> None:
        self.console_app.view = replace(self.console_app.view, chosen=message.key)
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        self.console_app.go(Place("resource", message.key))

    def action_series(self, step: int) -> None:
        resource = self.query_one(Table).cursor
        if resource is not None:
            self._series = charts.next_series(self.console_app.picture, resource, self._series, step)
            self.console_app.repaint_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the filter a slash is a letter."""
        return not (action == "filter" and self.has_class("filtering"))

    def action_filter(self) -> None:
        self.add_class("filtering")
        self.set_focus(self.query_one(Prompt))

    def action_clear(self) -> None:
        """Esc: one step back, and never out of the program."""
        self._close_prompt("")

    def on_prompt_changed(self, message: Prompt.Changed) -> None:
        self.console_app.look_at(asked=message.text)

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self._close_prompt(message.text)

    def on_prompt_cancelled(self) -> None:
        self._close_prompt("")

    def _close_prompt(self, asked: str) -> None:
        self.remove_class("filtering")
        self.set_class(bool(asked), "filtered")  # rows that are hidden must not look as if there were none
        if not asked:
            self.query_one(Prompt).clear()
        self.query_one(Table).focus()
        self.console_app.look_at(asked=asked)
