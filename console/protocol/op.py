"""What may be done here, and how does what was begun get on? The bodies of `offers` and of `op`."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field

from collectors.safe import Safe
from console.protocol.body import Body, Millis, Number, Text, is_absent

RoleWord = Literal["viewer", "operator", "admin"]
VerdictWord = Literal["pass", "warn", "block", "unknown"]
# fmt: off
StateWord = Literal[
    "draft", "preflight", "refused", "await-approval", "planned", "armed", "intent", "withdrawn",
    "sent", "accepted", "rejected", "unknown", "in-flight", "verifying", "done", "failed", "overdue", "abandoned",
]
# fmt: on
"""`planned`: it waits for a person to confirm it; `intent`: it is on disk and counts down, `withdrawn` ends that."""


class Offer(Body):
    """What one key stands for. ``locked``: why it may not be taken at all, whoever asks; empty where it may."""

    name: Text
    key: Text
    title: Text
    role: RoleWord  # the least
    kinds: tuple[Text, ...]  # of resources that have it
    engines: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)  # of those, as patterns; none: of any engine
    roles: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)  # of those; none: whatever their role
    elsewhere: Text  # why another kind has it not
    instead: tuple[tuple[Text, Text], ...] = Field(default=(), exclude_if=is_absent)
    """By what kind and engine begin with, what is possible there in its place."""
    locked: Text = Safe("")


class Offers(Body):
    """What the gate says before it is asked for anything in particular. ``why``: how the role is known."""

    role: RoleWord
    identity: Text = Safe("")
    why: Text = Safe("")
    actions: tuple[Offer, ...] = ()


class CheckRow(Body):
    """One thing that was looked at. ``what``, ``seen``, ``mend``: the three lines of a refusal.

    ``override``: what lets it pass although it does not: nothing (`never`), a reason, a list that is confirmed,
    a reason that says the number which was counted, breaking the glass, or a code of the second factor.
    """

    name: Text
    verdict: VerdictWord
    what: Text
    seen: Text = Safe("")
    mend: Text = Safe("")
    override: Literal["never", "reason", "count", "confirm", "break-glass", "code"] = "never"
    overridden: bool = False
    count: int = Field(default=0, exclude_if=not_)  # what it counted, where the reason must say that


class Step(Body):
    at: Millis
    text: Text


class Op(Body):
    """One action's life, whole, from the plan until some time after its end."""

    id: Text
    action: Text  # as the registry calls it
    title: Text
    resource: Text
    state: StateWord
    by: Text  # who asked for it, as AWS knows them
    role: RoleWord
    plan: Text = Safe("")  # its hash: what is confirmed and approved
    sentence: Text = Safe("")  # what it will do, to what, where
    word: Text = Safe("")  # what must be typed; empty: Enter is enough
    target: Text = Safe("")  # the ARN
    account: Text = Safe("")
    region: Text = Safe("")
    makes: Text = Safe("")  # the name of what it makes
    checks: tuple[CheckRow, ...] = ()
    radius: tuple[Text, ...] = ()  # who is hit, from live data
    credentials: Text = Safe("")  # whose it is sent with, and how narrow they are
    lock: Text = Safe("")  # which, and what it covers
    can_stop: bool = Field(default=False, exclude_if=not_)  # on its way, by whoever withdraws it
    glass: Text = Field(default=Safe(""), exclude_if=is_absent)  # was broken: by whom, for what, past which checks
    approvals: tuple[int, int] = (0, 0)  # there are, are needed
    to_approve: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)  # what a second person is told, by lines
    began: Millis
    sends_at: Millis | None = None  # the end of the countdown
    sent: Millis | None = None
    ended: Millis | None = None
    percent: Number | None = None
    outcome: Text = Safe("")  # one sentence, once there is one
    seen: Text = Safe("")
    mend: Text = Safe("")
    proof: tuple[Text, ...] = ()  # what was looked at afterwards, and found
    steps: tuple[Step, ...] = ()
    acknowledged: Text = Safe("")  # by whom, once it has ended
    offers_first: Text = Field(default=Safe(""), exclude_if=is_absent)  # an offer that would be wise before it
