"""The audit: who did what to which resource, and what came of it, as this console wrote it down and as AWS saw it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.errors import Trouble
from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.acting import audit_rows
from console.screen.acting.paper import said
from console.screen.pane import Pane
from console.screen.picture import Picture
from widgets.bar import Bar
from widgets.prompt import Prompt
from widgets.table import Table
from widgets.tone import Tone

AGAIN_S = 5.0
DETAIL = 3  # lines
NOT_YET = (Safe("The engine is asked for it."),)
NOTHING = (Safe("Nothing is written down yet."),)
OF_A_VIEWER = (
    Safe("A viewer may not ask for the audit."),
    Safe("Only the console that runs the engine shows it, and `dbconsole audit show` there."),
)


class AuditPane(Pane):
    """Asked for while it is in sight, and never kept on this side."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, as on the overview: what was typed in one go are no commands.
        Binding("slash", "filter", "Filter", id="audit.filter", key_display="/", priority=True),
        Binding("escape,q", "back", "Back", id="audit.back", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    AuditPane { layout: vertical; }
    AuditPane Table { height: 1fr; }
    AuditPane #detail { height: 3; }
    AuditPane.-tiny #detail { height: 1; }
    AuditPane Prompt { display: none; }
    AuditPane.filtering Prompt { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: Sequence[Sequence[Safe]] | None = None
        self._trouble: Trouble | None = None
        self._asked = ""
        self._is_waiting = False

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="told", look=look)
        yield Table(audit_rows.columns(()), empty=NOT_YET[0], choosable=False, look=look)
        yield Bar(id="detail", look=look)
        yield Prompt(Safe("/"), look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        self.set_interval(AGAIN_S, self.ask_again)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.ask_again()

    def paint(self, picture: Picture) -> None:
        table, told = self.query_one(Table), self._told or ()
        shown = audit_rows.chosen(told[1:], self._asked)
        table.show_empty(*self._why_empty())
        table.show_columns(audit_rows.columns(told))
        table.show([audit_rows.row(each, told[0]) for each in shown])
        count = f" AUDIT: {len(shown)} of {max(0, len(told) - 1)}"
        wrong = f"  {self._trouble.line()}" if self._trouble is not None and told else ""
        asked = ((sanitise(f" /{self._asked} "), Tone.WARN),) if self._asked else ()
        self.query_one("#told", Bar).show([(sanitise(count), Tone.HEADER), (sanitise(wrong), Tone.WARN)], asked)
        words = audit_rows.whole(shown, told[0] if told else (), table.cursor)
        self.query_one("#detail", Bar).show_lines(list(said(words, Tone.PLAIN, self.size.width))[:DETAIL])

    def looked_at(self) -> tuple[str, ...]:
        return ()

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the filter a slash is a letter."""
        return not (action == "filter" and self.has_class("filtering"))

    def action_filter(self) -> None:
        self.add_class("filtering")
        self.query_one(Prompt).put(sanitise(self._asked))
        self.set_focus(self.query_one(Prompt))

    def action_back(self) -> None:
        """One step: out of the filter, then out of the screen."""
        if self._asked:
            self._close_prompt("")
        else:
            self.console_app.action_leave_pane()

    def on_prompt_changed(self, message: Prompt.Changed) -> None:
        self._asked = message.text
        self.console_app.repaint_now()

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        self._close_prompt(message.text)

    def on_prompt_cancelled(self) -> None:
        self._close_prompt("")

    def _close_prompt(self, asked: str) -> None:
        self.remove_class("filtering")
        self.query_one(Table).focus()
        self._asked = asked
        self.console_app.repaint_now()

    def ask_again(self) -> None:
        """Only while it is in sight, and never twice at a time. A viewer does not even ask."""
        app = self.console_app
        if app.spec.mode != "view" and app.screen is self and not self._is_waiting:
            self._is_waiting = True
            app.ask("audit", {}, None, self._heard, self._failed)

    def _heard(self, told: Sequence[Sequence[Safe]]) -> None:
        self._told, self._trouble, self._is_waiting = told, None, False
        self.console_app.repaint_soon()

    def _failed(self, trouble: Trouble) -> None:
        self._trouble, self._is_waiting = trouble, False
        self.console_app.repaint_soon()

    def _why_empty(self) -> tuple[Safe, ...]:
        if self.console_app.spec.mode == "view":
            return OF_A_VIEWER
        if self._told is None and self._trouble is not None:
            trouble = self._trouble
            return tuple(sanitise(each) for each in (trouble.what, trouble.seen, trouble.mend) if each) or (NO_TEXT,)
        if self._told is None:
            return NOT_YET
        if self._asked:
            return (sanitise(f"No record matches '{self._asked}'. Esc shows all."),)
        return NOTHING
