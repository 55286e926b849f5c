"""What waits for a second person to agree, and how somebody who may comes to it: at any console, a viewer too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.acting import states
from console.screen.choose import Item, choose
from console.screen.picture import Picture
from console.times import span

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Op
    from console.screen.app import ConsoleApp

STATE = "await-approval"
NONE = Safe("Nothing waits for approval.")


def waiting(picture: Picture) -> list[Op]:
    """The newest first."""
    return sorted((op for op in picture.ops.values() if op.state == STATE), key=lambda op: -op.began)


def line(picture: Picture) -> Safe | None:
    """For every screen's footer."""
    found = waiting(picture)
    if not found:
        return None
    more = f" and {len(found) - 1} more" if found[1:] else ""
    return sanitise(f"{states.noun(found[0])} of {found[0].resource}{more} waits for approval (:approve)")


def open_waiting(app: ConsoleApp) -> None:
    """The only one at once; of several it is asked which."""
    picture = app.live
    found = waiting(picture)
    if not found:
        app.say(NONE)
    elif not found[1:]:
        app.open_op(str(found[0].id))
    else:
        choose(app, Safe("Which one?"), [_item(op, picture.now_ms or 0) for op in found], app.open_op)


def _item(op: Op, now_ms: int) -> Item:
    about = sanitise(f"{states.called(op)} of {op.resource}")
    return Item(str(op.id), about, sanitise(f"asked by {op.by} {span((now_ms - op.began) / 1000)} ago"))
