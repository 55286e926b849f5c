"""What stands first in a dialog: of a failover how long the last ones took, of a flush what it would bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from collectors.errors import Trouble
from console.screen.acting import states
from console.screen.failover import in_dialog
from console.screen.failover.page import HIGH_ROWS, Sheet
from console.screen.failover.stopwatch import moment
from console.screen.flush.told import expected, watched
from console.screen.limits import objectives_of
from console.screen.picture import Picture
from widgets.bar import Ends

if TYPE_CHECKING:
    from console.protocol.op import Op
    from console.screen.app import ConsoleApp, Told


class Opening:
    """Of one dialog. ``look``: draws it again once there is an answer."""

    def __init__(self, app: ConsoleApp, look: Callable[[], None]) -> None:
        self._app, self._look = app, look
        self._formers: Told | Trouble | None = None
        self._has_asked = False

    def lines(self, op: Op, picture: Picture) -> tuple[Ends, ...]:
        """What is to be expected, until it is confirmed; once it is sent, how it goes."""
        if states.offer(op) == states.FLUSH:
            return tuple(_of_flush(op, picture, self._app.size.width))
        if states.offer(op) not in states.NOUNS:
            return ()
        app, (columns, rows) = self._app, self._app.size
        run = picture.failovers.get(op.id)
        if run is not None and op.sent is not None:
            sheet = Sheet(columns, app.look.symbols, app.view.zone, high=rows >= HIGH_ROWS)
            return tuple(in_dialog.running(run, moment(picture), sheet))
        if app.spec.mode == "view" or op.state not in (*states.LOOKING, *states.ASKING):
            return ()
        self._ask(op)
        promised = objectives_of(picture, op.resource, in_dialog.OBJECTIVE)
        return tuple(in_dialog.opening(self._formers, promised[0].bound if promised else None, columns))

    def _ask(self, op: Op) -> None:
        """They do not change while a person reads."""
        if not self._has_asked:
            self._has_asked = True
            self._app.ask("failover.formers", {"id": str(op.resource)}, None, self._heard, self._heard)

    def _heard(self, told: Told | Trouble) -> None:
        self._formers = told
        self._look()


def _of_flush(op: Op, picture: Picture, columns: int) -> Iterator[Ends]:
    flush = picture.flushes.get(op.id)
    if flush is not None:
        yield from watched(flush, moment(picture), columns)
    elif op.state in (*states.LOOKING, *states.ASKING):
        yield from expected(op, columns)
