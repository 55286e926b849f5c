"""The board: metrics, waits, lag and backups of one resource side by side; one at a time where it is small."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.css.scalar import Scalar

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen import layout
from console.screen.acting import keys
from console.screen.failover.strip import of_row
from console.screen.flush.strip import of_row as flushed
from console.screen.glance import LEVELS
from console.screen.of_resource import OfResource
from console.screen.picture import Picture
from console.screen.resource_screen.facts import facts
from console.screen.resource_screen.unseen import unseen
from console.screen.tiles.all import TILES
from console.screen.tiles.box import TileBox
from console.screen.trail import Place
from console.screen.values import TONES
from widgets.bar import Bar, Ends
from widgets.draw import Run
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.meta import BoardLayout


class BoardPane(OfResource):
    """Tab goes from tile to tile, Enter to where one is told in full."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="board.open", key_display="Enter"),
        Binding("tab,right,l,down,j", "other(1)", "Next tile", id="board.next-tile", key_display="Tab"),
        Binding("shift+tab,left,h,up,k", "other(-1)", "Previous tile", id="board.previous-tile", show=False),
        *keys.BINDINGS,
    ]
    SOON = tuple(binding.action for binding in keys.BINDINGS)
    DEFAULT_CSS = """
    BoardPane { layout: vertical; }
    BoardPane #facts { height: 2; }
    BoardPane #tabs { display: none; height: 1; }
    BoardPane.tabbed #tabs { display: block; }
    BoardPane #tiles { height: 1fr; layout: vertical; }
    BoardPane .row { height: 1fr; layout: horizontal; }
    BoardPane.tabbed .row { display: none; }
    BoardPane.tabbed .title { display: none; }
    BoardPane.tabbed .row.shown { display: block; }
    BoardPane.tabbed TileBox { display: none; }
    BoardPane.tabbed TileBox.shown { display: block; }
    BoardPane.tabbed TileBox .title { display: none; }
    BoardPane.-tiny #facts { height: 1; }
    """

    def __init__(self, resource: Safe) -> None:
        super().__init__(resource)
        self._rows: layout.Rows = ()
        self._at = 0  # which tile has the keys

    def begin_anew(self) -> None:
        self._at = 0
        self._stand()

    def body(self) -> ComposeResult:
        look = self.console_app.look
        yield Bar(id="facts", look=look)
        yield Bar(id="tabs", look=look)
        yield Container(id="tiles")

    def paint(self, picture: Picture) -> None:
        view, signs, now = self.console_app.view, self.console_app.signs, picture.now_ms or 0
        res, missing = picture.resources.get(self.resource), unseen(picture, self.resource)
        about = partial(facts, unseen=missing, zone=view.zone, columns=self.size.width, room=2)
        lines = about(self.resource, res, now, signs)
        if (failover := of_row(picture, self.resource)) is not None:
            words, tone = failover
            lines = [*lines[:1], Ends(((sanitise(f" {words}"), tone), (Safe("  :fo shows it"), Tone.DIM)))]
        elif (flush := flushed(picture, self.resource)) is not None:
            lines = [*lines[:1], Ends(((sanitise(f" {flush[0]}"), flush[1]), (Safe("  :ops shows it"), Tone.DIM)))]
        self.query_one("#facts", Bar).show_lines(lines)
        wanted = layout.rows_for(self._wanted(picture), self.size, TILES, self.console_app.looks.board)
        self._arrange(layout.of_kind(wanted, res.kind if res is not None else ""))
        self.set_class(layout.is_tabbed(self.size), "tabbed")
        for box in self._boxes:
            tell = box.show if box.size.height else box.judge
            tell(picture, self.resource, view, signs)
        self._share_rows()
        self.query_one("#tabs", Bar).show_lines([self._tab_line()])

    def _share_rows(self) -> None:
        """A row without a chart takes what its lines need, and leaves the rest to those that have one."""
        heights = [layout.height([box.wanted for box in row.query(TileBox)]) for row in self.query(".row")]
        shared = layout.shared(heights, self.query_one("#tiles").size.height)
        for row, height in zip(self.query(".row"), shared, strict=True):
            wanted = Scalar.parse("1fr") if height is None or self.has_class("tabbed") else Scalar.from_number(height)
            if row.styles.height != wanted:
                row.styles.height = wanted

    def on_tile_box_sized(self) -> None:
        self.console_app.repaint_next()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.console_app.repaint_next()

    def _wanted(self, picture: Picture) -> BoardLayout | None:
        return picture.meta.board if picture.meta else None

    @property
    def _boxes(self) -> list[TileBox]:
        return list(self.query(TileBox))

    def _arrange(self, rows: layout.Rows) -> None:
        """Tiles are made anew only when the layout is another."""
        if rows != self._rows:
            self._rows, self._at = rows, 0
            self.call_next(self._make, rows)

    async def _make(self, rows: layout.Rows) -> None:
        tiles, look = self.query_one("#tiles", Container), self.console_app.look
        await tiles.remove_children()
        await tiles.mount_all(Container(*(TileBox(TILES[name], look) for name in row), classes="row") for row in rows)
        self._stand()

    def _stand(self) -> None:
        """The keys are on one tile; where there are tabs, it is the one that is shown."""
        boxes = self._boxes
        if not boxes:
            return
        self._at %= len(boxes)
        for number, box in enumerate(boxes):
            box.set_class(number == self._at, "shown")
        for row in self.query(".row"):
            row.set_class(any(box.has_class("shown") for box in row.query(TileBox)), "shown")
        boxes[self._at].focus()
        self.console_app.repaint_next()

    def action_other(self, step: int) -> None:
        self._at += step
        self._stand()

    def action_open(self) -> None:
        if self._boxes:
            self.console_app.go(Place(self._boxes[self._at].tile.opens))

    def _tab_line(self) -> Ends:
        """Every tile by name, with a word for how grave it is: one that is not shown must not hide it."""
        boxes = self._boxes
        age = boxes[self._at].age if boxes else Safe("")
        return Ends(
            tuple(_tabs([(box.tile.title, box.level) for box in boxes], self._at)),
            ((sanitise(f"{age} "), Tone.DIM),) if age else (),
        )


def _tabs(tiles: Sequence[tuple[Safe, Severity | None]], at: int) -> list[Run]:
    runs: list[Run] = []
    for number, (title, level) in enumerate(tiles):
        runs.append((sanitise(f" {title} "), Tone.SELECTED if number == at else Tone.HEADER))
        if level is not None:
            runs.append((sanitise(f"{LEVELS[level]} "), TONES.get(level, Tone.DIM)))
    return runs
