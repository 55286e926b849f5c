"""What the console spends, and why: the day, each kind of question, each collector."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.css.scalar import Scalar

from collectors.safe import Safe
from console.screen import cost_words
from console.screen.pane import Pane
from console.screen.picture import Picture
from widgets.bar import Bar
from widgets.table import Table


class CostPane(Pane):
    """Three lists: Tab goes from one to the other."""

    DEFAULT_CSS = """
    CostPane { layout: vertical; }
    CostPane #sum { height: 4; }
    CostPane #kinds { height: 1fr; }
    CostPane #askers { height: 1fr; }
    CostPane #servers { height: 1fr; }
    CostPane.-tiny #sum { height: 1; }
    CostPane.-tiny #askers { display: none; }
    CostPane.-tiny #servers { display: none; }
    """

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="sum", look=look)
        yield Table(cost_words.KINDS, empty=Safe("Nothing is asked for yet."), choosable=False, look=look, id="kinds")
        yield Table(cost_words.ASKERS, empty=Safe("Nothing was asked yet."), choosable=False, look=look, id="askers")
        empty = Safe("No database server is looked into.")
        yield Table(cost_words.SERVERS, empty=empty, choosable=False, look=look, id="servers")

    def on_mount(self) -> None:
        self.query_one("#kinds", Table).focus()

    def paint(self, picture: Picture) -> None:
        status, signs = picture.status, self.console_app.signs
        lines, bar = cost_words.sums(status), self.query_one("#sum", Bar)
        height = 1 if self.has_class("-tiny") else len(lines)
        if bar.styles.height != Scalar.from_number(height):
            bar.styles.height = height
        bar.show_lines(lines)
        self.query_one("#kinds", Table).show(cost_words.kinds(status.spending if status else (), signs))
        self.query_one("#askers", Table).show(cost_words.askers(status.collectors if status else ()))
        self.query_one("#servers", Table).show(cost_words.servers(status.servers if status else ()))

    def looked_at(self) -> tuple[str, ...]:
        return ()
