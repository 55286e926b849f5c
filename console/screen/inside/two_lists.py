"""What do screens with a few lines and two lists below share? How these stand, and the key from one to the other."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from collectors.safe import Safe
from console.screen.inside.pane import Fact, InsidePane
from console.screen.picture import Picture
from widgets.bar import Bar, Ends
from widgets.columns import Column
from widgets.rows import Row
from widgets.table import Table


class TwoLists(InsidePane[Fact]):
    """One list above the other, unless a screen places them otherwise."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "other_list", "Other list", id="inside.other-list")]
    DEFAULT_CSS = """
    TwoLists #sums { height: 3; }
    TwoLists #lists { height: 1fr; layout: vertical; }
    TwoLists #first { height: 1fr; }
    TwoLists #second { height: 1fr; margin-top: 1; }
    TwoLists.-tiny #second { display: none; }
    TwoLists.-low #second { margin-top: 0; }
    """
    columns: ClassVar[tuple[tuple[Column, ...], tuple[Column, ...]]]

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="sums", look=look)
        first, second = self.columns
        with Container(id="lists"):
            yield Table(first, empty=Safe(""), choosable=False, look=look, id="first")
            yield Table(second, empty=Safe(""), choosable=False, look=look, id="second")

    def on_mount(self) -> None:
        self.query_one("#first", Table).focus()

    def begin_anew(self) -> None:
        for table in self.query(Table):
            table.start_anew()

    def action_other_list(self) -> None:
        """The cursor goes to the other one, if that is shown."""
        there = [table for table in self.query(Table) if table.display and not table.has_focus]
        if there:
            there[0].focus()

    def tell(self, picture: Picture, fact: Fact | None) -> None:
        lines = self.sums(fact)
        bar = self.query_one("#sums", Bar)
        bar.styles.height = max(1, min(len(lines), self.size.height // 3))
        bar.show_lines(lines)
        for which, rows, empty in zip(("#first", "#second"), self.lists(fact), self.empty, strict=True):
            table = self.query_one(which, Table)
            table.show_empty(
                *((empty,) if fact is not None else self.why_nothing(picture) if which == "#first" else ())
            )
            table.show(rows)

    empty: ClassVar[tuple[Safe, Safe]]

    @abstractmethod
    def sums(self, fact: Fact | None) -> list[Ends]:
        """What matters most, in lines."""

    @abstractmethod
    def lists(self, fact: Fact | None) -> tuple[list[Row], list[Row]]:
        """The rows of both."""
