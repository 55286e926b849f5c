"""What every screen of the console has: the header, the footer, and one paint for each picture."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.css.scalar import Scalar
from textual.screen import Screen

from collectors.safe import Safe, sanitise
from console.screen import foot, head
from console.screen.acting.keys import action_key
from console.screen.detail import filter_words
from console.screen.picture import Picture
from console.screen.trail import Place
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.table import Table
from widgets.tone import Tone

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp


FIRST = ("help", "command", "report")


class Pane(Screen[None], inherit_bindings=False):
    """A whole screen between header and footer. `paint` draws one picture; it is called for each, and asks nobody."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next pane", id="pane.next", show=False),
        Binding("escape,q", "app.leave_pane", "Back", id="pane.back", key_display="Esc"),
        Binding("shift+tab", "app.focus_previous", "Previous pane", id="pane.previous", show=False),
    ]
    DEFAULT_CSS = """
    Pane #small { display: none; height: 1fr; }
    Pane.too-small > * { display: none; }
    Pane.too-small #small { display: block; }
    """
    SOON: ClassVar[tuple[str, ...]] = ()  # actions that the footer names before the screen's others
    SAYS_OPS: ClassVar[bool] = True  # in the footer, how what was begun gets on
    LEAST: ClassVar[tuple[int, int]] = (16, 4)  # columns and rows below which nothing of it can be read
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-usual"), (160, "-wide")]  # noqa: RUF012 - Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (16, "-low"), (30, "-high")]  # noqa: RUF012 - Textual declares it so

    _is_composed = False  # its parts too: before the first paint they may be missing

    @property
    def console_app(self) -> ConsoleApp:
        return cast("ConsoleApp", self.app)

    def compose(self) -> ComposeResult:
        yield Bar(id="head", look=self.console_app.look)
        yield from self.body()
        yield Bar(id="foot", look=self.console_app.look)
        yield Bar(id="small", look=self.console_app.look)

    @property
    def is_drawable(self) -> bool:
        """Whether all of it is there: Textual calls a screen mounted before it has composed it and its parts."""
        return self.is_mounted and self._is_composed and bool(self.query("#small"))

    @abstractmethod
    def body(self) -> ComposeResult: ...

    @abstractmethod
    def paint(self, picture: Picture) -> None: ...

    @abstractmethod
    def looked_at(self) -> tuple[str, ...]:
        """The resources looked at, so that the engine asks for these first."""

    def on_resize(self) -> None:
        if self.is_drawable:
            self._measure()

    def under_cursor(self) -> Safe | None:
        """What a copy takes."""
        tables = [table for table in self.query(Table) if table.has_focus or len(self.query(Table)) == 1]
        return tables[0].cursor if tables else None

    @property
    def selected_row(self) -> Safe | None:
        """Where whoever follows has the cursor too."""
        tables = list(self.query(Table))
        at = next((table for table in tables if table.has_focus), tables[0] if tables else None)
        return at.cursor if at is not None else None

    def select_row(self, row: Safe) -> bool:
        """Put the cursor there; False as long as there is no such row."""
        return any(table.cursor == row or table.select(row) for table in self.query(Table))

    def turn_to(self, place: Place) -> None:
        """It is gone to again; one that is about something is about that from now on."""

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self._first_paint)

    def _first_paint(self) -> None:
        self._is_composed = bool(self.query("#small"))
        self.console_app.repaint_now()

    def draw(self, picture: Picture) -> None:
        """One paint: header, body, footer."""
        self._measure()
        spec = self.console_app.spec
        view = self.console_app.view
        filtered = filter_words(self.console_app.listing(picture), view.asked)
        self.query_one("#head", Bar).show(
            [*head.left(picture, spec.estate, spec.mode), *self.console_app.strip_left(picture), *filtered],
            [*self.console_app.strip_right(picture), *head.right(picture, view.zone)],
        )
        self.paint(picture)
        self._draw_foot(picture)

    def _measure(self) -> None:
        """Where it is too small to be read it says what it needs, and the keys go on working."""
        (columns, rows), least = self.size, self.LEAST
        self.set_class(columns < least[0] or rows < least[1], "too-small")
        words = (f"needs {least[0]}x{least[1]}", f"has {columns}x{rows}")
        self.query_one("#small", Bar).show_lines([Ends(((sanitise(line), Tone.WARN),)) for line in words])

    def _keys(self) -> list[Run]:
        """The keys that work here, from the bindings; first those that one needs where nothing else is known."""
        active = sorted(
            (one.binding for one in self.active_bindings.values()),
            key=lambda each: (each.action not in FIRST, each.action not in self.SOON),
        )
        shown = {binding.description: binding for binding in active if binding.show and binding.description}
        acts = [(key, self._display(binding)) for binding in shown.values() if (key := action_key(binding)) is not None]
        free, locked = self.console_app.action_words(acts)
        free, last = (free + locked, []) if self.SOON else (free, locked)
        runs: list[Run] = []
        for what, binding in shown.items():
            if action_key(binding) is None:
                runs.append((sanitise(f" {self._display(binding)}:{what} "), Tone.DIM))
            else:
                runs, free = runs + free, []  # all of them where the first one stands
        return runs + last

    def _display(self, binding: Binding) -> str:
        return self.app.get_key_display(binding)

    def _draw_foot(self, picture: Picture) -> None:
        """As high as what it says, up to a quarter of the screen."""
        columns, rows = self.size
        lines = foot.lines(self._notice(picture), self._keys(), columns, room=max(1, rows // 4))
        bar = self.query_one("#foot", Bar)
        if bar.styles.height != Scalar.from_number(len(lines)):
            bar.styles.height = len(lines)
        bar.show_lines(lines)

    def _notice(self, picture: Picture) -> Safe | None:
        """What the person should know and no pane says."""
        said = self.console_app.notice or picture.trouble
        if said is not None:
            return said
        ops = self.console_app.op_line(picture) if self.SAYS_OPS else None
        told = [ops, *(picture.status.notices[:1] if picture.status is not None else ())]
        there = [each for each in told if each]
        return sanitise("  ".join(there)) if there else None
