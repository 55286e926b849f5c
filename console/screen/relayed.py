"""How a viewer's own engine hears the publisher, in the fewest words: live, late or lost, and whether it is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.times import span
from widgets.draw import Run
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.together import Relay


def warnings(picture: Picture) -> list[Run]:
    """What keeps all else on the screen from being believed. It goes first, as the last that a narrow one gives up."""
    relay = picture.relay
    if relay is None:
        return []
    words: list[Run] = []
    if relay.state == "lost":
        words.append((sanitise(f" LOST {span(picture.contact_s)}: {relay.why}"), Tone.BAD))
    elif relay.state == "late":
        words.append((sanitise(f" LATE {span(relay.late_s)}"), Tone.WARN))
    if relay.trust == "unverified" and picture.meta is not None:
        words.append((Safe(" UNVERIFIED"), Tone.BAD))
    return words


def mode(picture: Picture) -> list[Run]:
    """Where all is well, that is one word."""
    relay = picture.relay
    if relay is None:
        return []
    if relay.state == "joining":
        return [(sanitise(f" VIEW joining: {relay.why}"), Tone.DIM)]
    return [(Safe(" VIEW live") if relay.state == "live" else Safe(" VIEW"), Tone.ACCENT)]


def notes(relay: Relay | None) -> tuple[Safe, ...]:
    """For whoever asks: which broker, whose signature, and what was not taken."""
    if relay is None:
        return ()
    signed = f"signed by {relay.signer}" if relay.trust == "verified" else "by no signature that is known"
    lines = [f"Heard by {relay.url}, {signed}; {relay.retries} connections lost."]
    lines += filter(None, [refused(relay)])
    return tuple(map(sanitise, lines))


def refused(relay: Relay | None) -> Safe | None:
    """What the pane of collectors says of it: somebody may be trying something."""
    if relay is None or not relay.refused:
        return None
    counts = ", ".join(f"{count} {reason}" for reason, count in relay.refused.items())
    return sanitise(f"Messages that were not taken: {counts}.")
