"""What is to be said in a line of the row under the cursor, and of the filter on every screen?"""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen import charts, glance
from console.screen.happened import events_of
from console.screen.listing import Listing
from console.screen.picture import Picture
from console.screen.report import changes
from console.screen.view import View
from console.times import span
from widgets.bar import Ends
from widgets.draw import Run
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res


def under_cursor(picture: Picture, listing: Listing, view: View, name: Safe | None, where: Safe) -> Ends:
    """Which, how bad, since when, every reason, and where it is; at the right how many are marked, and ``where``."""
    marked = sum(each in picture.resources for each in view.marked)
    right: list[Run] = [(sanitise(f" {marked} marked, Esc clears "), Tone.ACCENT)] if marked else []
    right += [(sanitise(f" {where} "), Tone.DIM)] if where else []
    if listing.filter.faults:
        return Ends((_fault(listing),), tuple(right))
    res = picture.resources.get(name) if name is not None else None
    if name is None or res is None:
        return Ends((), tuple(right))
    said = _reasons(res, picture.now_ms or res.seen)
    return Ends(((sanitise(f" {name}  "), Tone.TITLE), *said, (_facts(res), Tone.DIM)), tuple(right))


def before_it(picture: Picture, name: Safe | None, zone: tzinfo) -> Ends:
    """Of what is sick: what happened before. It is the next thing that one asks."""
    res = picture.resources.get(name) if name is not None else None
    if name is None or res is None or res.level is None:
        return Ends()
    said = changes(events_of(picture, name), res.since or picture.now_ms or res.seen, zone)
    return Ends(((sanitise(f" {said}"), Tone.DIM),))


def most_telling(picture: Picture, name: str | None) -> str:
    """The series of the value that is furthest beyond its bound, else of the processor."""
    res = picture.resources.get(name) if name is not None else None
    if res is None:
        return charts.DEFAULT
    series = picture.hist.get(name or "", {})
    beyond = [(glance.GRAVITY.index(value.b), key) for key, value in res.values.items() if value.b and key in series]
    return min(beyond)[1] if beyond else charts.DEFAULT


def filter_words(listing: Listing, asked: str) -> list[Run]:
    """For the header: rows that are hidden must not look as if there were none."""
    if not asked:
        return []
    count = f"{len(listing.names):,} of {listing.of:,}"
    return [(sanitise(f" /{asked} "), Tone.WARN), (sanitise(f" {count}"), Tone.PLAIN)]


def _fault(listing: Listing) -> Run:
    told = "; ".join(listing.filter.faults)
    return sanitise(f" {told}{'' if told.endswith('?') else '.'} Nothing is hidden."), Tone.WARN


def _reasons(res: Res, now: int) -> list[Run]:
    if res.level is not None:
        word, tone = glance.level(res)
        since = f" for {span((now - res.since) / 1000)}" if res.since is not None else ""
        return [(sanitise(f"{word}{since}: "), tone), (sanitise("; ".join(res.why) + "  "), Tone.PLAIN)]
    if glance.unread(res):
        return [(sanitise(f"cannot be seen: {glance.why(res)[0]}  "), Tone.WARN)]
    return [(Safe("within every bound  "), Tone.GOOD)] if res.values else []


def _facts(res: Res) -> Safe:
    """What a narrow table has no column for."""
    return sanitise("  ".join(filter(None, (res.status, res.engine, res.role, res.az or res.region, res.cluster))))
