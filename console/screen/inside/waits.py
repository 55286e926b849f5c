"""What does this database wait for? How much by category over the last hour, which types, and who waits now."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.inside.sessions import Sessions
from collectors.inside.waits import Waits
from collectors.safe import Safe, sanitise
from console.screen import ghosts
from console.screen.inside import wait_rows
from console.screen.inside.pane import InsidePane
from console.screen.inside.wait_history import OTHER, PREFIX, history
from console.screen.inside.wait_rows import Shown
from console.screen.inside.wait_words import lines
from console.screen.picture import Picture
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.stack import Layer, Stack, filling
from widgets.table import Table
from widgets.tone import Tone

LEAST_CHART = 5


class WaitsPane(InsidePane[Waits]):
    """Enter goes from a category to its types, and from a type to the sessions that wait for it."""

    name_ = "waits"
    part = Waits
    collector = "waits"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "turn", "Categories or types", id="waits.turn"),
        Binding("i", "idle", "Idle ones too", id="waits.idle"),
        Binding("b", "ghosts", "Ghosts", id="waits.ghosts"),
        Binding("left,h", "up", "Up", id="waits.up"),
    ]
    DEFAULT_CSS = """
    WaitsPane #figures { height: 3; }
    WaitsPane Stack { height: 12; }
    WaitsPane #what { height: 1; }
    WaitsPane Table { height: 1fr; }
    WaitsPane.-low Stack { height: 7; }
    WaitsPane.-tiny Stack { display: none; }
    WaitsPane.-tiny #figures { height: 1; }
    """

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._shown = Shown()
        self._by_category = False
        self._type: Safe | None = None  # whose sessions are seen
        self._asked = False

    def content(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="figures", look=look)
        yield Stack(look=look)
        yield Bar(id="what", look=look)
        yield Table(wait_rows.TYPES, empty=Safe(""), look=look)

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def begin_anew(self) -> None:
        self._shown, self._by_category, self._type, self._asked = Shown(), False, None, False
        self.query_one(Table).start_anew()

    def tell(self, picture: Picture, fact: Waits | None) -> None:
        app = self.console_app
        figures = self.query_one("#figures", Bar)
        size, ellipsis = (self.size.width, max(1, figures.size.height)), app.look.symbols.ellipsis
        figures.show_lines(lines(fact, *size, ellipsis) if fact else [])
        data, layers = history(picture, self.resource, app.view, app.signs)
        self.query_one(Stack).show_layers(data, layers)
        self.query_one("#what", Bar).show_lines([self._what(picture)])
        self._fill(picture, fact, layers)

    def _fill(self, picture: Picture, fact: Waits | None, layers: tuple[Layer, ...]) -> None:
        table, none, symbols = self.query_one(Table), self.console_app.signs.inapplicable, self.console_app.look.symbols
        fillings = {layer.name: filling(index, symbols) for index, layer in enumerate(layers)}
        if OTHER in fillings and fact is not None:
            fillings |= {row.category: fillings[OTHER] for row in fact.rows if row.category not in fillings}
        if fact is None:
            table.show_empty(*self.why_nothing(picture))
            table.show([])
        elif self._type is not None:
            self._fill_sessions(picture, table, self._type, none)
        elif self._by_category:
            table.show_columns(wait_rows.CATEGORIES)
            table.show_empty(Safe("Nobody waits."))
            table.show(wait_rows.category_rows(fact, fillings, none))
        else:
            table.show_columns(wait_rows.TYPES)
            table.show_empty(Safe("Nobody waits."))
            table.show(wait_rows.type_rows(fact, self._shown, fillings, none))

    def _fill_sessions(self, picture: Picture, table: Table, wait_type: Safe, none: Safe) -> None:
        sessions = picture.inside_of(self.resource, Sessions)
        table.show_columns(wait_rows.SESSIONS)
        words = "Who waits is not known yet." if sessions is None else f"No session waits for {wait_type} now."
        table.show_empty(sanitise(words))
        table.show(wait_rows.session_rows(sessions, wait_type, none) if sessions else [])

    def _what(self, picture: Picture) -> Ends:
        if self._type is not None:
            words = f" SESSIONS that wait for {self._type} now"
        elif self._by_category:
            words = " CATEGORIES"
        else:
            words = f" TYPES{f' of {self._shown.category}' if self._shown.category else ''}"
            words += ", idle ones too" if self._shown.all else ""
        right: tuple[Run, ...] = ()
        if self.console_app.view.ghosts:
            missing = ghosts.is_missing(picture, self.resource, PREFIX)
            words_of = "no ghosts are remembered" if missing else "dotted yesterday, dashed last week"
            right = ((sanitise(f"{words_of} "), Tone.DIM),)
        return Ends(((sanitise(words), Tone.HEADER),), right)

    def on_table_chosen(self, message: Table.Chosen) -> None:
        if self._type is not None:
            return
        if self._by_category:
            self._go(Shown(message.key, self._shown.all))
        else:
            self._go(self._shown, wait_type=message.key)

    def action_turn(self) -> None:
        """All types, or all categories; from deeper down too."""
        self._go(Shown(all=self._shown.all), by_category=not self._by_category)

    def action_up(self) -> None:
        """From sessions to types, from types to categories."""
        if self._type is not None:
            self._go(self._shown)
        else:
            self._go(Shown(all=self._shown.all), by_category=True)

    def action_idle(self) -> None:
        self._go(Shown(self._shown.category, not self._shown.all))

    def action_ghosts(self) -> None:
        app, about = self.console_app, self.resource
        viewer = app.spec.mode == "view"
        shown, asked = app.view.ghosts, self._asked
        step = ghosts.pressed(app.picture, about, shown=shown, asked=asked, viewer=viewer, family=PREFIX)
        app.look_at(ghosts=step is not ghosts.Step.HIDE)
        self._asked = step is ghosts.Step.ASK
        if self._asked:
            words = sanitise(f"What {about} waited for yesterday and last week is remembered.")
            app.ask("ghosts", {"id": about, "of": "waits"}, words)

    def _go(self, shown: Shown, *, by_category: bool = False, wait_type: Safe | None = None) -> None:
        self._shown, self._by_category, self._type = shown, by_category, wait_type
        self.query_one(Table).start_anew()
        self.console_app.repaint_now()
