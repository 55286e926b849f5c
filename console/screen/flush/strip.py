"""What a flush has done since, in a few cells of every screen's head and of the rows of all whom it concerns. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import sanitise
from console.screen.failover.stopwatch import Moment, moment
from console.screen.flush import words
from console.screen.picture import Picture
from widgets.draw import Run
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.flush import Flush


def shown(picture: Picture) -> list[Flush]:
    """Those that are watched, and those that ended badly until somebody has said that it was seen; the worst first."""
    found = [each for each in picture.flushes.values() if words.goes_on(each) or _is_open(each, picture)]
    return sorted(found, key=lambda each: (not each.alarms, -each.done, each.id))


def strip(picture: Picture) -> list[Run]:
    """For the head: of several the worst, and how many more there are."""
    there = shown(picture)
    if not there:
        return []
    flush, at = there[0], moment(picture)
    first = min(flush.figures, key=lambda each: (each.now is None, each.is_as_before), default=None)
    figure = "" if first is None else f" {words.named(first, flush.resource)} {words.value(first.what, first.now)}"
    what, more = "FLUSH FAILED" if flush.failed else "FLUSHED", f" +{len(there) - 1}" if there[1:] else ""
    return [(sanitise(f" {what} {flush.resource}{figure}{_stale(at)}{more}"), _tone(flush, at))]


def of_row(picture: Picture, resource: str) -> Run | None:
    """For a row of the overview, and for screens about it: what was flushed, and how it does since."""
    flush = next((each for each in shown(picture) if concerns(each, resource)), None)
    if flush is None:
        return None
    at = moment(picture)
    about = "" if flush.resource == resource else f"{flush.resource} "
    what = "flush FAILED" if flush.failed else "flushed"
    told = f"{about}{what} {words.ago(flush, at.ms)} by {words.who(flush)}{_stale(at)}"
    figures = words.now(flush.figures, resource)
    parts = [*flush.alarms[:1], f"{told}: {figures}" if figures else told]
    return sanitise(" ".join(parts)), _tone(flush, at)


def concerns(flush: Flush, resource: str) -> bool:
    return resource == flush.resource or any(each.about == resource for each in flush.figures)


def _is_open(flush: Flush, picture: Picture) -> bool:
    op = picture.ops.get(flush.id)
    return bool(flush.alarms) and not (op is not None and op.acknowledged)


def _stale(at: Moment) -> str:
    return " NOT LIVE" if at.lost_s is not None else ""


def _tone(flush: Flush, at: Moment) -> Tone:
    return Tone.DIM if not at.is_live else Tone.BAD if flush.alarms else Tone.WARN
