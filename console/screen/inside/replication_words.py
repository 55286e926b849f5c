"""How are a link, its distances and what a promotion would cost said? A dead link has no distance of before. Pure."""

from __future__ import annotations

from datetime import datetime

from collectors.inside.replication import Distance, LinkState
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.inside.witnesses import Joined
from console.times import span
from widgets.tone import Tone

TONES = {
    LinkState.IN_STEP: Tone.GOOD,
    LinkState.BEHIND: Tone.PLAIN,
    LinkState.SEEDING: Tone.WARN,
    LinkState.DELAYED: Tone.PLAIN,
    LinkState.PAUSED: Tone.WARN,
    LinkState.SILENT: Tone.BAD,
    LinkState.BROKEN: Tone.BAD,
    LinkState.UNKNOWN: Tone.DIM,
}
FINE_UP_TO_S = 10.0  # more is not measured in milliseconds, whatever it was told in


def seconds(distance: Distance) -> Safe:
    """Empty where nobody measured it."""
    if distance.seconds is None:
        return NO_TEXT
    value = distance.seconds
    words = f"{1000 * value:.{1 if value < 0.1 else 0}f}ms" if distance.fine and value < FINE_UP_TO_S else None
    return sanitise(f"{'>=' if distance.at_least else ''}{words or number(value, 'Seconds')}")


def size(distance: Distance) -> Safe:
    """Empty where nobody measured it."""
    return NO_TEXT if distance.bytes is None else number(distance.bytes, "Bytes")


def far(distance: Distance) -> Safe:
    """Both, as far as they are known; a distance of nothing is one."""
    if not distance.is_known:
        return NO_TEXT
    if not distance.seconds and not distance.bytes and not distance.at_least:
        return Safe("nothing")
    return sanitise(", ".join(filter(None, (seconds(distance), size(distance) if distance.bytes else ""))))


def edge(link: Joined) -> tuple[Safe, ...]:
    """For the line from source to copy: the state, then how far."""
    lag = link.link.lag
    known = [sanitise(f"?{link.word}") if link.is_old else link.word]
    if link.link.state is not LinkState.IN_STEP or lag.seconds:
        known += filter(None, (seconds(lag), size(lag) if lag.bytes else NO_TEXT))
    return tuple(known)


def tone(link: Joined) -> Tone:
    return Tone.DIM if link.is_old else TONES[link.link.state]


def lost(link: Joined) -> Safe:
    """By a promotion of the copy at this moment."""
    return far(link.link.unsent) or Safe("not known")


def sentence(link: Joined, now: datetime) -> Safe:
    """What is so, what a promotion would lose, and what it would wait for."""
    each = link.link
    where = f"{each.copy} copies from {each.source}" if each.source else f"{each.copy} copies from somebody unknown"
    words = [f"{where}: {state(link)}{_heard(link, now)}."]
    if each.unsent.is_known:
        words.append(f"Promoted now it would lose {far(each.unsent)}{_to_apply(link)}.")
    else:
        words.append(f"Nobody can tell what it would lose if it were promoted now{_to_apply(link)}.")
    if each.why:
        words.append(each.why if each.why.endswith(".") else f"{each.why}.")
    if link.but:
        words.append(f"But {link.but}.")
    if link.is_old and link.observed is not None:
        words.append(f"This was so {span((now - link.observed).total_seconds())} ago: nobody has told since.")
    return sanitise(" ".join(words))


def state(link: Joined) -> Safe:
    """With how far behind it is; what is in step is not behind."""
    lag = seconds(link.link.lag)
    if not lag or (link.link.state is LinkState.IN_STEP and not link.link.lag.seconds):
        return link.word
    return sanitise(f"{lag} behind" if link.link.state is LinkState.BEHIND else f"{link.word}, {lag} behind")


def _to_apply(link: Joined) -> str:
    found = far(link.link.unapplied)
    return f", and it has {found} to apply first" if found and found != "nothing" else ""


def _heard(link: Joined, now: datetime) -> str:
    if link.link.heard is None:
        return ""
    return f", heard {span((now - link.link.heard).total_seconds())} ago"
