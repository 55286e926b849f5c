"""How does what was begun get on? Each state in a word, in a sentence, and in the tone it deserves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.op import Op

LOOKING = ("draft", "preflight")
ASKING = ("planned", "await-approval")
COUNTING = ("armed", "intent")
UNDER_WAY = ("sent", "accepted", "unknown", "in-flight", "verifying", "overdue")
NOUNS = {"fail-over": Safe("Failover"), "promote": Safe("Promotion")}
FLUSH = "flush"
WORTH_TELLING = ("rejected", "unknown", "done", "failed", "overdue", "abandoned")
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Stage:
    word: str
    sentence: str
    tone: Tone = Tone.PLAIN


STAGES: Mapping[str, Stage] = {
    "draft": Stage("draft", "It is being looked at what would happen."),
    "preflight": Stage("being checked", "It is being looked at what would happen. Nothing is sent."),
    "refused": Stage("REFUSED", "Nothing was sent.", Tone.BAD),
    "await-approval": Stage("waits for approval", "Nothing is sent before somebody else has signed it.", Tone.WARN),
    "planned": Stage("planned", "Nothing is sent before you confirm it."),
    "armed": Stage("confirmed", "It is being written down; then it counts down.", Tone.WARN),
    "intent": Stage("counting down", "It is written down, and not sent yet.", Tone.WARN),
    "withdrawn": Stage("withdrawn", "Nothing was sent."),
    "sent": Stage("sent", "AWS has not answered yet.", Tone.WARN),
    "accepted": Stage("accepted", "AWS has taken it."),
    "rejected": Stage("REJECTED", "AWS would not do it: nothing has changed.", Tone.BAD),
    "unknown": Stage("UNKNOWN", "Whether AWS does it is not known. Nothing is sent again.", Tone.BAD),
    "in-flight": Stage("under way", "AWS is at it."),
    "verifying": Stage("being verified", "AWS says it is done; that is being looked at."),
    "done": Stage("done", "It is done, and that was seen.", Tone.GOOD),
    "failed": Stage("FAILED", "It was begun and did not succeed.", Tone.BAD),
    "overdue": Stage("OVERDUE", "It takes longer than it should; it is still being watched.", Tone.BAD),
    "abandoned": Stage("never sent", "It was written down and never sent.", Tone.WARN),
}

OF_FLUSHES: Mapping[str, Stage] = {
    **STAGES,
    "sent": Stage("sent", "It is at work there, and has not answered yet.", Tone.WARN),
    "accepted": Stage("accepted", "It was answered; that it was done is being looked at."),
    "rejected": Stage("REJECTED", "Nothing was flushed.", Tone.BAD),
    "unknown": Stage("UNKNOWN", "Whether it was done is not known. Nothing is sent again.", Tone.BAD),
    "in-flight": Stage("under way", "It goes on."),
    "verifying": Stage("being verified", "It was answered; that it was done is being looked at."),
    "failed": Stage("FAILED", "It was begun and did not come to its end.", Tone.BAD),
}
"""What AWS has no part in is told in other words."""


def stage(op: Op) -> Stage:
    return OF_FLUSHES[op.state] if offer(op) == FLUSH else STAGES[op.state]


def may_be_stopped(op: Op) -> bool:
    """On its way: what it has done by then is done."""
    return op.can_stop and op.state == "sent"


def offer(op: Op) -> str:
    """What was pressed for it: the part of its name before the first dot."""
    return op.action.partition(".")[0]


def called_by(name: str, title: Safe) -> Safe:
    """What an offer makes, where its own title is what one does."""
    noun = NOUNS.get(name, title)
    return title if noun.lower() in title.lower() else noun


def called(op: Op) -> Safe:
    return called_by(offer(op), op.title)


def noun(op: Op) -> str:
    """As it stands within a sentence: an acronym stays one."""
    words = called(op)
    first, rest = words[:1], words[1:]
    return f"{first if rest[:1].isupper() else first.lower()}{rest}"


def has_ended(op: Op) -> bool:
    return not (op.state in LOOKING or op.state in ASKING or op.state in COUNTING or op.state in UNDER_WAY)


def seconds_left(op: Op, now_ms: int, speed: float = 1.0) -> int:
    """Of the countdown, rounded up: at nought it is sent. ``speed``: of the estate's clock; a person's is their own."""
    return 0 if op.sends_at is None else max(0, ceil((op.sends_at - now_ms) / (1000 * max(1.0, speed))))


def how_far(op: Op, now_ms: int, speed: float = 1.0) -> str:
    if op.percent is not None and (op.state in ("in-flight", "overdue") or may_be_stopped(op)):
        return f"{op.percent:.0f} %"
    if op.state in COUNTING and op.sends_at is not None:
        return f"is sent in {seconds_left(op, now_ms, speed)} s"
    return stage(op).word


def line(ops: Iterable[Op], now_ms: int, speed: float = 1.0) -> Safe | None:
    """How all that is under way gets on, for every screen's footer."""
    running = sorted((op for op in ops if op.state in UNDER_WAY or op.state in COUNTING), key=lambda op: op.began)
    if not running:
        return None
    told = ((op, how_far(op, now_ms, speed)) for op in running[:MOST_TOLD])
    words = [f"{noun(op)} of {op.resource} {far}{_since(op, now_ms)}" for op, far in told]
    more = f" and {len(running) - MOST_TOLD} more" if running[MOST_TOLD:] else ""
    return sanitise(f"{', '.join(words)}{more} (:ops)")


def glass(ops: Iterable[Op]) -> Safe | None:
    """What was done past a freeze or without a second person, until somebody has acknowledged it."""
    broken = [op for op in ops if op.glass and not op.acknowledged and (op.ended is None or op.sent is not None)]
    return broken[-1].glass if broken else None


def told(ops: Iterable[Op], now_ms: int) -> str:
    """What was begun, for whoever is not here: the newest first."""
    begun = sorted((op for op in ops if op.state not in LOOKING and op.state != "planned"), key=lambda op: -op.began)
    words = [
        f"{noun(op)} of {op.resource} {how_far(op, now_ms)} ({span((now_ms - op.began) / 1000)} ago)" for op in begun
    ]
    more = f" and {len(begun) - MOST_TOLD} more" if begun[MOST_TOLD:] else ""
    return f"{', '.join(words[:MOST_TOLD])}{more}" if begun else "none was begun here"


def _since(op: Op, now_ms: int) -> str:
    return f" for {span((now_ms - op.sent) / 1000)}" if op.sent is not None and op.percent is None else ""


class OpNews:
    """What has come to an end, or to a question, since it was last asked. Keeps what was known."""

    def __init__(self) -> None:
        self._known: dict[str, str] | None = None
        self._glass: Safe | None = None

    def of(self, ops: Mapping[str, Op], *, besides: str | None) -> Safe | None:
        """``besides``: the one in sight, which tells itself. Of what is first heard of nothing is news."""
        before, self._known = self._known, {name: op.state for name, op in ops.items()}
        broken, self._glass = self._glass, glass(ops.values())
        if before is None:
            return None
        if self._glass is not None and self._glass != broken:
            return self._glass
        turned = [
            op
            for name, op in ops.items()
            if name != besides and op.state in WORTH_TELLING and before.get(name, op.state) != op.state
        ]
        if not turned:
            return None
        op = turned[-1]
        more = f" And {len(turned) - 1} more: see :ops." if turned[1:] else ""
        return sanitise(f"The {noun(op)} of {op.resource} is {stage(op).word}. {op.outcome}".rstrip() + more)
