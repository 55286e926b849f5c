"""How long nobody was let in, in a few words: for a header, a row of the overview, and a line of plain text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.failover.phase_words import word
from console.screen.failover.stopwatch import Moment, minutes, outage_s

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.failover import Failover


def figure(run: Failover, at: Moment) -> Safe:
    """`OVERDUE DOWN 5:10`, `up after 0:38 of 1:00, no standby`, `sent 0:05 ago`; whether it is live."""
    late = "OVERDUE " if run.overdue else ""
    stands = " NOT LIVE" if at.lost_s is not None else ""
    seconds = outage_s(run, at.ms)
    of = f" of {minutes(run.objective_s)}" if run.objective_s is not None and not late else ""
    if seconds is None and run.probe.trouble:
        return sanitise(f"{late}{word(run)}, not timed{stands}")
    if seconds is None:
        return sanitise(f"{late}{word(run)} {minutes((at.ms - run.began) / 1000)} ago{stands}")
    if run.up is None:
        return sanitise(f"{late}DOWN {minutes(seconds)}{of}{stands}")
    then = f", {word(run)}" if run.phase != "up" else ""
    return sanitise(f"{late}up after {minutes(seconds)}{of}{then}{stands}")
