"""What stands before all else in the dialog of a failover; asks once how long the last ones took."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from collectors.errors import Trouble
from console.screen.acting import states
from console.screen.failover import in_dialog
from console.screen.failover.page import HIGH_ROWS, Sheet
from console.screen.failover.stopwatch import moment
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
        """How long the last ones took, until it is confirmed; the stopwatch, once it is sent."""
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
