"""How is the time after a flush told: its figures, what is alarming, and at the end a verdict? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from collectors.safe import Safe, sanitise
from console.estate.times import to_ms
from console.failover.words import lasting
from console.flush.watch import LASTS, Figure, Flushed, is_over
from console.protocol.flush import Flush, FlushFigure

FULL = 90.0  # percent of CPU: an origin above it answers nobody in time
COMPILED_WITHIN = timedelta(minutes=5)
UNKNOWN = "?"
MOST = 8  # figures in a verdict: a group may have many nodes


def told(flushed: Flushed, figures: Sequence[Figure], now: datetime) -> Flush:
    over = is_over(figures, flushed, now)
    alarms = tuple(sanitise(each) for each in _alarms(figures, flushed, now))
    return Flush(
        id=sanitise(flushed.op),
        resource=flushed.resource,
        title=flushed.title,
        by=flushed.by,
        failed=flushed.has_failed,
        sent=to_ms(flushed.sent),
        done=to_ms(flushed.done),
        until=to_ms(flushed.until),
        ended=to_ms(min(now, flushed.until)) if over else None,
        figures=tuple(_row(each) for each in figures if each.is_told),
        alarms=alarms,
        outcome=sanitise(verdict(figures, flushed)) if over else Safe(""),
    )


def verdict(figures: Sequence[Figure], flushed: Flushed) -> str:
    """`hit rate 96.4 % -> 3.1 % -> 95.8 % after 6 min 20 s; orders-primary CPU 43 % -> 88 % -> 45 %`"""
    several = sum(each.is_told and each.measure.what == "hit rate" for each in figures) > 1
    worth = list(filter(_is_worth, figures))
    if worth[MOST:]:
        worth.sort(key=lambda each: each.is_as_before)
    said = [_course(each, flushed, several=several) for each in worth[:MOST]]
    said += [f"{len(worth) - MOST} more"] if worth[MOST:] else []
    return "; ".join(said) if said else "Nobody told how it turned out: no value has come of the cache or its origins"


def as_data(told: Flush) -> Mapping[str, object]:
    """For the audit."""
    figures = [_rounded(each.model_dump(exclude_none=True)) for each in told.figures]
    return {"said": told.outcome, "alarms": list(told.alarms), "figures": figures}


def _rounded(row: Mapping[str, object]) -> dict[str, object]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in row.items()}


def _row(figure: Figure) -> FlushFigure:
    return FlushFigure(
        what=figure.measure.what,
        about=figure.measure.about,
        before=figure.before,
        worst=figure.worst,
        now=figure.now,
        back=figure.back,
        is_as_before=figure.is_as_before,
    )


def _is_worth(figure: Figure) -> bool:
    """Evictions that nobody saw need no word."""
    return figure.is_told and (figure.measure.what != "evictions" or figure.was_otherwise)


def _course(figure: Figure, flushed: Flushed, *, several: bool) -> str:
    what = figure.measure.what
    values = " -> ".join(_said(what, value) for value in (figure.before, figure.worst, figure.now))
    name = _name(figure, flushed, several=several)
    if what in ("hit rate", "compilations") and figure.was_otherwise:
        took = None if figure.back is None else timedelta(milliseconds=figure.back - to_ms(flushed.sent))
        return f"{name} {values}{', not back' if took is None else f' after {lasting(took)}'}"
    return f"{name} {values}"


def _name(figure: Figure, flushed: Flushed, *, several: bool) -> str:
    what, about = figure.measure.what, figure.measure.about
    if about == flushed.resource and not several:
        return what
    return f"{what} of {about}" if what in ("hit rate", "evictions") else f"{about} {what}"


def _said(what: str, value: float | None) -> str:
    if value is None:
        return UNKNOWN
    if what == "hit rate":
        return f"{value:.1f} %"
    return f"{value:.0f} %" if what == "CPU" else f"{value:.0f}/s"


def _alarms(figures: Iterable[Figure], flushed: Flushed, now: datetime) -> Iterator[str]:
    for each in figures:
        match each.measure.what:
            case "CPU" if each.worst is not None and each.worst > FULL:
                yield f"{each.measure.about} went over {FULL:.0f} % CPU: {_highest(each)}."
            case "hit rate" if now >= flushed.until and each.is_told and not each.is_as_before:
                minutes = LASTS.total_seconds() / 60
                yield f"The hit rate of {each.measure.about} has not come back in {minutes:.0f} min: {_was(each)}."
            case "compilations" if _compiles_late(each, flushed, now):
                yield f"{each.measure.about} still compiles more than twice as much as before: {_was(each)}."


def _compiles_late(figure: Figure, flushed: Flushed, now: datetime) -> bool:
    return now - flushed.done >= COMPILED_WITHIN and figure.was_otherwise and not figure.is_as_before


def _highest(figure: Figure) -> str:
    return f"{_said('CPU', figure.worst)} at the highest, {_said('CPU', figure.now)} now"


def _was(figure: Figure) -> str:
    what = figure.measure.what
    return f"{_said(what, figure.before)} before, {_said(what, figure.now)} now"
