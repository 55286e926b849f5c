"""One resource whole: what it is, every value with its age, how they moved, and what happened meanwhile."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from collectors.safe import Safe, sanitise
from console.screen import charts, ghosts, zoom
from console.screen.acting import keys
from console.screen.flush.strip import of_row as flushed
from console.screen.ghosts import Step
from console.screen.happened import event_lines, events_of
from console.screen.of_resource import OfResource
from console.screen.picture import Picture
from console.screen.resource_screen import told
from console.screen.resource_screen.compare import Pair, compared
from console.screen.resource_screen.facts import facts
from console.screen.resource_screen.shape import HIGH, Shape, facts_room, has_spare, shaped
from console.screen.resource_screen.unlike import compare, usual
from console.screen.resource_screen.unseen import unseen
from console.screen.together.reported import of_resource
from console.screen.values import said
from console.screen.view import Window
from widgets.bar import Bar, Ends
from widgets.chart import Chart
from widgets.table import Table
from widgets.tone import Tone

MOST_CHARTS = 3
MOST_NOTES = 2


class ResourcePane(OfResource):
    """Esc goes back to where one came from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "zoom(-1)", "Zoom in", id="resource.zoom-in", key_display="+"),
        Binding("minus", "zoom(1)", "Zoom out", id="resource.zoom-out", show=False, key_display="-"),
        Binding("less_than_sign", "pan(-1)", "Back in time", id="resource.pan-back", show=False, key_display="<"),
        Binding("greater_than_sign", "pan(1)", "On in time", id="resource.pan-on", show=False, key_display=">"),
        Binding("equals_sign", "now", "Back to now", id="resource.now", show=False, key_display="="),
        Binding("comma", "cursor(-1)", "Read out", id="resource.cursor-back", key_display=","),
        Binding("full_stop", "cursor(1)", "Read out later", id="resource.cursor-on", show=False, key_display="."),
        Binding("space", "mark", "Compare", id="resource.mark", key_display="Space"),
        Binding("b", "ghosts", "Ghosts", id="resource.ghosts"),
        *keys.BINDINGS,
        Binding("tab", "other_list", "Values or least like usual", id="resource.other-list", show=False),
    ]
    DEFAULT_CSS = """
    ResourcePane { layout: vertical; }
    ResourcePane #body { height: 1fr; layout: vertical; }
    ResourcePane #body.beside { layout: horizontal; }
    ResourcePane #lists, ResourcePane #plots { layout: vertical; }
    ResourcePane #plots { height: 1fr; width: 1fr; }
    ResourcePane #values, ResourcePane Chart { height: 1fr; }
    """

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._cursor: int | None = None  # a time
        self._marked: Safe | None = None  # the value that the one under the cursor is compared with
        self._asked: set[Safe] = set()  # the resources whose ghosts this screen has asked for
        self._shape: Shape | None = None

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="facts", look=look)
        with Container(id="body"):
            with Container(id="lists"):
                empty = Safe("No value has come yet.")
                yield Table(told.COLUMNS, empty=empty, choosable=False, look=look, id="values")
                yield Table(told.UNLIKE_COLUMNS, empty=Safe(""), look=look, id="unlike")
            with Container(id="plots"):
                yield Bar(id="stretch", look=look)
                for number in range(MOST_CHARTS):
                    yield Chart(look=look, id=f"chart-{number}")
                yield Bar(id="events", look=look)

    def on_mount(self) -> None:
        self._values.focus()

    def begin_anew(self) -> None:
        self._cursor = self._marked = None
        self._values.start_anew()

    def under_cursor(self) -> Safe | None:
        """The value with its name, as one would say it to somebody."""
        res, series = self.console_app.picture.resources.get(self.resource), self._values.cursor
        value = res.values.get(series) if res is not None and series is not None else None
        if value is None:
            return self.resource
        words, _ = said(value, self.console_app.picture.now_ms or 0, self.console_app.signs)
        return sanitise(f"{self.resource} {series} {words}")

    def on_resize(self) -> None:
        if self.is_drawable:
            self.console_app.repaint_next()

    @property
    def _values(self) -> Table:
        return self.query_one("#values", Table)

    @property
    def _unlike(self) -> Table:
        return self.query_one("#unlike", Table)

    def paint(self, picture: Picture) -> None:
        res, now, view = picture.resources.get(self.resource), picture.now_ms or 0, self.console_app.view
        signs = self.console_app.signs
        missing, (columns, height) = unseen(picture, self.resource), self.size
        how = partial(facts, unseen=missing, zone=view.zone, columns=columns, room=facts_room(height))
        lines = how(self.resource, res, now, signs)
        if (flush := flushed(picture, self.resource)) is not None:
            lines = [lines[0], Ends(((sanitise(f" {flush[0]}"), flush[1]),)), *lines[1:]][: facts_room(height)]
        if facts_room(height) > 1:  # what people say of it has lines of its own: it takes none of the facts
            noted = of_resource(picture, self.resource, view.zone, MOST_NOTES if height >= HIGH else 1)
            lines = [*lines[:1], *(Ends(((sanitise(f" {each}"), Tone.ACCENT),)) for each in noted), *lines[1:]]
        rows = told.value_rows(res, now, signs, stale=picture.stale, marked=self._marked) if res else []
        self._values.show(rows)
        pairs = self._pairs(picture)
        events, unlike_first = events_of(picture, self.resource), self.focused is self._unlike
        wanted = len(pairs), len(events)
        self._arrange(shaped(self.size, len(lines), wanted, ghosts=view.ghosts, unlike_first=unlike_first))
        self.query_one("#facts", Bar).show_lines(lines)
        if view.ghosts:
            self._show_unlike(picture)
        self._show_plots(picture, pairs)
        if self._shape is not None:
            size = self.size.width - (self._shape.lists if self._shape.beside else 0), self._shape.events
            told_of = event_lines(events, size, now, view.zone, self.console_app.look.symbols.ellipsis)
            self.query_one("#events", Bar).show_lines(told_of)

    def _pairs(self, picture: Picture) -> list[Pair]:
        series = self._values.cursor or charts.DEFAULT
        others = self.console_app.view.marked
        return compared(picture, self.resource, series, marked=self._marked, others=others, spare=has_spare(self.size))

    def _arrange(self, shape: Shape) -> None:
        """Sizes change only with the terminal, with ghosts and with what is compared."""
        if shape == self._shape:
            return
        self._shape = shape
        body, lists, plots = (self.query_one(name) for name in ("#body", "#lists", "#plots"))
        body.set_class(shape.beside, "beside")
        lists.styles.width = shape.lists if shape.beside else "100%"
        lists.styles.height = "100%" if shape.beside else shape.lists
        plots.display = shape.charts > 0
        self._values.display = shape.values
        heights = {"#facts": shape.facts, "#unlike": shape.unlike, "#stretch": shape.line, "#events": shape.events}
        for name, height in heights.items():
            part = self.query_one(name)
            part.display = height > 0
            part.styles.height = max(1, height)
        for number in range(MOST_CHARTS):
            self.query_one(f"#chart-{number}").display = number < shape.charts

    def _show_unlike(self, picture: Picture) -> None:
        there, res = picture.ghosts.get(self.resource), picture.resources.get(self.resource)
        stretch = zoom.stretch(self.console_app.view.window, picture.now_ms or 0)
        found = compare(picture.hist.get(self.resource, {}), there, res, stretch)
        self._unlike.show_empty(usual(found) if there and there.series else self._ghost_words(picture))
        self._unlike.show(told.unlike_rows(found.unlike))

    def _ghost_words(self, picture: Picture) -> Safe:
        return ghosts.state(picture, self.resource, viewer=self.console_app.spec.mode == "view")

    def _show_plots(self, picture: Picture, pairs: list[Pair]) -> None:
        shape, view, now = self._shape, self.console_app.view, picture.now_ms or 0
        if shape is None or not shape.charts:
            return
        left = [(sanitise(f" {zoom.words(view.window, now, view.zone)}"), Tone.PLAIN)]
        if len(pairs) > shape.charts:
            left.append((sanitise(f"  {len(pairs) - shape.charts} more compared than there is room for"), Tone.WARN))
        right = ((sanitise(f"{self._ghost_words(picture)} "), Tone.DIM),) if view.ghosts else ()
        self.query_one("#stretch", Bar).show_lines([Ends(tuple(left), right)])
        named = any(resource != self.resource for resource, _ in pairs)
        how = partial(charts.chart_of, picture, view=view, cursor=self._cursor, aligned=True, named=named)
        for number, (resource, series) in enumerate(pairs[: shape.charts]):
            self.query_one(f"#chart-{number}", Chart).show(how(resource, series, self.console_app.signs))

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """From the list of what is unlike usual to its chart."""
        self._values.select(message.key)
        self.console_app.repaint_next()

    def _look(self, window: Window) -> None:
        self.console_app.look_at(window=window)

    def action_zoom(self, steps: int) -> None:
        now = self.console_app.picture.now_ms or 0
        self._look(zoom.zoomed(self.console_app.view.window, steps, now, self._cursor))

    def action_pan(self, halves: int) -> None:
        self._look(zoom.panned(self.console_app.view.window, halves))

    def action_now(self) -> None:
        self._cursor = None
        self._look(Window(self.console_app.view.window.span_ms))

    def action_cursor(self, steps: int) -> None:
        now = self.console_app.picture.now_ms or 0
        self._cursor = zoom.moved(self._cursor, steps, self.console_app.view.window, now)
        self.console_app.repaint_now()

    def action_mark(self) -> None:
        """Compare with this one, or no longer."""
        at = self._unlike.cursor if self.focused is self._unlike else self._values.cursor
        self._marked = None if at == self._marked else at
        self.console_app.repaint_now()

    def action_ghosts(self) -> None:
        app, about = self.console_app, self.resource
        shown, asked, viewer = app.view.ghosts, about in self._asked, app.spec.mode == "view"
        step = ghosts.pressed(app.picture, about, shown=shown, asked=asked, viewer=viewer)
        app.look_at(ghosts=step is not Step.HIDE)
        if step is Step.ASK:
            self._asked.add(about)
            app.say(ghosts.price(app.picture, about))
            app.ask("ghosts", {"id": about}, sanitise(f"Yesterday and last week of {about} were asked for."))
        elif step is Step.HIDE:
            self._asked.discard(about)
            self._turn_to(self._values)

    def action_other_list(self) -> None:
        """Between the values and what is least like usual; where only one has room, it takes the other's place."""
        if self.console_app.view.ghosts:
            self._turn_to(self._values if self.focused is self._unlike else self._unlike)

    def _turn_to(self, table: Table) -> None:
        table.display = True
        self.set_focus(table)
        self.console_app.repaint_now()
