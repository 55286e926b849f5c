"""What does a source say of one that follows it? Pure: rows and what was known before go in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collectors.inside.replication import Distance, LinkState
from collectors.postgres.positions import between
from collectors.postgres.rows import Copy, Here
from collectors.postgres.silence import Sound, sound
from collectors.postgres.told import LACKING, Past, Told, bytes_of, seconds_between, since, words
from collectors.safe import NO_TEXT, Safe

GONE = Safe("It followed and does so no more: the server has no row for it.")


def followed(copy: Copy, here: Here, past: Past) -> tuple[Told, Past]:
    """Of one row; and what is to be known the next time."""
    if not here.may_see or copy.state is None:
        return Told(LinkState.UNKNOWN, why=LACKING), past
    if copy.state == "backup":
        return Told(LinkState.SEEDING, words(copy.state), Safe("A base backup is being taken.")), past
    if copy.state == "stopping":
        now = replace(past, dead=past.dead or here.asked)
        return _dead(LinkState.BROKEN, copy, here, now, Safe("The WAL sender is stopping.")), now
    now = _heard(copy, here, past)
    quiet = seconds_between(now.heard, here.asked) if now.heard is not None else 0.0
    match sound(quiet, here.sender_timeout_ms):
        case Sound.DEAD:
            now = replace(now, dead=now.dead or now.heard)
            why = Safe("The link is open, and no reply comes: an idle copy would reply.")
            return _dead(LinkState.SILENT, copy, here, now, why), now
        case Sound.UNTOLD:
            why = words(f"No reply has come for {quiet:.0f} s: idle or dead, nobody can tell.")
            return Told(LinkState.UNKNOWN, words(copy.state), why, heard=now.heard), now
        case Sound.ALIVE:
            return _living(copy, here, now), replace(now, dead=None)


def gone(past: Past, now: datetime) -> tuple[Told, Past]:
    """One that had a row and has none."""
    left = replace(past, dead=past.dead or now)
    lag = since(left.heard, left.dead or now, now)
    return Told(LinkState.BROKEN, why=GONE, lag=lag, heard=left.heard), left


def _heard(copy: Copy, here: Here, past: Past) -> Past:
    """A reply bears the time of the copy's clock, which may be off: one that is new has come since the last look."""
    if copy.replied_at is None or copy.replied_at == past.reply:
        return past
    first = past.reply is None
    return replace(past, reply=copy.replied_at, heard=min(copy.replied_at, here.asked) if first else here.asked)


def _dead(state: LinkState, copy: Copy, here: Here, past: Past, why: Safe) -> Told:
    return Told(
        state,
        words(copy.state),
        why,
        lag=since(past.heard, past.dead or here.asked, here.asked),
        unsent=bytes_of(between(copy.flush_lsn, here.end)),
        heard=past.heard,
    )


def _living(copy: Copy, here: Here, past: Past) -> Told:
    left = between(copy.replay_lsn, here.end)
    said = words(copy.state)
    if left is None:
        return Told(LinkState.UNKNOWN, said, Safe("It does not say how far it has come."), heard=past.heard)
    return Told(
        LinkState.BEHIND if left else LinkState.IN_STEP,
        said,
        Safe("It fetches what it missed.") if copy.state == "catchup" else NO_TEXT,
        lag=Distance(seconds=copy.replay_lag_s if left else 0.0, bytes=left),
        unsent=bytes_of(between(copy.flush_lsn, here.end)),
        unapplied=bytes_of(between(copy.replay_lsn, copy.flush_lsn)),
        heard=past.heard,
    )
