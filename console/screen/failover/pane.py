"""A failover on the screen: the stopwatch, how far it is, and the six steps, of which some are a person's to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from collectors.safe import Safe, sanitise
from console.screen.acting import keys
from console.screen.acting.paper import BLANK, cut, said
from console.screen.failover import chosen, page, steps
from console.screen.failover.listing import ask_which
from console.screen.failover.page import HIGH_ROWS, Sheet
from console.screen.failover.phases import ladder
from console.screen.failover.stopwatch import goes_on, moment
from console.screen.of_resource import OfResource
from console.screen.picture import Picture
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.table import Table
from widgets.tone import Symbols, Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover

MOST_ALARMS = {False: 4, True: 8}  # lines above the steps, where there are few lines and where there are many
VIEWER = Safe("This is a viewer: only the console that runs the engine ticks a step.")


class FailoverPane(OfResource):
    """Of the chosen resource the one under way, else the last; another one once it was asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,t", "tick", "Tick", id="failover.tick", key_display="Space", show=False),
        Binding("A", "acknowledge", "Acknowledge", id="failover.acknowledge", show=False),
        Binding("o", "other", "Another one", id="failover.other"),
        Binding("tab", "more(1)", "Further down", id="failover.down", key_display="Tab", show=False),
        Binding("shift+tab", "more(-1)", "Further up", id="failover.up", show=False),
        *keys.BINDINGS,
    ]
    SOON = tuple(binding.action for binding in keys.BINDINGS)
    SAYS_OPS = False  # the screen does
    DEFAULT_CSS = """
    FailoverPane { layout: vertical; }
    FailoverPane #steps { height: 7; }
    FailoverPane #detail { height: 2; }
    FailoverPane #rest { height: 1fr; }
    FailoverPane.nothing #steps, FailoverPane.nothing #detail { display: none; }
    FailoverPane.-tiny #detail, FailoverPane.-tiny #rest { display: none; }
    FailoverPane.-tiny #steps { height: 1fr; }
    """

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._top = self._last_top = 0
        self._led_to: Safe | None = None  # the step that the cursor was put on, and was not moved from

    def begin_anew(self) -> None:
        self._top, self._led_to = 0, None

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="watch", look=look)
        yield Table(steps.COLUMNS, empty=Safe("No step is told yet."), choosable=False, look=look, id="steps")
        yield Bar(id="detail", look=look)
        yield Bar(id="rest", look=look)

    def on_mount(self) -> None:
        self._steps.focus()

    @property
    def _steps(self) -> Table:
        return self.query_one("#steps", Table)

    def run_of(self, picture: Picture) -> Failover | None:
        return chosen.shown(picture.failovers, self.resource, self.console_app.view.failover)

    def under_cursor(self) -> Safe | None:
        """The stopwatch in words, as one would say it to somebody."""
        picture = self.console_app.picture
        run = self.run_of(picture)
        return self.resource if run is None else page.in_a_line(run, moment(picture))

    def paint(self, picture: Picture) -> None:
        run = self.run_of(picture)
        self.set_class(run is None, "nothing")
        if run is None:
            self._put("#watch", list(self._nothing(picture)))
            self.query_one("#rest", Bar).show_lines([])
            return
        app, at, columns = self.console_app, moment(picture), self.size.width
        is_high = self.size.height >= HIGH_ROWS
        sheet = Sheet(columns, app.look.symbols, app.view.zone, high=is_high, viewer=self._is_viewer)
        space = [BLANK] if is_high else []
        top = [*space, *page.watch_lines(run, at, sheet), *space, *ladder(run, app.view.zone, columns), *space]
        alarms, below = page.split_alarms(run, columns, MOST_ALARMS[is_high])
        top += [*alarms, *(space if alarms else ())]
        self._put("#watch", top[: max(1, self.size.height // 2)])
        self._steps.show(steps.rows(run, app.view.zone, app.signs, stale=picture.stale))
        self._follow(run)
        self._show_detail(run, columns)
        lines, room = [*below, *page.rest(run, at, sheet)], self.query_one("#rest").size.height
        self._last_top = max(0, len(lines) - room)
        self._top = min(self._top, self._last_top)
        self.query_one("#rest", Bar).show_lines(cut(lines, self._top, room, "Tab"))

    def _follow(self, run: Failover) -> None:
        """The cursor is on the first step that is not done, until somebody moves it."""
        here = self._steps.cursor
        if here is not None and (self._led_to is None or self._led_to == here):
            self._led_to = next((sanitise(step.name) for step in run.steps if step.state != "done"), here)
            self._steps.select(self._led_to)

    def _put(self, name: str, lines: list[Ends]) -> None:
        bar = self.query_one(name, Bar)
        if bar.size.height != len(lines):
            bar.styles.height = max(1, len(lines))
        bar.show_lines(lines)

    def _show_detail(self, run: Failover, columns: int) -> None:
        meaning, shows = steps.detail(run, self._steps.cursor)
        lines = [*list(said(meaning, Tone.TITLE, columns))[:1], *said(shows, Tone.PLAIN, columns)]
        self.query_one("#detail", Bar).show_lines(lines[:2])

    def _nothing(self, picture: Picture) -> list[Ends]:
        """None is known of this resource; where others have one, how to get there."""
        others = [run for run in chosen.in_order(picture.failovers) if goes_on(run)] or list(
            picture.failovers.values()
        )
        words = [f"No failover of {self.resource} is known to this engine.", "F plans one, or says why it may not be."]
        if others:
            names = ", ".join(dict.fromkeys(str(run.resource) for run in others))
            words.append(f"There is one of {names}: o opens it.")
        return [line for each in words for line in said(each, Tone.PLAIN, self.size.width)]

    def _keys(self) -> list[Run]:
        """What a person may say here stands first; in grey with the reason where it may not be said."""
        run = self.run_of(self.console_app.live)
        if run is None:
            return super()._keys()
        sign = "x" if self.console_app.look.symbols is Symbols.ASCII else "×"
        runs = []
        if any(map(steps.is_open, run.steps)):
            runs.append(_key("Space:Tick", "viewer" if self._is_viewer else self._why_not_ticked(run), sign))
        if not goes_on(run) and not run.acknowledged:
            runs.append(_key("A:Acknowledge", "viewer" if self._is_viewer else "", sign))
        return [*runs, *super()._keys()]

    def _why_not_ticked(self, run: Failover) -> str:
        """In a word, of the step under the cursor."""
        step = steps.step_of(run, self._steps.cursor)
        if step is None or steps.is_open(step):
            return ""
        return "done" if step.state == "done" else "watched"

    @property
    def _is_viewer(self) -> bool:
        return self.console_app.spec.mode == "view"

    def on_resize(self) -> None:
        super().on_resize()
        if self.is_drawable:
            self.console_app.repaint_next()

    def on_table_moved(self) -> None:
        self.console_app.repaint_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Another one is offered where there is one."""
        if action != "other":
            return True
        picture = self.console_app.live
        return len(picture.failovers) > (self.run_of(picture) is not None)

    def action_more(self, pages: int) -> None:
        step = pages * max(1, self.query_one("#rest").size.height - 1)
        self._top = max(0, min(self._top + step, self._last_top))
        self.console_app.repaint_now()

    def action_other(self) -> None:
        ask_which(self.console_app, chosen.in_order(self.console_app.picture.failovers))

    def action_tick(self) -> None:
        """A person says that a step is done: what the cloud cannot see."""
        app, name = self.console_app, self._steps.cursor
        run = self.run_of(app.live)
        if run is None or name is None:
            return
        why = VIEWER if self._is_viewer else steps.why_not(run, name)
        if why is not None:
            app.say(why)
            return
        called = steps.MEANINGS[str(name)].word.partition(" ")[2]
        app.ask("failover.tick", {"id": str(run.id), "step": str(name)}, sanitise(f"{called} is ticked, in your name."))

    def action_acknowledge(self) -> None:
        """Somebody has seen how it ended."""
        app = self.console_app
        run = self.run_of(app.live)
        if run is None:
            return
        if goes_on(run):
            app.say(sanitise(f"The {chosen.noun(run)} goes on: it is acknowledged once it has ended."))
        elif run.acknowledged:
            app.say(sanitise(f"It is acknowledged already, by {run.acknowledged}."))
        else:
            done = sanitise(f"The {chosen.noun(run)} of {run.resource} is acknowledged.")
            app.ask("failover.acknowledge", {"id": str(run.id)}, done)


def _key(words: str, locked: str, sign: str) -> Run:
    return sanitise(f" {words} {sign}{locked} " if locked else f" {words} "), Tone.DIM if locked else Tone.PLAIN
