"""The operations: what this engine has begun, or has taken over, how each gets on, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.safe import Safe, sanitise
from console.screen.acting import op_rows, states
from console.screen.acting.hints import may_be_acknowledged
from console.screen.acting.paper import said
from console.screen.flush.told import in_lines
from console.screen.pane import Pane
from console.screen.picture import Picture
from widgets.bar import Bar
from widgets.table import Table

if TYPE_CHECKING:
    from console.protocol.op import Op

EMPTY = Safe("Nothing was begun: F, S and X plan an action, and say why where they are locked.")
EMPTY_OF_A_VIEWER = Safe("Nothing was begun by the console that runs this engine.")


class OperationsPane(Pane):
    """Enter opens one again, which stops nothing and sends nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "acknowledge", "Acknowledge", id="operations.acknowledge"),
        Binding("T", "adopt", "Take over", id="operations.take-over"),
        Binding("w", "withdraw", "Withdraw", id="operations.withdraw"),
    ]
    SAYS_OPS = False  # the list does
    DEFAULT_CSS = """
    OperationsPane { layout: vertical; }
    OperationsPane Table { height: 1fr; }
    OperationsPane #detail { height: 4; }
    OperationsPane.-tiny #detail { height: 2; }
    """

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Table(op_rows.COLUMNS, empty=EMPTY, look=look)
        yield Bar(id="detail", look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def paint(self, picture: Picture) -> None:
        app, table = self.console_app, self.query_one(Table)
        table.show_empty(EMPTY_OF_A_VIEWER if app.spec.mode == "view" else EMPTY)
        table.show(op_rows.rows(picture.ops, picture.now_ms or 0, app.view.zone, app.signs.inapplicable))
        op, columns = self._under_cursor(picture), self.size.width
        lines = (
            []
            if op is None
            else [
                line
                for words, tone in op_rows.detail(op, app.view.zone, in_lines(picture, op.id))
                for line in said(words, tone, columns)
            ]
        )
        self.query_one("#detail", Bar).show_lines(lines)

    def looked_at(self) -> tuple[str, ...]:
        return ()

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        self.console_app.open_op(message.key)

    def action_acknowledge(self) -> None:
        """Somebody has seen how it ended, so that the next need not wait for its cool-down."""
        op = self._under_cursor(self.console_app.live)
        if op is None or not may_be_acknowledged(op):
            self.console_app.say(
                Safe("There is nothing to acknowledge: it has not ended, was never sent, or was seen.")
            )
            return
        self._ask("act.acknowledge", op, f"The {states.noun(op)} of {op.resource} is acknowledged.")

    def action_adopt(self) -> None:
        """From a console that is gone, or gives it up: from here on this one watches it."""
        op = self._under_cursor(self.console_app.live)
        if op is None or op.state not in states.UNDER_WAY:
            self.console_app.say(Safe("There is nothing to take over: it is not under way."))
            return
        self._ask("act.adopt", op, f"This console watches the {states.noun(op)} of {op.resource} from now on.")

    def action_withdraw(self) -> None:
        """What was not sent yet is not sent any more; what can be stopped on its way is."""
        op = self._under_cursor(self.console_app.live)
        if op is not None and states.may_be_stopped(op):
            self._ask("act.abort", op, f"The {states.noun(op)} of {op.resource} is being stopped.")
            return
        if op is None or op.state in states.UNDER_WAY or states.has_ended(op):
            self.console_app.say(
                Safe("There is nothing to withdraw: what was sent goes on, and what has ended is over.")
            )
            return
        self._ask("act.abort", op, f"The {states.noun(op)} of {op.resource} is withdrawn: nothing was sent.")

    def _ask(self, name: str, op: Op, done: str) -> None:
        self.console_app.ask(name, {"op": str(op.id)}, sanitise(done))

    def _under_cursor(self, picture: Picture) -> Op | None:
        cursor = self.query_one(Table).cursor
        return picture.ops.get(cursor) if cursor is not None else None
