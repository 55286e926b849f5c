"""Does AWS's own account of what was changed agree with ours? Each without the other is named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from collectors.aws.answers import many, text, within
from collectors.safe import sanitise
from console.audit.record import Event, Record

OUR_ROLES = re.compile(r"dbconsole\b.*")
SESSION = re.compile(r"dbconsole-.+-([0-9A-HJKMNP-TV-Z]{26})")
_READS = re.compile(r"(Describe|List|Get|Lookup|Head|BatchGet|Search|Simulate|AssumeRole).*")
_NO_MUTATIONS = frozenset({"sts.amazonaws.com", "signin.amazonaws.com", "sso.amazonaws.com"})
REQUEST_ID = "request_id"  # in the data of what AWS answered


@dataclass(frozen=True, slots=True)
class Trailed:
    """One change as CloudTrail has it."""

    at: datetime
    service: str
    name: str
    arn: str
    request_id: str
    error: str
    about: tuple[str, ...]

    @property
    def session(self) -> str:
        return self.arn.rpartition("/")[2]

    def line(self) -> str:
        failed = f" ({self.error})" if self.error else ""
        about = f" of {', '.join(self.about)}" if self.about else ""
        words = f"{self.at:%Y-%m-%d %H:%M:%SZ} {self.service}:{self.name}{about} by {self.arn}{failed}"
        return sanitise(f"{words}, request {self.request_id}")


@dataclass(frozen=True, slots=True)
class Difference:
    """``matched``: of each action, what AWS has of it. All else is what somebody must explain."""

    matched: Mapping[str, tuple[Trailed, ...]]
    unseen: tuple[str, ...]  # actions that we sent and AWS knows nothing of, or not yet
    twice: tuple[str, ...]  # actions of which AWS took more than one request
    unrecorded: tuple[Trailed, ...]  # changes by our roles that no record of ours tells of

    @property
    def agrees(self) -> bool:
        return not (self.unseen or self.twice or self.unrecorded)


def compare(records: Iterable[Record], events: Iterable[Mapping[str, Any]], *, only: str = "") -> Difference:
    """``events``: as `LookupEvents` answers. ``only``: one action, of which alone is
    said how it agrees; what no record tells of is named all the same.

    Our roles are those under which records were written, and `dbconsole-…`.
    """
    ours = _Ours.of(records)
    matched: dict[str, list[Trailed]] = defaultdict(list)
    unrecorded = []
    for event in filter(None, map(trailed, events)):
        if op := ours.op(event):
            matched[op].append(event)
        elif ours.is_by_us(event):
            unrecorded.append(event)
    taken = {op: [event for event in each if not event.error] for op, each in matched.items()}
    return Difference(
        matched={op: tuple(matched[op]) for op in sorted(matched) if only in {"", op}},
        unseen=tuple(sorted(op for op in ours.sent - matched.keys() if only in {"", op})),
        twice=tuple(sorted(op for op, each in taken.items() if len(each) > 1 and only in {"", op})),
        unrecorded=tuple(unrecorded),
    )


@dataclass(slots=True)
class _Ours:
    """What our records let one know again."""

    sent: set[str] = field(default_factory=set)
    requests: dict[str, str] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, records: Iterable[Record]) -> _Ours:
        ours = cls()
        for record in records:
            if record.ev == Event.SENT:
                ours.sent.add(record.op)
            if isinstance(request := record.data.get(REQUEST_ID), str) and record.op:
                ours.requests[request] = record.op
            if role := role_of(record.who.arn):
                ours.roles.add(role)
        return ours

    def op(self, event: Trailed) -> str:
        named = SESSION.fullmatch(event.session)
        if named and named[1] in self.sent:
            return named[1]
        return self.requests.get(event.request_id, "")

    def is_by_us(self, event: Trailed) -> bool:
        role = role_of(event.arn)
        named = SESSION.fullmatch(event.session) is not None
        return named or role in self.roles or OUR_ROLES.fullmatch(role) is not None


def role_of(arn: str) -> str:
    """`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`"""
    parts = arn.rpartition(":")[2].split("/")
    return parts[1] if parts[0] == "assumed-role" and len(parts) == 3 else ""


def trailed(event: Mapping[str, Any]) -> Trailed | None:
    """None for what changes nothing, and for what is not understood."""
    try:
        whole = orjson.loads(text(event, "CloudTrailEvent") or b"{}")
    except orjson.JSONDecodeError:
        whole = {}
    at, name = within(event, "EventTime"), text(event, "EventName")
    service = text(event, "EventSource") or text(whole, "eventSource")
    if not isinstance(at, datetime) or service in _NO_MUTATIONS or _only_reads(event, name):
        return None
    about = [text(each, "ResourceName") for each in many(event, "Resources")]
    return Trailed(
        at=at,
        service=service.removesuffix(".amazonaws.com"),
        name=name,
        arn=text(whole, "userIdentity", "arn") or text(event, "Username"),
        request_id=text(whole, "requestID"),
        error=text(whole, "errorCode"),
        about=tuple(filter(None, about)),
    )


def _only_reads(event: Mapping[str, Any], name: str) -> bool:
    """As AWS says, or by its name where it says nothing."""
    told = str(within(event, "ReadOnly")).lower()
    return told == "true" or (told != "false" and _READS.fullmatch(name) is not None)
