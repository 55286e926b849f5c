"""What does a replica say of the link that it follows? Pure: rows and what was known before go in.

A time since the last commit says nothing by itself: it grows where the source is idle, and it is small where the link
has just died. So the link comes first, then what is left to apply, and the time last.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collectors.inside.replication import Distance, LinkState
from collectors.postgres.positions import between
from collectors.postgres.rows import Here
from collectors.postgres.silence import Sound, sound
from collectors.postgres.told import LACKING, Past, Told, bytes_of, seconds_between, since, words
from collectors.safe import Safe

STREAMING = "streaming"
ON_TIME_S = 60.0  # over the delay that was asked for


def following(here: Here, past: Past) -> tuple[Told, Past]:
    """Of a server in recovery; and what is to be known the next time."""
    if here.receiver_pid is None:
        return _broken(here, past, Safe("There is no WAL receiver: nothing comes from the source."))
    if not here.may_see or here.receiver_status is None:
        return Told(LinkState.UNKNOWN, why=LACKING), past
    if here.receiver_status != STREAMING:
        return _broken(here, past, Safe("The WAL receiver does not stream."))
    if here.received_at is None:
        return Told(LinkState.UNKNOWN, words(here.receiver_status), Safe("Nothing has come yet.")), past
    return _streaming(here, past, here.received_at)


def _streaming(here: Here, past: Past, heard: datetime) -> tuple[Told, Past]:
    quiet = seconds_between(heard, here.asked)
    match sound(quiet, here.receiver_timeout_ms):
        case Sound.DEAD:
            return _silent(here, past, heard)
        case Sound.UNTOLD:
            return _untold(here, quiet), replace(past, heard=heard)
        case Sound.ALIVE:
            return _living(here, replace(past, heard=heard, dead=None))


def _broken(here: Here, past: Past, why: Safe) -> tuple[Told, Past]:
    heard = here.received_at or past.heard
    now = replace(past, heard=heard, dead=past.dead or here.asked)
    told = Told(
        LinkState.BROKEN,
        words(here.receiver_status),
        why,
        lag=since(heard, now.dead or here.asked, here.asked),
        unapplied=_unapplied(here),
        heard=heard,
    )
    return told, now


def _silent(here: Here, past: Past, heard: datetime) -> tuple[Told, Past]:
    now = replace(past, heard=heard, dead=past.dead or heard)
    told = Told(
        LinkState.SILENT,
        words(here.receiver_status),
        Safe("The link is open, and nothing comes: an idle source would say that it is there."),
        lag=since(heard, heard, here.asked),
        unapplied=_unapplied(here),
        heard=heard,
    )
    return told, now


def _untold(here: Here, quiet: float) -> Told:
    timeout = f"{(here.receiver_timeout_ms or 0) / 1000:g} s" if here.receiver_timeout_ms else "off"
    why = f"Nothing has come for {quiet:.0f} s, and wal_receiver_timeout is {timeout}: idle or dead, nobody can tell."
    said = words(here.receiver_status)
    return Told(LinkState.UNKNOWN, said, words(why), unapplied=_unapplied(here), heard=here.received_at)


def _living(here: Here, past: Past) -> tuple[Told, Past]:
    known = [each for each in (here.receive_lsn, here.latest_end_lsn) if each is not None]
    if here.replay_lsn is None or not known:
        why = Safe("The server does not say how far it has come.")
        return Told(LinkState.UNKNOWN, words(here.receiver_status), why, heard=here.received_at), past
    left = between(here.replay_lsn, max(known))
    if not left:
        past = replace(past, in_step=here.asked)
    seconds = 0.0 if not left else _behind_s(here, past)
    state, why = _applying(here, left or 0, seconds)
    told = Told(
        state,
        words(here.receiver_status),
        why,
        lag=Distance(seconds=seconds, bytes=left),
        unsent=bytes_of(between(here.receive_lsn, here.latest_end_lsn)),
        unapplied=_unapplied(here),
        heard=here.received_at,
    )
    return told, past


def _behind_s(here: Here, past: Past) -> float | None:
    """Since the last commit that was applied, but not since before it was in step: an idle source commits nothing."""
    marks = [each for each in (here.replayed_at, past.in_step) if each is not None]
    return seconds_between(max(marks), here.asked) if marks else None


def _applying(here: Here, left: int, seconds: float | None) -> tuple[LinkState, Safe]:
    if here.paused:
        return LinkState.PAUSED, Safe("Somebody paused the applying: pg_wal_replay_resume() goes on.")
    if not left:
        return LinkState.IN_STEP, Safe("")
    delay_s = (here.delay_ms or 0) / 1000
    if delay_s:
        said = f"recovery_min_apply_delay is {delay_s:g} s"
        if seconds is None or seconds <= delay_s + ON_TIME_S:
            return LinkState.DELAYED, words(f"It is behind on purpose: {said}.")
        return LinkState.BEHIND, words(f"It is farther behind than it should be: {said}.")
    return LinkState.BEHIND, Safe("")


def _unapplied(here: Here) -> Distance:
    return bytes_of(between(here.replay_lsn, here.receive_lsn))
