"""For how long was nobody let in, and is that within what was promised? Pure: the clock is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from collectors.safe import NO_TEXT, Safe, sanitise
from console.screen.picture import Picture
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover

UNMEASURED = Safe("-:--")
LONG_S = 120  # from then on minutes are said too


@dataclass(frozen=True, slots=True)
class Moment:
    """The estate's time that counts, and why it may not be the present."""

    ms: int
    lost_s: float | None = None  # the engine has not been heard for so long
    frozen_s: float | None = None

    @property
    def is_live(self) -> bool:
        return self.lost_s is None and self.frozen_s is None


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """``figure`` and ``of`` are minutes and seconds; ``of`` is empty where nothing was promised.

    ``share``: of the objective, in percent. ``words`` say all of it again: colour and size are never the only signal.
    """

    figure: Safe
    of: Safe
    words: Safe
    tone: Tone
    share: float | None = None
    runs: bool = False


def moment(picture: Picture) -> Moment:
    """A watch does not run on over an engine that is lost: it stands where the engine was last heard."""
    now = picture.now_ms or 0
    if picture.contact == "lost" and picture.age_s is not None:
        return Moment(now - int(picture.age_s * 1000 * picture.speed), picture.age_s, picture.frozen_s)
    return Moment(now, None, picture.frozen_s)


def goes_on(run: Failover) -> bool:
    return run.ended is None


def outage_s(run: Failover, now_ms: int) -> float | None:
    """So far, or in all; None where nobody was seen to be turned away."""
    if run.down is None:
        return None
    until = run.up if run.up is not None else run.ended if run.ended is not None else now_ms
    return max(0.0, (until - run.down) / 1000)


def stopwatch(run: Failover, at: Moment) -> Stopwatch:
    """What it shows now."""
    objective = run.objective_s
    of = NO_TEXT if objective is None else minutes(objective)
    seconds = outage_s(run, at.ms)
    if seconds is None:
        is_early = goes_on(run) and not run.probe.trouble
        figure = minutes(0.0) if is_early else UNMEASURED
        return Stopwatch(figure, of, _qualified(_before(run, at), at), Tone.PLAIN, None, runs=False)
    share = None if not objective else 100 * seconds / objective
    words = _in_all(run, seconds) if run.up is not None or run.ended is not None else _so_far(run, seconds)
    runs = run.up is None and goes_on(run) and at.is_live
    return Stopwatch(minutes(seconds), of, _qualified(words, at), _tone(run, seconds), share, runs=runs)


def minutes(seconds: float) -> Safe:
    """`0:42`, `12:05`, `1:02:03`: rounded down, so that it never says more than has passed."""
    whole = max(0, floor(seconds))
    hours, rest = divmod(whole, 3600)
    head = f"{hours}:{rest // 60:02}" if hours else f"{rest // 60}"
    return sanitise(f"{head}:{rest % 60:02}")


def figure_s(seconds: float) -> str:
    """A measured time: to the tenth where that is still of interest."""
    return f"{seconds:.1f} s" if seconds < LONG_S else whole_s(seconds)


def whole_s(seconds: float) -> str:
    """A time that runs, in words."""
    whole = floor(max(0.0, seconds))
    if whole < LONG_S:
        return f"{whole} s"
    hours, rest = divmod(whole // 60, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min {whole % 60} s"


def promised(seconds: float) -> str:
    return f"{seconds:g} s" if seconds <= LONG_S else whole_s(seconds)


def _before(run: Failover, at: Moment) -> str:
    """Nobody was turned away, as far as anybody saw."""
    if run.phase == "preflight":
        return "Being checked. Nothing is sent."
    if run.phase == "refused":
        return "Refused. Nothing went down that we saw."
    if run.probe.trouble:
        return f"Not measured: {run.probe.trouble}"
    if run.ended is not None and not run.planned:
        return "Not timed: no knock was turned away since it was noticed, and what was before nobody knows."
    if run.ended is not None:
        gap = f", or for less than {run.probe.every_ms / 1000:g} s" if run.probe.every_ms else ""
        return f"No knock was turned away: it was never down{gap}." if run.probe.knocks else "Not measured: no knock."
    sign = "Sent" if run.planned else "First sign"
    answers = "It still answers." if run.probe.door == "open" else "No knock was turned away yet."
    return f"{sign} {whole_s((at.ms - run.began) / 1000)} ago. {answers}"


def _so_far(run: Failover, seconds: float) -> str:
    objective = run.objective_s
    if objective is None:
        return f"Down for {whole_s(seconds)}. Nothing was promised about it."
    left = objective - seconds
    if left >= 0:
        return f"Down for {whole_s(seconds)}; {whole_s(left)} left of the {promised(objective)} that were promised."
    return f"Down for {whole_s(seconds)}: {whole_s(-left)} past the {promised(objective)} that were promised."


def _in_all(run: Failover, seconds: float) -> str:
    if run.up is None:
        return f"Down for {figure_s(seconds)} at least: the watch ended before it was seen to come back."
    objective = run.objective_s
    if objective is None:
        return f"Was down for {figure_s(seconds)}."
    if seconds <= objective:
        return f"Was down for {figure_s(seconds)}, within the {promised(objective)} that were promised."
    late = figure_s(seconds - objective)
    return f"Was down for {figure_s(seconds)}: {late} past the {promised(objective)} that were promised."


def _qualified(words: str, at: Moment) -> Safe:
    """Whoever reads a watch that stands must know that it does."""
    if at.lost_s is not None:
        return sanitise(f"NOT LIVE: the engine was last heard {span(at.lost_s)} ago. As it was then: {words}")
    if at.frozen_s is not None:
        return sanitise(f"FROZEN: as it was {span(at.frozen_s)} ago. {words}")
    return sanitise(words)


def _tone(run: Failover, seconds: float) -> Tone:
    is_late = run.objective_s is not None and seconds > run.objective_s
    if run.up is None:
        return Tone.BAD if is_late or run.overdue or run.ended is not None else Tone.WARN
    return Tone.BAD if is_late else Tone.GOOD
